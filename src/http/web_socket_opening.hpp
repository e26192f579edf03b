// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "http/codec.hpp"
#include "http/web_socket_state.hpp"
#include "net/byte_queue.hpp"

namespace aula::http {

/// A client's upgrade under way (RFC 6455 section 4.1).
struct WebSocket::State::Opening {
    static constexpr ParserLimits limits{.header_bytes = 64 << 10, .body_bytes = 64 << 10};

    std::string key;
    std::function<void(int, const std::string&)> on_open;
    net::ByteQueue input;
    ResponseParser parser{limits};
    net::TimerId limit = net::TimerId::none;
};

}  // namespace aula::http
