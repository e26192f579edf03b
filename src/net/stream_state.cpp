// SPDX-License-Identifier: Apache-2.0
#include "net/stream_state.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/socket.hpp"

namespace aula::net {
namespace {

constexpr auto opening_time = 10s;
constexpr auto goodbye_time = 2s;            // for the peer to close too, once all was sent
constexpr std::size_t read_room = 16 << 10;  // a TLS record's worth
constexpr int reads_a_turn = 4;              // so that one busy peer does not hold up the others

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

Stream::State::State(Loop& loop, int fd, const Address& peer, std::unique_ptr<Tls> tls, Phase phase)
    : loop_(loop), fd_(fd), peer_(peer), tls_(std::move(tls)), phase_(phase) {
    if (fd_ >= 0) set_option(fd_, IPPROTO_TCP, TCP_NODELAY, 1);
}

Stream::State::~State() { release(); }

void Stream::State::start() {
    const auto weak = weak_from_this();
    loop_.watch(fd_, wants_to_read(), phase_ == Phase::connecting, [weak](Ready ready) {
        if (const auto self = weak.lock()) self->on_ready(ready);
    });
    timer_ = loop_.after(opening_time, [weak] {
        if (const auto self = weak.lock()) self->close("no connection within the time allowed");
    });
    // An accepted plain connection is open already, but says so from the loop like all others.
    loop_.post([weak] {
        const auto self = weak.lock();
        if (self && self->phase_ == Phase::securing) self->secure();
    });
}

void Stream::State::set_handlers(Handlers handlers) {
    handlers_ = std::make_shared<Handlers>(std::move(handlers));
}

void Stream::State::release() {
    phase_ = Phase::closed;
    if (fd_ < 0) return;
    loop_.cancel(timer_);
    loop_.unwatch(fd_);
    ::close(std::exchange(fd_, -1));
}

void Stream::State::close(const std::string& why) {
    if (phase_ == Phase::closed) return;
    release();
    const auto handlers = handlers_;
    if (handlers->on_close) handlers->on_close(why);
}

void Stream::State::fail_later(std::string why) {
    loop_.post([weak = weak_from_this(), why = std::move(why)] {
        if (const auto self = weak.lock()) self->close(why);
    });
}

void Stream::State::on_ready(Ready ready) {
    if (phase_ == Phase::connecting) {
        connected();
        return;
    }
    if (phase_ == Phase::securing && !tls_) secure();
    if (phase_ == Phase::closed) return;
    if (ready.write && !out_.empty()) {
        push_out();
        after_push();
    }
    if (phase_ != Phase::closed && wants_to_read() && (ready.read || ready.closed)) {
        read_some();
    } else if (ready.closed) {
        close(phase_ == Phase::half_closed ? "" : "connection lost");
    }
}

void Stream::State::connected() {
    int error = 0;
    socklen_t size = sizeof(error);
    getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        close(reason_of(error));
        return;
    }
    phase_ = Phase::securing;
    secure();
}

void Stream::State::secure() {
    if (tls_) {
        const auto step = tls_->handshake();
        tls_->take_output(out_.tail());
        push_out();  // also an alert that says why
        if (phase_ == Phase::closed) return;
        if (!step || *step == Tls::Step::ended) {
            close(step ? "TLS handshake: ended by the peer" : step.error());
            return;
        }
        if (*step == Tls::Step::more) {
            update_interest();
            return;
        }
    }
    opened();
}

void Stream::State::opened() {
    phase_ = Phase::open;
    loop_.cancel(timer_);
    const bool finish_after = std::exchange(finish_wanted_, false);
    write(std::exchange(early_, {}));
    if (finish_after) finish();
    update_interest();
    const auto handlers = handlers_;
    if (handlers->on_open) handlers->on_open();
    if (tls_ && phase_ == Phase::open) deliver_plain();  // what came along with the handshake
    if (phase_ == Phase::open) after_push();
}

void Stream::State::write(Bytes bytes) {
    if (bytes.empty() || finish_wanted_) return;
    if (phase_ < Phase::open) {
        early_.insert(early_.end(), bytes.begin(), bytes.end());
        drain_due_ = true;
        return;
    }
    if (phase_ != Phase::open) return;
    if (tls_) {
        if (!tls_->write(bytes)) return fail_later("TLS: cannot write");
        tls_->take_output(out_.tail());
    } else if (out_.empty()) {
        // Mostly the kernel takes it all, and nothing is copied.
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        out_.append(bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(sent, 0))));
    } else {
        out_.append(bytes);
    }
    push_out();
    if (!out_.empty()) drain_due_ = true;
    update_interest();
}

void Stream::State::push_out() {
    while (!out_.empty()) {
        const Bytes waiting = out_.waiting();
        const ssize_t sent = ::send(fd_, waiting.data(), waiting.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (sent < 0) return fail_later(reason_of(errno));
        out_.take(static_cast<std::size_t>(sent));
    }
}

void Stream::State::after_push() {
    if (out_.empty() && phase_ == Phase::finishing) half_close();
    update_interest();
    if (!out_.empty() || !std::exchange(drain_due_, false) || phase_ < Phase::open) return;
    const auto handlers = handlers_;
    if (handlers->on_drained) handlers->on_drained();
}

void Stream::State::finish() {
    if (phase_ == Phase::closed || phase_ > Phase::open) return;
    finish_wanted_ = true;
    if (phase_ != Phase::open) return;
    if (tls_) {
        tls_->say_goodbye();
        tls_->take_output(out_.tail());
        push_out();
    }
    phase_ = Phase::finishing;
    if (out_.empty()) half_close();
    update_interest();
}

// Closing with unread bytes would reset the connection, and the peer might lose what it was sent
// last; so we shut our half, read on into nothing, and wait for the peer's end.
void Stream::State::half_close() {
    phase_ = Phase::half_closed;
    ::shutdown(fd_, SHUT_WR);
    timer_ = loop_.after(peer_ended_ ? 0s : goodbye_time, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->close({});
    });
}

void Stream::State::pause(bool paused) {
    if (paused_ == paused) return;
    paused_ = paused;
    update_interest();
    if (paused || !tls_) return;
    // What TLS has already taken in makes no descriptor readable.
    loop_.post([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (self && self->phase_ == Phase::open) self->deliver_plain();
    });
}

bool Stream::State::wants_to_read() const {
    return phase_ != Phase::connecting && !peer_ended_ && (!paused_ || phase_ != Phase::open);
}

void Stream::State::update_interest() {
    if (phase_ == Phase::closed || phase_ == Phase::connecting) return;
    loop_.change(fd_, wants_to_read(), phase_ == Phase::connecting || !out_.empty());
}

void Stream::State::read_some() {
    std::array<std::uint8_t, read_room> room;  // NOLINT: recv fills it
    for (int i = 0; i < reads_a_turn && phase_ != Phase::closed && wants_to_read(); ++i) {
        const ssize_t got = ::recv(fd_, room.data(), room.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (got < 0) return close(reason_of(errno));
        if (got == 0) return on_end();
        if (!take_in(Bytes(room).first(static_cast<std::size_t>(got)))) return;
        if (static_cast<std::size_t>(got) < room.size()) return;
    }
}

void Stream::State::on_end() {
    if (phase_ == Phase::securing) return close("closed before TLS was up");
    if (phase_ == Phase::half_closed || out_.empty()) return close({});
    // The peer may have shut only its own half and still wait for the rest of ours.
    peer_ended_ = true;
    finish();
    update_interest();
}

bool Stream::State::take_in(Bytes bytes) {
    if (phase_ >= Phase::finishing) return true;  // nobody listens any more
    if (!tls_) {
        deliver(bytes);
        return true;
    }
    tls_->feed(bytes);
    if (phase_ == Phase::securing) {
        secure();
        return phase_ != Phase::closed;
    }
    return deliver_plain();
}

bool Stream::State::deliver_plain() {
    std::array<std::uint8_t, read_room> room;  // NOLINT: filled below
    while (phase_ == Phase::open && !paused_) {
        std::size_t got = 0;
        const auto step = tls_->read(room, got);
        tls_->take_output(out_.tail());  // key updates and alerts
        push_out();
        if (!step || *step == Tls::Step::ended) {
            close(step ? "" : step.error());
            return false;
        }
        if (*step == Tls::Step::more) break;
        deliver(Bytes(room).first(got));
    }
    update_interest();
    return phase_ != Phase::closed;
}

void Stream::State::deliver(Bytes bytes) {
    const auto handlers = handlers_;
    if (handlers->on_bytes) handlers->on_bytes(bytes);
}

}  // namespace aula::net
