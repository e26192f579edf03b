// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"

struct socket;

namespace aula::sctp {

/// Until when a lost message is sent again.
enum class Retransmit : std::uint8_t { always, limited_times, limited_milliseconds };

/// How a message travels.
struct SendOptions {
    std::uint16_t stream = 0;
    std::uint32_t payload_protocol = 0;
    bool unordered = false;
    Retransmit retransmit = Retransmit::always;
    std::uint32_t retransmit_limit = 0;
};

/// What usrsctp told about one association.
struct StackEvent {
    enum class Kind : std::uint8_t { message, incoming_reset, outgoing_reset, lost };
    Kind kind = Kind::message;
    std::uint32_t payload_protocol = 0;
    bool complete = true;                // false: a piece of a message longer than we take
    Buffer message;                      // of Kind::message
    std::vector<std::uint16_t> streams;  // the message's one, or those reset
};

/// A usrsctp socket. usrsctp keeps one state for the whole process, so every function here takes
/// one lock, and usrsctp knows a socket by a number that is never used again: a late callback finds
/// nothing, not a dead pointer.
class StackSocket {
public:
    StackSocket();
    ~StackSocket();
    StackSocket(const StackSocket&) = delete;
    StackSocket& operator=(const StackSocket&) = delete;

    void connect();
    void receive(Bytes packet);
    /// False when the send buffer has no room.
    bool send(const SendOptions& options, Bytes message);
    /// False when usrsctp wants to be asked again later (one reset is under way already).
    bool reset_outgoing(std::span<const std::uint16_t> streams);
    /// Ends the association with ABORT.
    void close();

    struct Output {
        std::vector<Buffer> packets;
        std::vector<StackEvent> events;
    };
    bool has_output() const { return has_output_.load(std::memory_order_acquire); }
    Output take_output();
    std::size_t buffered() const { return buffered_.load(std::memory_order_relaxed); }

    /// Runs the timers of every socket of the process up to now.
    static void advance(Time now);

private:
    friend struct StackCallbacks;

    std::uintptr_t number_;
    struct socket* socket_ = nullptr;
    Output output_;
    std::atomic<bool> has_output_ = false;
    std::atomic<std::size_t> buffered_ = 0;
};

}  // namespace aula::sctp
