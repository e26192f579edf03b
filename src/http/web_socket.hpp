// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "http/message.hpp"
#include "net/loop.hpp"

namespace aula::http {

/// One WebSocket (RFC 6455), server's or client's end, on a loop's thread. Callbacks may destroy
/// it.
class WebSocket {
public:
    struct Handlers {
        std::function<void(bool binary, Bytes message)> on_message;
        std::function<void()> on_drained;  // buffered() is zero again
        std::function<void(std::uint16_t code, const std::string& reason)>
            on_close;  // once; 1006 without close frame
    };

    /// The client's end, for ws:// only. A host name is looked up on the spot, which may block:
    /// servers pass addresses. on_open comes with 0, or with the HTTP status that refused the
    /// upgrade and the body; -1: no connection.
    static std::unique_ptr<WebSocket> connect(
        net::Loop& loop, const std::string& url, const Headers& headers,
        std::function<void(int refused, const std::string& body)> on_open);
    ~WebSocket();
    WebSocket(const WebSocket&) = delete;
    WebSocket& operator=(const WebSocket&) = delete;

    void set_handlers(Handlers handlers);
    void send(bool binary, Bytes message);
    void send_text(std::string_view text) { send(false, bytes_of(text)); }
    void ping();
    std::size_t buffered() const;
    void pause_reading();
    void resume_reading();
    /// Sends a close frame; on_close follows when the peer answers or 2 s are over.
    void close(std::uint16_t code, const std::string& reason);

private:
    friend class Connection;
    struct State;
    explicit WebSocket(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace aula::http
