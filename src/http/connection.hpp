// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <unordered_set>

#include "http/admission.hpp"
#include "http/codec.hpp"
#include "http/server.hpp"
#include "net/byte_queue.hpp"
#include "net/tcp.hpp"

namespace aula::http {

class Connection;

/// What a server's connections share. Those under way keep it alive when the server dies in a
/// handler.
struct ServerCore {
    net::Loop& loop;
    ServerLimits limits;
    Server::Handler handler;
    Server::Counters counters;
    std::shared_ptr<Admission> admission;
    std::unordered_set<std::shared_ptr<Connection>> connections;
    bool stopping = false;
    std::size_t unfinished_bytes = 0;  // of requests that are not whole yet
};

/// One client connection: requests one after the other, each answered before the next is parsed.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(std::shared_ptr<ServerCore> core, std::unique_ptr<net::Stream> stream,
               std::shared_ptr<void> place);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void start();
    void answer(const Response& response);
    std::unique_ptr<WebSocket> accept_web_socket();
    /// Ends idle connections at once, others after their answer.
    void stop();
    /// Closes without a word; the server is going.
    void abandon();
    /// Closes without a word and is forgotten; may be called by the handler.
    void drop();

private:
    enum class Phase : std::uint8_t { idle, receiving, handling, closing };

    void on_bytes(Bytes bytes);
    void process();
    bool receive();
    /// Notes what the request under way holds in memory; false: all of them hold too much.
    bool hold(std::size_t bytes);
    void dispatch();
    void refuse(int status);
    void write(const Response& response);
    void close_after_writing();

    void set_deadline(Time deadline);
    void on_deadline();

    std::shared_ptr<ServerCore> core_;
    std::unique_ptr<net::Stream> stream_;
    std::shared_ptr<void> place_;
    Phase phase_ = Phase::idle;
    bool processing_ = false;
    net::ByteQueue input_;

    // The request under way.
    std::unique_ptr<RequestParser> parser_;
    std::size_t parsed_ = 0;
    std::size_t held_ = 0;
    bool continue_sent_ = false;
    ResponseFraming framing_;
    std::string web_socket_key_;

    // One timer a connection, set anew only when it runs out: most deadlines are never reached.
    Time deadline_ = Time::max();
    Time timer_due_ = Time::max();
    net::TimerId timer_ = net::TimerId::none;
    std::size_t unsent_at_deadline_ = 0;
};

}  // namespace aula::http
