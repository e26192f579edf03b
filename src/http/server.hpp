// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "http/message.hpp"
#include "http/web_socket.hpp"
#include "net/loop.hpp"

namespace aula::http {

/// Answers one request, now or later, on the server's loop. Dropped unanswered it answers 500.
/// Move-only. When the client has gone, answering does nothing.
class Responder {
public:
    ~Responder();
    Responder(Responder&&) noexcept;
    Responder& operator=(Responder&&) noexcept;

    void answer(Response response);
    /// Closes the connection without a word, as a server that dies would.
    void hang_up();
    bool wants_web_socket() const;
    /// Accepts the upgrade (only if wants_web_socket()); null when the client has gone.
    std::unique_ptr<WebSocket> accept_web_socket();
    bool client_is_there() const;

private:
    friend class Connection;
    struct State;
    explicit Responder(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

struct ServerLimits {
    std::size_t header_bytes = 1 << 20;  // livekit's join_request stands in the request line
    std::size_t body_bytes = 8 << 20;
    std::size_t connections = 50'000;
    std::size_t connections_per_peer =
        20'000;                           // schools sit behind one address; loopback is not limited
    std::size_t message_bytes = 2 << 20;  // one WebSocket message
    std::chrono::seconds idle{75};
    std::chrono::seconds request{20};  // from the first byte to the whole request
};

/// HTTP/1.1 with keep-alive and WebSocket upgrade on a loop. TLS is the reverse proxy's.
class Server {
public:
    using Handler = std::function<void(Request, Responder)>;

    static Expected<std::unique_ptr<Server>, Error> open(net::Loop& loop, const net::Address& local,
                                                         ServerLimits limits, Handler handler);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    const net::Address& local() const;
    /// Accepts nothing new; open requests are still answered.
    void stop_accepting();

    struct Counters {
        std::uint64_t connections = 0, requests = 0, malformed = 0, too_large = 0, timed_out = 0,
                      refused = 0;
    };
    const Counters& counters() const;

private:
    struct State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace aula::http
