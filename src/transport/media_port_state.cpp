// SPDX-License-Identifier: Apache-2.0
#include "transport/media_port_state.hpp"

#include <algorithm>
#include <utility>

#include <unistd.h>

#include "base/expects.hpp"
#include "ice/stun_writer.hpp"
#include "transport/demultiplex.hpp"
#include "transport/transport_state.hpp"

namespace aula::transport {

namespace {

// More would starve timers and the send queue; what waits makes the next turn come at once.
constexpr int batches_a_turn = 4;
constexpr Duration claim_time = 5s;
constexpr std::size_t unclaimed_limit = 256;

}  // namespace

MediaPort::State::State(net::Loop& loop_of_port, std::unique_ptr<net::UdpSocket> udp)
    : loop(loop_of_port),
      socket(std::move(udp)),
      on_datagram([this](MutableBytes datagram, const net::Address& from) {
          ++counters.datagrams;
          on_packet(datagram, {from, 0}, nullptr);
      }),
      side_slot(FramedConnection::prefix_size + net::SendQueue::slot_size) {
    loop.watch(socket->fd(), true, false, [this](net::Ready) { on_readable(); });
    turn_end = loop.at_turn_end([this] { on_turn_end(); });
}

MediaPort::State::~State() {
    AULA_EXPECTS(by_ufrag.empty());  // transports die before their port
    loop.unwatch(socket->fd());
    loop.cancel(turn_end);
    loop.cancel(tick);
    for (auto& [id, connection] : connections) {
        loop.cancel(connection.deadline);
        connection.framed->abort();
    }
}

void MediaPort::State::on_readable() {
    received = true;
    for (int i = 0; i < batches_a_turn && socket->receive(on_datagram); ++i) {
    }
}

void MediaPort::State::on_turn_end() {
    if (std::exchange(received, false) && on_batch) on_batch();
    socket->queue().flush();
    strangers_used = 0;
    dead_connections.clear();
}

void MediaPort::State::on_packet(MutableBytes packet, const ice::Path& from,
                                 Transport::State* peer) {
    const PacketKind kind = kind_of(packet);
    if (kind == PacketKind::unknown) {
        ++counters.unknown_kind;
        return;
    }
    if (peer == nullptr) peer = peers.find(from.remote);
    if (kind == PacketKind::stun) {
        on_stun(packet, from, peer);
    } else if (peer == nullptr) {
        ++counters.unknown_peer;
    } else if (kind == PacketKind::dtls) {
        peer->on_dtls(packet, from);
    } else {
        peer->on_media(packet, from);
    }
}

ice::Verdict MediaPort::State::on_stun(Bytes packet, const ice::Path& from,
                                       Transport::State* peer) {
    const auto message = ice::StunMessage::parse(packet);
    if (!message) {
        ++counters.unknown_kind;
        return ice::Verdict::ignored;
    }
    if (message->message_class() == ice::StunClass::request) {
        // The name decides, not the address: a new transport may come from where an old one was.
        const std::string_view name = message->username().value_or("");
        const auto at = by_ufrag.find(name.substr(0, name.find(':')));
        // A TCP connection stays with the transport it first named.
        const bool of_another =
            from.connection != 0 && peer != nullptr && at != by_ufrag.end() && at->second != peer;
        if (at == by_ufrag.end() || of_another) {
            refuse_stun(*message, from);
            return ice::Verdict::refused;
        }
        peer = at->second;
    }
    if (peer == nullptr) {
        ++counters.unknown_peer;
        return ice::Verdict::ignored;
    }
    const ice::Verdict verdict = peer->on_stun(*message, from);
    if (verdict == ice::Verdict::refused) ++counters.stun_refused;
    return verdict;
}

void MediaPort::State::refuse_stun(const ice::StunMessage& message, const ice::Path& to) {
    ++counters.stun_refused;
    const bool complete = message.has_integrity() && message.username();
    send_to(to, ice::refusal_of(message, complete ? ice::StunErrorCode::unauthenticated
                                                  : ice::StunErrorCode::bad_request)
                    .finish({}));
}

void MediaPort::State::send_to(const ice::Path& to, Bytes message) {
    if (to.connection != 0) {
        if (FramedConnection* framed = find_connection(to.connection)) framed->send(message);
        return;
    }
    // A destination lives until the queue is flushed, and this peer may have no other.
    if (strangers_used == strangers.size()) strangers.emplace_back();
    net::Destination& stranger = strangers[strangers_used++];
    stranger = net::Destination(to.remote);
    socket->queue().send(stranger, message);
}

void MediaPort::State::on_accept(int fd, const net::Address& peer) {
    if (unclaimed_connections >= unclaimed_limit) {
        ++counters.tcp_refused;
        ::close(fd);
        return;
    }
    const std::uint32_t id = next_connection++;
    auto stream = net::Stream::accepted(loop, fd, peer, nullptr);
    Connection& connection = connections[id];
    connection.framed = std::make_unique<FramedConnection>(
        std::move(stream),
        FramedConnection::Handlers{{},
                                   [this, id](MutableBytes frame) { on_frame(id, frame); },
                                   [this, id] { drop_connection(id, true); }});
    connection.deadline = loop.after(claim_time, [this, id] { drop_connection(id, false); });
    ++unclaimed_connections;
}

std::uint32_t MediaPort::State::connect(const net::Address& to, Transport::State& owner) {
    const std::uint32_t id = next_connection++;
    Connection& connection = connections[id];
    connection.owner = &owner;
    connection.framed = std::make_unique<FramedConnection>(
        net::Stream::connect(loop, to, nullptr),
        FramedConnection::Handlers{[&owner, id, to] { owner.on_connection_open(id, to); },
                                   [this, id](MutableBytes frame) { on_frame(id, frame); },
                                   [this, id] { drop_connection(id, true); }});
    return id;
}

void MediaPort::State::on_frame(std::uint32_t id, MutableBytes frame) {
    received = true;
    const auto at = connections.find(id);
    if (at == connections.end()) return;
    const ice::Path from{at->second.framed->peer(), id};
    if (at->second.owner != nullptr) return on_packet(frame, from, at->second.owner);
    // Whoever connects begins with a check (RFC 6544 section 7); nothing else is listened to.
    const bool welcome = kind_of(frame) == PacketKind::stun &&
                         on_stun(frame, from, nullptr) == ice::Verdict::accepted;
    if (!welcome) drop_connection(id, false);
}

void MediaPort::State::claim(std::uint32_t id, Transport::State& owner) {
    const auto at = connections.find(id);
    if (at == connections.end()) return;
    if (at->second.owner == nullptr) {
        --unclaimed_connections;
        loop.cancel(at->second.deadline);
    }
    at->second.owner = &owner;
}

void MediaPort::State::drop_connection(std::uint32_t id, bool tell_owner) {
    const auto at = connections.find(id);
    if (at == connections.end()) return;
    Connection connection = std::move(at->second);
    connections.erase(at);
    const net::Address peer = connection.framed->peer();
    connection.framed->abort();
    // Its own handler may be what called us.
    dead_connections.push_back(std::move(connection.framed));
    if (connection.owner == nullptr) {
        --unclaimed_connections;
        ++counters.tcp_refused;
        loop.cancel(connection.deadline);
    } else if (tell_owner) {
        connection.owner->on_connection_lost(id, peer);
    }
}

void MediaPort::State::drop_connections_of(const Transport::State& owner) {
    std::vector<std::uint32_t> ids;
    for (const auto& [id, connection] : connections) {
        if (connection.owner == &owner) ids.push_back(id);
    }
    for (const std::uint32_t id : ids) drop_connection(id, false);
}

FramedConnection* MediaPort::State::find_connection(std::uint32_t id) {
    const auto at = connections.find(id);
    return at == connections.end() ? nullptr : at->second.framed.get();
}

void MediaPort::State::add_ticking(Transport::State& transport) {
    ticking.push_back(&transport);
    if (ticking.size() > 1) return;
    tick = loop.every(sctp::Association::tick_period, [this] {
        // A message's handler may close a transport, which leaves the list.
        for (std::size_t i = ticking.size(); i-- > 0;) {
            if (i < ticking.size()) ticking[i]->on_tick();
        }
    });
}

void MediaPort::State::remove_ticking(Transport::State& transport) {
    std::erase(ticking, &transport);
    if (ticking.empty()) loop.cancel(std::exchange(tick, net::TimerId::none));
}

}  // namespace aula::transport
