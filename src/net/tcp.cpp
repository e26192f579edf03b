// SPDX-License-Identifier: Apache-2.0
#include "net/tcp.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/socket.hpp"
#include "net/stream_state.hpp"

namespace aula::net {
namespace {

constexpr int waiting_connections = 4096;  // the kernel cuts it to net.core.somaxconn
constexpr int accepts_a_turn = 64;

}  // namespace

Stream::Stream(std::shared_ptr<State> state) : state_(std::move(state)) {}
Stream::~Stream() { state_->release(); }

std::unique_ptr<Stream> Stream::accepted(Loop& loop, int fd, const Address& peer,
                                         SSL_CTX* server_tls) {
    auto tls = server_tls != nullptr ? Tls::server(server_tls) : nullptr;
    auto state = std::make_shared<State>(loop, fd, peer, std::move(tls), State::Phase::securing);
    state->start();
    return std::unique_ptr<Stream>(new Stream(std::move(state)));
}

std::unique_ptr<Stream> Stream::connect(Loop& loop, const Address& to, SSL_CTX* client_tls,
                                        std::string tls_name) {
    auto tls = client_tls != nullptr ? Tls::client(client_tls, tls_name) : nullptr;
    const int fd = open_socket(to, SOCK_STREAM);
    auto state = std::make_shared<State>(loop, fd, to, std::move(tls), State::Phase::connecting);
    if (fd >= 0 && (::connect(fd, to.raw(), to.size()) == 0 || errno == EINPROGRESS)) {
        state->start();
    } else {
        state->fail_later(std::generic_category().message(errno));
    }
    return std::unique_ptr<Stream>(new Stream(std::move(state)));
}

void Stream::set_handlers(Handlers handlers) { state_->set_handlers(std::move(handlers)); }
void Stream::write(Bytes bytes) { state_->write(bytes); }
std::size_t Stream::buffered() const { return state_->buffered(); }
void Stream::pause_reading() { state_->pause(true); }
void Stream::resume_reading() { state_->pause(false); }
void Stream::finish() { state_->finish(); }
void Stream::abort() { state_->release(); }
const Address& Stream::peer() const { return state_->peer(); }

std::string Stream::peer_certificate_name() const {
    return state_->tls() != nullptr ? state_->tls()->peer_common_name() : std::string();
}

void Stream::let_go(std::unique_ptr<Stream> stream) {
    constexpr auto longest = 10s;
    if (stream->state_->is_closed()) return;
    Stream* raw = stream.get();
    Loop& loop = raw->state_->loop();
    raw->resume_reading();
    const TimerId owner = loop.after(longest, [kept = std::move(stream)] {});
    raw->set_handlers({.on_open = {},
                       .on_bytes = {},
                       .on_drained = {},
                       .on_close = [&loop, owner](const std::string&) { loop.cancel(owner); }});
    raw->finish();
}

Listener::Listener(Loop& loop, int fd, Address local, OnAccept on_accept)
    : loop_(loop),
      fd_(fd),
      spare_fd_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      local_(local),
      on_accept_(std::move(on_accept)) {
    loop_.watch(fd_, true, false, [this](Ready) { accept_waiting(); });
}

Listener::~Listener() {
    loop_.unwatch(fd_);
    ::close(fd_);
    ::close(spare_fd_);
}

Expected<std::unique_ptr<Listener>, Error> Listener::open(Loop& loop, const Address& local,
                                                          OnAccept on_accept) {
    const int fd = open_socket(local, SOCK_STREAM);
    if (fd < 0) return fail(socket_error("cannot make a TCP socket for", local));
    set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (::bind(fd, local.raw(), local.size()) != 0 || ::listen(fd, waiting_connections) != 0) {
        const Error error = socket_error("cannot listen on", local);
        ::close(fd);
        return fail(error);
    }
    return std::unique_ptr<Listener>(
        new Listener(loop, fd, local_address(fd), std::move(on_accept)));
}

void Listener::accept_waiting() {
    for (int i = 0; i < accepts_a_turn; ++i) {
        sockaddr_in6 raw{};
        socklen_t size = sizeof(raw);
        auto* any = reinterpret_cast<sockaddr*>(&raw);
        const int fd = ::accept4(fd_, any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            on_accept_(fd, Address(any, size));
        } else if (errno == EMFILE || errno == ENFILE) {
            refuse_one();
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

// Left in the queue, a connection without a descriptor for it would wake the loop for ever.
void Listener::refuse_one() {
    ::close(spare_fd_);
    const int fd = ::accept(fd_, nullptr, nullptr);
    if (fd >= 0) ::close(fd);
    spare_fd_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

}  // namespace aula::net
