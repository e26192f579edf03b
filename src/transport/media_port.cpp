// SPDX-License-Identifier: Apache-2.0
#include "transport/media_port.hpp"

#include <utility>

#include "transport/local_candidates.hpp"
#include "transport/media_port_state.hpp"

namespace aula::transport {

MediaPort::Counters& MediaPort::Counters::operator+=(const Counters& other) {
    datagrams += other.datagrams;
    unknown_peer += other.unknown_peer;
    unknown_kind += other.unknown_kind;
    stun_refused += other.stun_refused;
    tcp_refused += other.tcp_refused;
    malformed += other.malformed;
    forged += other.forged;
    replayed += other.replayed;
    unexpected += other.unexpected;
    return *this;
}

Expected<std::unique_ptr<MediaPort>, Error> MediaPort::open(net::Loop& loop,
                                                            const MediaPortOptions& options) {
    auto socket = net::UdpSocket::open(options.local, options.socket);
    if (!socket) return fail(socket.error());
    const net::Address local = (*socket)->local();
    auto state = std::make_unique<State>(loop, std::move(*socket));
    State* const raw = state.get();

    std::uint16_t tcp_port = 0;
    if (options.tcp) {
        const auto on_accept = [raw](int fd, const net::Address& peer) {
            raw->on_accept(fd, peer);
        };
        auto listener = net::Listener::open(loop, local, on_accept);
        if (!listener) listener = net::Listener::open(loop, local.with_port(0), on_accept);
        if (!listener) return fail(listener.error());
        state->listener = std::move(*listener);
        tcp_port = state->listener->local().port();
    }
    state->candidates = local_candidates(local, options.advertised, tcp_port);
    return std::unique_ptr<MediaPort>(new MediaPort(std::move(state)));
}

MediaPort::MediaPort(std::unique_ptr<State> state) : state_(std::move(state)) {}
MediaPort::~MediaPort() = default;

net::Loop& MediaPort::loop() { return state_->loop; }
net::UdpSocket& MediaPort::socket() { return *state_->socket; }
const std::vector<Candidate>& MediaPort::candidates() const { return state_->candidates; }
const MediaPort::Counters& MediaPort::counters() const { return state_->counters; }

void MediaPort::on_batch_received(std::function<void()> callback) {
    state_->on_batch = std::move(callback);
}

}  // namespace aula::transport
