// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/bytes.hpp"
#include "net/address.hpp"

namespace aula::net {

/// Where a peer's packets of this turn are chained; one per transport, owned by it.
/// It must not die between commit() and flush(): see SendQueue::forget.
class Destination {
public:
    Destination() = default;
    explicit Destination(const Address& to) : address(to) {}

    Address address;

private:
    friend class SendQueue;
    std::int32_t first_ = -1;
    std::int32_t last_ = -1;
    std::int32_t place_ = -1;   // among the destinations of this turn
    bool without_gso_ = false;  // the kernel refused UDP_SEGMENT on the way there
};

/// Packets waiting for the end of the loop turn. A packet is written once, straight to its place.
/// flush() sends each destination's packets in order: runs of equal size (the last may be shorter)
/// as one message with UDP_SEGMENT, all messages in few sendmmsg calls. It allocates nothing after
/// construction.
class SendQueue {
public:
    static constexpr std::size_t slot_size = 1536;
    static constexpr std::size_t default_slots = 2048;

    struct Counters {
        std::uint64_t packets = 0;
        std::uint64_t bytes = 0;
        std::uint64_t messages = 0;  // handed to the kernel; packets / messages is the gain by GSO
        std::uint64_t dropped = 0;   // the kernel's buffer was full, or the peer unreachable

        Counters& operator+=(const Counters& other);
    };

    explicit SendQueue(int fd, std::size_t slots = default_slots);
    ~SendQueue();
    SendQueue(const SendQueue&) = delete;
    SendQueue& operator=(const SendQueue&) = delete;

    /// slot_size bytes to write the next packet into; valid until commit() or the next slot().
    /// Flushes first when the arena is full.
    MutableBytes slot();
    void commit(Destination& to, std::size_t size);
    void send(Destination& to, Bytes packet);  // copies; for the rare small packets

    void flush();
    std::size_t waiting_bytes() const;
    /// Drops what is queued for a destination that is about to die.
    void forget(Destination& destination);

    const Counters& counters() const { return counters_; }

private:
    struct Arena;
    struct Outbox;

    void pack(Destination& to);
    void send_outbox();
    /// Sends a refused message packet by packet where that can help; returns the next message to
    /// try.
    std::size_t refused(std::size_t message, int error);
    void send_singly(std::size_t message);
    void count_single(std::int64_t sent);

    int fd_;
    Counters counters_;
    std::unique_ptr<Arena> arena_;
    std::unique_ptr<Outbox> outbox_;
};

}  // namespace aula::net
