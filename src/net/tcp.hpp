// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/address.hpp"
#include "net/loop.hpp"

typedef struct ssl_ctx_st SSL_CTX;

namespace aula::net {

/// A TCP connection on a loop, with TLS if it was given a context. Writes are buffered without
/// bound, so the owner looks at buffered() and stops producing; on_drained tells when the buffer is
/// empty again. Callbacks may destroy the stream or set other handlers; none runs inside a call of
/// the owner's.
class Stream {
public:
    struct Handlers {
        std::function<void()>
            on_open;  // connected and, with TLS, both sides verified; accepted ones too
        std::function<void(Bytes)> on_bytes;
        std::function<void()> on_drained;
        std::function<void(const std::string& why)>
            on_close;  // once; why is empty for an orderly end
    };

    /// Takes the descriptor of an accepted connection. server_tls may be null (plain TCP).
    static std::unique_ptr<Stream> accepted(Loop& loop, int fd, const Address& peer,
                                            SSL_CTX* server_tls);
    /// Starts to connect; the outcome comes as on_open or on_close.
    static std::unique_ptr<Stream> connect(Loop& loop, const Address& to, SSL_CTX* client_tls,
                                           std::string tls_name = {});
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    void set_handlers(Handlers handlers);
    void write(Bytes bytes);
    std::size_t buffered() const;
    /// Stops and resumes reading (back-pressure towards the peer).
    void pause_reading();
    void resume_reading();
    /// Sends what is buffered, then closes; on_close follows.
    void finish();
    /// Closes at once, no callback.
    void abort();
    /// finish() for an owner who goes: the loop keeps the stream until it has closed, some seconds
    /// at most.
    static void let_go(std::unique_ptr<Stream> stream);

    const Address& peer() const;
    /// The common name of the peer's verified certificate; empty without one.
    std::string peer_certificate_name() const;

private:
    class State;
    explicit Stream(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;  // shared with its own callback while that runs
};

/// Accepts TCP connections on a loop.
class Listener {
public:
    using OnAccept = std::function<void(int fd, const Address& peer)>;

    /// Port 0 takes a free one.
    static Expected<std::unique_ptr<Listener>, Error> open(Loop& loop, const Address& local,
                                                           OnAccept on_accept);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    const Address& local() const { return local_; }

private:
    Listener(Loop& loop, int fd, Address local, OnAccept on_accept);
    void accept_waiting();
    void refuse_one();

    Loop& loop_;
    int fd_;
    int spare_fd_ = -1;  // given up for a moment to refuse a connection when descriptors run out
    Address local_;
    OnAccept on_accept_;
};

}  // namespace aula::net
