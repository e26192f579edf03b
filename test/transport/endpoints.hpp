// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dtls/connection.hpp"
#include "net/loop.hpp"
#include "transport/media_port.hpp"
#include "transport/transport.hpp"

namespace aula::transport {

/// A loop that turns until a condition holds.
class TestLoop {
public:
    TestLoop() {
        loop.at_turn_end([this] {
            if (condition_ && condition_()) loop.stop();
        });
    }

    /// False when the condition did not come true within the time.
    bool until(std::function<bool()> condition, Duration longest = 10s) {
        condition_ = std::move(condition);
        const bool already = condition_();
        const net::TimerId limit = loop.after(longest, [this] { loop.stop(); });
        if (!already) loop.run();
        loop.cancel(limit);
        return std::exchange(condition_, {})();
    }
    /// Lets what is under way arrive.
    void settle() {
        until([this, turns = 0]() mutable {
            loop.post([] {});
            return ++turns > 50;
        });
    }

    net::Loop loop;

private:
    std::function<bool()> condition_;
};

inline const dtls::Identity& server_identity() {
    static const dtls::Identity identity;
    return identity;
}
inline const dtls::Identity& client_identity() {
    static const dtls::Identity identity;
    return identity;
}

inline std::unique_ptr<MediaPort> open_port(net::Loop& loop, const char* local = "127.0.0.1:0") {
    MediaPortOptions options;
    options.local = *net::Address::parse(local);
    auto port = MediaPort::open(loop, options);
    return port ? std::move(*port) : nullptr;
}

/// A transport with what its owner heard.
struct Peer : TransportOwner {
    Peer(MediaPort& port, const dtls::Identity& identity, Transport::IceRole role)
        : transport(std::make_unique<Transport>(port, identity, role, *this)) {}

    void on_transport_connected() override { connected = true; }
    void on_rtp(MutableBytes packet, Time) override {
        rtp.emplace_back(packet.begin(), packet.end());
        if (when_rtp) when_rtp();
    }
    void on_rtcp(Bytes compound, Time) override {
        rtcp.emplace_back(compound.begin(), compound.end());
    }
    void on_channel_open(std::uint16_t channel, const std::string& label) override {
        channels.emplace_back(channel, label);
    }
    void on_channel_message(std::uint16_t channel, bool binary, Bytes message) override {
        messages.push_back({channel, binary, Buffer(message.begin(), message.end())});
        if (when_message) when_message();
    }
    void on_transport_closed(CloseReason why) override { closed.push_back(why); }

    struct Message {
        std::uint16_t channel = 0;
        bool binary = false;
        Buffer bytes;
    };

    bool connected = false;
    std::vector<Buffer> rtp, rtcp;
    std::vector<std::pair<std::uint16_t, std::string>> channels;
    std::vector<Message> messages;
    std::vector<CloseReason> closed;
    std::function<void()> when_rtp;
    std::function<void()> when_message;
    std::unique_ptr<Transport> transport;
};

/// The SDP exchange: each learns what the other would have said.
inline void introduce(Peer& server, Peer& client, dtls::Role server_role = dtls::Role::server) {
    const dtls::Role client_role =
        server_role == dtls::Role::server ? dtls::Role::client : dtls::Role::server;
    server.transport->set_remote({client.transport->ice_ufrag(), client.transport->ice_password(),
                                  client_identity().fingerprint(), server_role});
    client.transport->set_remote({server.transport->ice_ufrag(), server.transport->ice_password(),
                                  server_identity().fingerprint(), client_role});
}

/// A server and a client with a port each, not connected yet.
struct Endpoints {
    explicit Endpoints(const char* local = "127.0.0.1:0")
        : server_port(open_port(loop.loop, local)),
          client_port(open_port(loop.loop, local)),
          server(*server_port, server_identity(), Transport::IceRole::lite),
          client(*client_port, client_identity(), Transport::IceRole::controlling) {}

    void add_candidates(bool tcp) {
        for (const Candidate& candidate : server_port->candidates()) {
            if (candidate.tcp == tcp) client.transport->add_remote_candidate(candidate.line());
        }
    }
    bool connect(bool tcp = false, dtls::Role server_role = dtls::Role::server) {
        introduce(server, client, server_role);
        add_candidates(tcp);
        return loop.until([this] { return server.connected && client.connected; });
    }

    TestLoop loop;
    std::unique_ptr<MediaPort> server_port, client_port;
    Peer server, client;
};

/// A packet with a 12-byte header; the payload repeats one byte.
inline std::size_t send_packet(Transport& from, std::uint16_t sequence, std::size_t payload_size,
                               std::uint8_t filler = 0x5a) {
    const Buffer payload(payload_size, filler);
    const MutableBytes slot = from.rtp_slot();
    slot[0] = 0x80;
    slot[1] = 96;
    store16(slot.data() + 2, sequence);
    store32(slot.data() + 4, 1000);
    store32(slot.data() + 8, 0x11223344);
    return from.send_rtp(12, payload);
}

}  // namespace aula::transport
