// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ice/agent.hpp"
#include "transport/framed_connection.hpp"
#include "transport/media_port.hpp"
#include "transport/peer_table.hpp"
#include "transport/transport.hpp"

namespace aula::transport {

/// Lets a map of strings be asked with a string_view.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

struct MediaPort::State {
    /// A TCP connection and whose it is; of nobody until a check with the right credentials came.
    struct Connection {
        std::unique_ptr<FramedConnection> framed;
        Transport::State* owner = nullptr;
        net::TimerId deadline = net::TimerId::none;
    };

    State(net::Loop& loop_of_port, std::unique_ptr<net::UdpSocket> udp);
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void on_readable();
    void on_turn_end();
    void on_accept(int fd, const net::Address& peer);
    void on_frame(std::uint32_t id, MutableBytes frame);
    void on_packet(MutableBytes packet, const ice::Path& from, Transport::State* peer);
    ice::Verdict on_stun(Bytes packet, const ice::Path& from, Transport::State* peer);
    void refuse_stun(const ice::StunMessage& message, const ice::Path& to);

    /// A client's connection; the transport hears of it when it is open.
    std::uint32_t connect(const net::Address& to, Transport::State& owner);
    void claim(std::uint32_t id, Transport::State& owner);
    /// Dies at the end of the turn. The owner is told.
    void drop_connection(std::uint32_t id, bool tell_owner);
    void drop_connections_of(const Transport::State& owner);
    FramedConnection* find_connection(std::uint32_t id);
    /// To any path, selected or not: STUN.
    void send_to(const ice::Path& to, Bytes message);

    void add_ticking(Transport::State& transport);
    void remove_ticking(Transport::State& transport);

    net::Loop& loop;
    std::unique_ptr<net::UdpSocket> socket;
    std::unique_ptr<net::Listener> listener;
    std::vector<Candidate> candidates;
    std::function<void()> on_batch;
    std::function<void(MutableBytes, const net::Address&)> on_datagram;
    Counters counters;

    PeerTable<Transport::State> peers;
    std::unordered_map<std::string, Transport::State*, TextHash, std::equal_to<>> by_ufrag;
    std::unordered_map<std::uint32_t, Connection> connections;
    std::vector<std::unique_ptr<FramedConnection>> dead_connections;
    std::uint32_t next_connection = 1;
    std::size_t unclaimed_connections = 0;
    std::vector<Transport::State*> ticking;  // those with data channels
    net::TimerId tick = net::TimerId::none;

    bool received = false;                   // in this turn
    std::deque<net::Destination> strangers;  // of this turn's STUN messages
    std::size_t strangers_used = 0;
    /// Where a packet is written that goes over TCP, or nowhere.
    std::vector<std::uint8_t> side_slot;
    net::TurnEndId turn_end = net::TurnEndId::none;
};

}  // namespace aula::transport
