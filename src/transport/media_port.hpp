// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/address.hpp"
#include "net/loop.hpp"
#include "net/udp_socket.hpp"

namespace aula::transport {

/// Where peers reach a shard; printed into candidates.
struct Candidate {
    net::Address address;
    bool tcp = false;
    std::uint32_t priority = 0;
    std::string foundation;

    /// "candidate:..." without "a=" (RFC 8839 section 5.1).
    std::string line() const;
};

struct MediaPortOptions {
    net::Address local;  // port 0: a free one; the TCP listener takes the same number if it can
    std::vector<net::Address>
        advertised;   // public addresses behind 1:1 NAT (port 0: ours; 0.0.0.0: those of the
                      // interfaces); empty: the local one
    bool tcp = true;  // RFC 4571 framing beside UDP
    net::UdpSocketOptions socket = {};
};

/// A shard's media port: its UDP socket and TCP listener, and the peers found by address or by ICE
/// user name (RFC 7983 demultiplexing). Everything that comes in is counted, also what nobody
/// wanted. It outlives its transports. As peers are told apart by their address, two controlling
/// transports that call the same server need a port each.
class MediaPort {
public:
    static Expected<std::unique_ptr<MediaPort>, Error> open(net::Loop& loop,
                                                            const MediaPortOptions& options);
    ~MediaPort();
    MediaPort(const MediaPort&) = delete;
    MediaPort& operator=(const MediaPort&) = delete;

    net::Loop& loop();
    net::UdpSocket& socket();
    const std::vector<Candidate>& candidates() const;

    /// Called at the end of a turn in which packets were handed to the transports, before the send
    /// queue is flushed: the shard forwards what came in, receiver by receiver.
    void on_batch_received(std::function<void()> callback);

    struct Counters {
        std::uint64_t datagrams = 0, unknown_peer = 0, unknown_kind = 0, stun_refused = 0,
                      tcp_refused = 0;
        // Of all transports, as each counts them for itself.
        std::uint64_t malformed = 0, forged = 0, replayed = 0, unexpected = 0;

        Counters& operator+=(const Counters& other);
    };
    const Counters& counters() const;

private:
    friend class Transport;
    struct State;
    explicit MediaPort(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace aula::transport
