// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace aula::sctp {

/// Decides which stream numbers our channels take (RFC 8832 section 6): even for the DTLS client.
enum class Side : std::uint8_t { dtls_client, dtls_server };

struct ChannelOptions {
    std::string label;
    bool ordered = true;
    bool reliable = true;  // false: no retransmission
};

/// Data channels of one peer over its DTLS connection (RFC 8831, RFC 8261): packets and time in,
/// packets and messages out. Used on one thread. Inside is usrsctp, shared by all threads behind
/// one lock, which is never held while a handler runs (docs/decisions/0004-usrsctp.md). No handler
/// may destroy the association.
class Association {
public:
    static constexpr std::uint16_t channel_limit = 64;
    static constexpr std::size_t message_limit = 65535;
    static constexpr std::size_t send_buffer = 512 * 1024;
    static constexpr std::uint16_t no_channel = 0xffff;

    struct Handlers {
        std::function<void(Bytes packet)> send;
        std::function<void(std::uint16_t channel, const std::string& label)> on_open;
        std::function<void(std::uint16_t channel, bool binary, Bytes message)> on_message;
        std::function<void(std::uint16_t channel)> on_channel_closed;
        std::function<void()> on_closed;  // aborted, shut down or timed out; the channels are gone
    };

    struct Counters {
        std::uint64_t messages_in = 0, messages_out = 0;
        std::uint64_t refused = 0;    // oversized, for no channel, of an unknown kind, malformed
        std::uint64_t malformed = 0;  // no SCTP packet at all
    };

    Association(Side side, Handlers handlers, Time now);
    ~Association();
    Association(const Association&) = delete;
    Association& operator=(const Association&) = delete;

    void receive(Bytes packet, Time now);

    /// The channel's stream number, or no_channel when all are taken. Messages may be sent at once.
    std::uint16_t open_channel(const ChannelOptions& options);
    /// False: no such channel, message too long or more than send_buffer waiting; nothing was
    /// queued.
    bool send(std::uint16_t channel, bool binary, Bytes message);
    void close_channel(std::uint16_t channel);
    std::size_t buffered() const;

    /// Moves the clock of all associations of the process (whoever is first) and hands out what
    /// came of it for this one. Call it every tick_period while associations exist.
    void poll(Time now);
    static constexpr Duration tick_period = 20ms;

    /// Sends ABORT; no handler but send is called.
    void close();

    const Counters& counters() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::sctp
