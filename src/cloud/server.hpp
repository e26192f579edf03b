// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace aula::cloud {

/// A server as its owner sees it. What runs when it is on is a Machine.
struct Server {
    std::string id;
    std::string owner;  // the user's UUID
    std::string name;
    std::int64_t cores = 1;
    std::int64_t memory_gb = 1;
    std::vector<std::string> labels;
    std::string user_data;  // base64, as given
    bool auto_recovery = true;
    bool power = false;
    WallTime created;
    WallTime changed;
};

/// "2026-01-05T07:40:00Z": the one layout that clients parse.
std::string time_text(WallTime time);
/// A random UUID (RFC 9562 version 4).
std::string make_uuid();

}  // namespace aula::cloud
