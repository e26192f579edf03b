// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/snapshot.hpp"

namespace aula::fleet {

/// A node that lives has its link again within this time, and its people noticed nothing.
constexpr Duration silence_excused = std::chrono::seconds(5);

inline bool is_just_silent(const Server& server, WallTime now) {
    return server.state == ServerState::silent && now - server.since < silence_excused;
}

}  // namespace aula::fleet
