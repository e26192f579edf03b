// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace aula::room {

enum class SocketId : std::uint32_t { none = 0 };

/// Where clients' relayed sockets are answered. The node gives one to each room; it may be called
/// from the shard's thread and passes everything on to the link's.
struct SocketOutlet {
    std::function<void(SocketId)> accept;
    std::function<void(SocketId, int status, std::string body)> refuse;  // instead of accept
    std::function<void(SocketId, bool binary, std::string message)> send;
    std::function<void(SocketId, std::uint16_t code, std::string reason)> close;
    std::function<void(SocketId, int status, std::string body, std::string content_type)>
        answer;  // ends a request
};

}  // namespace aula::room
