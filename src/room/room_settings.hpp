// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lesson/setup.hpp"
#include "room/client_socket.hpp"
#include "signal/access_token.hpp"

namespace aula::room {

struct RoomSettings {
    std::string name;
    std::string title;
    std::string metadata;
    std::uint32_t max_participants = 0;          // 0: no limit
    std::chrono::seconds empty_timeout{300};     // nobody came yet
    std::chrono::seconds departure_timeout{20};  // the last one left
    std::vector<std::string> lesson_events;      // stored before, oldest first
    lesson::Setup setup;
};

/// Who is inside, for the load report.
struct RoomFigures {
    std::string room;
    std::uint32_t participants = 0;
    std::uint32_t publishers = 0;
    std::uint64_t packets_forwarded = 0;
};

/// What a room tells the rest of the node. Called on the shard's thread; each passes a message on.
struct RoomOutlet {
    SocketOutlet sockets;
    std::function<void(const std::string& room, std::uint64_t first_sequence,
                       std::vector<std::string> events)>
        store_events;
    std::function<void(std::string event_json)> webhook;
    std::function<std::string(const signal::AccessToken&)> mint;  // signs a fresh token
    std::function<void(const std::string& room, std::string why)> closed;
};

}  // namespace aula::room
