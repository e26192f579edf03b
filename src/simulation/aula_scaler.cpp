// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "simulation/scaler.hpp"

namespace aula::simulation {

fleet::Plan AulaScaler::decide(const fleet::Snapshot& snapshot, const fleet::Demand& demand,
                               WallTime now) {
    auto plan = fleet::plan(snapshot, demand, policy_, now);
    assignments_ = std::move(plan.assignments);
    return plan;
}

std::optional<fleet::ServerKey> AulaScaler::place(const fleet::NewRoom& room,
                                                  const fleet::Snapshot& snapshot, WallTime now) {
    const auto server = fleet::place(room, snapshot, assignments_, now);
    if (server) {
        // Its seats are a room's now, and no longer held.
        const auto held = std::find_if(assignments_.begin(), assignments_.end(),
                                       [&](const auto& one) { return one.lesson == room.key; });
        if (held != assignments_.end()) assignments_.erase(held);
    }
    return server;
}

}  // namespace aula::simulation
