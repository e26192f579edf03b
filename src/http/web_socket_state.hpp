// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "http/frames.hpp"
#include "http/heartbeat.hpp"
#include "http/web_socket.hpp"
#include "net/tcp.hpp"

namespace aula::http {

/// What a WebSocket is made of. It outlives the WebSocket only while one of its own callbacks runs.
struct WebSocket::State : std::enable_shared_from_this<WebSocket::State> {
    State(net::Loop& on, Frames::Side side, std::size_t most_message_bytes);
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    /// Takes an upgraded connection; early is what came behind the handshake, place is given back
    /// at the end.
    void begin(std::unique_ptr<net::Stream> connection, Buffer early, std::shared_ptr<void> place);
    void set_handlers(Handlers handlers);
    void send(bool binary, Bytes message);
    void ping();
    void pause(bool paused);
    void close(std::uint16_t code, const std::string& reason);
    /// The WebSocket goes away.
    void leave();
    std::size_t buffered() const { return stream ? stream->buffered() : 0; }

    /// The client's handshake, if this is a client that has not finished it.
    struct Opening;
    void open(const net::Address& to, std::string request, std::string key,
              std::function<void(int, const std::string&)> on_open);

    net::Loop& loop;
    std::unique_ptr<net::Stream> stream;
    std::unique_ptr<Opening> opening;

private:
    net::Stream::Handlers stream_handlers();
    void on_bytes(Bytes bytes);
    void deliver();
    void deliver_one(const Frames::Event& event);
    void push_out();
    void beat();
    void end(std::uint16_t code, const std::string& reason);

    void opening_bytes(Bytes bytes);
    void opening_ended(int refused, const std::string& body);
    void finish_opening();

    Frames frames_;
    Heartbeat heartbeat_;
    std::shared_ptr<Handlers> handlers_ = std::make_shared<Handlers>();
    Buffer early_;  // what the peer sent behind its handshake, not yet read
    std::shared_ptr<void> place_;
    net::TimerId beat_ = net::TimerId::none;
    net::TimerId close_limit_ = net::TimerId::none;
    bool paused_ = false;
    bool closing_ = false;  // our close frame is out
};

}  // namespace aula::http
