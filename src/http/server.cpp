// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include "base/expects.hpp"
#include "http/connection.hpp"
#include "http/responder_state.hpp"

namespace aula::http {
namespace {

/// Best effort: a client that has not written yet gets to read it.
void refuse_connection(int fd) {
    constexpr std::string_view answer =
        "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 5\r\n"
        "connection: close\r\n\r\n";
    [[maybe_unused]] const auto sent = ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
    ::shutdown(fd, SHUT_WR);
    ::close(fd);
}

}  // namespace

Responder::Responder(std::shared_ptr<State> state) : state_(std::move(state)) {}
Responder::Responder(Responder&&) noexcept = default;

Responder& Responder::operator=(Responder&& other) noexcept {
    Responder old(std::move(*this));
    state_ = std::move(other.state_);
    return *this;
}

Responder::~Responder() {
    if (state_) answer(text_response(500, "500\n"));
}

void Responder::answer(Response response) {
    if (!state_ || std::exchange(state_->answered, true)) return;
    if (const auto connection = state_->connection.lock()) connection->answer(response);
}

void Responder::hang_up() {
    if (!state_ || std::exchange(state_->answered, true)) return;
    if (const auto connection = state_->connection.lock()) connection->drop();
}

bool Responder::wants_web_socket() const { return state_ && state_->wants_web_socket; }

std::unique_ptr<WebSocket> Responder::accept_web_socket() {
    AULA_EXPECTS(wants_web_socket());
    if (std::exchange(state_->answered, true)) return nullptr;
    const auto connection = state_->connection.lock();
    return connection ? connection->accept_web_socket() : nullptr;
}

bool Responder::client_is_there() const { return state_ && !state_->connection.expired(); }

struct Server::State {
    std::shared_ptr<ServerCore> core;
    std::unique_ptr<net::Listener> listener;
    net::Address local;
};

namespace {

void take_connection(const std::shared_ptr<ServerCore>& core, int fd, const net::Address& peer) {
    auto place = core->admission->admit(peer);
    if (!place) {
        ++core->counters.refused;
        refuse_connection(fd);
        return;
    }
    ++core->counters.connections;
    auto stream = net::Stream::accepted(core->loop, fd, peer, nullptr);
    auto connection = std::make_shared<Connection>(core, std::move(stream), std::move(place));
    core->connections.insert(connection);
    connection->start();
}

}  // namespace

Expected<std::unique_ptr<Server>, Error> Server::open(net::Loop& loop, const net::Address& local,
                                                      ServerLimits limits, Handler handler) {
    auto admission = std::make_shared<Admission>(limits.connections, limits.connections_per_peer);
    auto core = std::make_shared<ServerCore>(
        ServerCore{loop, limits, std::move(handler), {}, std::move(admission), {}, false});
    auto listener = net::Listener::open(
        loop, local, [core](int fd, const net::Address& peer) { take_connection(core, fd, peer); });
    if (!listener) return fail(listener.error());
    const net::Address bound = (*listener)->local();
    return std::unique_ptr<Server>(
        new Server(std::make_unique<State>(State{std::move(core), std::move(*listener), bound})));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() {
    for (const auto& connection : std::exchange(state_->core->connections, {})) {
        connection->abandon();
    }
}

const net::Address& Server::local() const { return state_->local; }
const Server::Counters& Server::counters() const { return state_->core->counters; }

void Server::stop_accepting() {
    state_->listener.reset();
    state_->core->stopping = true;
    // A copy: an idle connection may leave the set while it is told.
    const auto connections = state_->core->connections;
    for (const auto& connection : connections) connection->stop();
}

}  // namespace aula::http
