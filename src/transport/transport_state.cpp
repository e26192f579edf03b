// SPDX-License-Identifier: Apache-2.0
#include "transport/transport_state.hpp"

#include <algorithm>
#include <utility>

#include "ice/controlling_agent.hpp"
#include "ice/lite_agent.hpp"

namespace aula::transport {

namespace {

constexpr std::size_t address_limit = 64;  // candidates and validated paths of one peer
constexpr Duration tcp_patience = 250ms;   // UDP gets this much of a start before TCP is tried

}  // namespace

Transport::State::State(MediaPort::State& own_port, const dtls::Identity& own_identity,
                        IceRole ice_role, TransportOwner& own_owner)
    : port(own_port), identity(own_identity), owner(own_owner), role(ice_role) {
    make_agent();
    set_timer();
}

Transport::State::~State() {
    leave_port();
    port.socket->queue().forget(destination);
}

void Transport::State::make_agent() {
    ice::Agent::Handlers handlers;
    handlers.send = [this](const ice::Path& to, Bytes message) { port.send_to(to, message); };
    handlers.on_validated = [this](const ice::Path& path) { on_path_validated(path); };
    handlers.on_forgotten = [this](const ice::Path& path) { on_path_forgotten(path); };
    handlers.on_selected = [this] { on_path_selected(); };
    handlers.on_retired = [this](const std::string& ufrag) {
        port.by_ufrag.erase(ufrag);
        std::erase(ufrags, ufrag);
    };
    const Time now = port.loop.now();
    if (role == IceRole::lite) {
        agent = std::make_unique<ice::LiteAgent>(std::move(handlers), now);
    } else {
        agent = std::make_unique<ice::ControllingAgent>(std::move(handlers), now);
    }
    use_ufrag(agent->local().ufrag);
}

void Transport::State::use_ufrag(const std::string& ufrag) {
    ufrags.push_back(ufrag);
    port.by_ufrag.insert_or_assign(ufrag, this);
}

ice::Verdict Transport::State::on_stun(const ice::StunMessage& message, const ice::Path& from) {
    if (is_closed) return ice::Verdict::ignored;
    const ice::Verdict verdict = agent->receive(message, from, port.loop.now());
    set_timer();
    return verdict;
}

void Transport::State::on_path_validated(const ice::Path& path) {
    if (path.connection == 0) return use_peer_address(path.remote);
    port.claim(path.connection, *this);
}

void Transport::State::use_peer_address(const net::Address& address) {
    port.peers.set(address, *this);
    const bool known =
        std::find(peer_addresses.begin(), peer_addresses.end(), address) != peer_addresses.end();
    if (!known) peer_addresses.push_back(address);
}

void Transport::State::on_path_forgotten(const ice::Path& path) {
    if (path.connection != 0) return port.drop_connection(path.connection, false);
    port.peers.erase(path.remote, *this);
    std::erase(peer_addresses, path.remote);
}

void Transport::State::on_path_selected() {
    connection = nullptr;
    update_flows();
    const auto& selected = agent->selected();
    if (!selected) return;
    if (selected->connection != 0) {
        connection = port.find_connection(selected->connection);
    } else {
        destination.address = selected->remote;
    }
    if (dtls) dtls->start();
}

void Transport::State::add_candidate(const net::Address& address, bool tcp) {
    if (is_closed || role != IceRole::controlling) return;
    if (peer_addresses.size() + waiting_tcp.size() >= address_limit) return;
    if (!tcp) {
        use_peer_address(address);
        agent->add_remote({address, 0}, port.loop.now());
        return set_timer();
    }
    waiting_tcp.push_back(address);
    if (waiting_tcp.size() == 1) tcp_timer = port.loop.after(0ms, [this] { begin_tcp(); });
}

void Transport::State::begin_tcp() {
    if (peer_addresses.empty()) return connect_waiting();
    tcp_timer = port.loop.after(tcp_patience, [this] { connect_waiting(); });
}

void Transport::State::connect_waiting() {
    for (const net::Address& address : std::exchange(waiting_tcp, {})) {
        if (!agent->selected()) port.connect(address, *this);
    }
}

void Transport::State::on_connection_open(std::uint32_t id, const net::Address& server) {
    agent->add_remote({server, id}, port.loop.now());
    set_timer();
}

void Transport::State::on_connection_lost(std::uint32_t id, const net::Address& peer) {
    agent->forget({peer, id}, port.loop.now());
    set_timer();
}

void Transport::State::set_timer() {
    if (is_closed) return;
    const Time now = port.loop.now();
    Time due = agent->next_poll();
    if (dtls) due = std::min(due, now + dtls->timeout().value_or(due - now));
    // A timer that comes too early finds nothing due and is set again; most deadlines only move
    // later.
    if (timer != net::TimerId::none && timer_due <= due) return;
    port.loop.cancel(timer);
    timer_due = due;
    timer = port.loop.after(due - now, [this] { on_timer(); });
}

void Transport::State::on_timer() {
    timer = net::TimerId::none;
    const Time now = port.loop.now();
    if (agent->consent_expired(now)) return finish(CloseReason::consent_expired);
    agent->poll(now);
    if (dtls) dtls->handle_timeout();
    set_timer();
}

void Transport::State::leave_port() {
    for (const std::string& ufrag : std::exchange(ufrags, {})) port.by_ufrag.erase(ufrag);
    for (const net::Address& address : std::exchange(peer_addresses, {})) {
        port.peers.erase(address, *this);
    }
    port.drop_connections_of(*this);
    connection = nullptr;
    port.remove_ticking(*this);
    port.loop.cancel(std::exchange(timer, net::TimerId::none));
    port.loop.cancel(std::exchange(tcp_timer, net::TimerId::none));
}

void Transport::State::finish(CloseReason reason) {
    if (is_closed) return;
    if (association) association->close();
    if (dtls) dtls->close();
    port.socket->queue().flush();  // the goodbye, as the owner may destroy us in this turn
    is_closed = true;
    flows = false;
    leave_port();
    if (reason != CloseReason::local) owner.on_transport_closed(reason);
}

}  // namespace aula::transport
