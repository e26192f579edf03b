// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/worker.hpp"
#include "simulation/run.hpp"

namespace aula::hub {

/// Lessons that are to be lived through in virtual time, once with each policy.
struct OutlookQuestion {
    std::vector<simulation::Lesson> lessons;
    WallTime from;  // the simulation's midnight
    unsigned days = 1;
    std::vector<fleet::Policy> policies;
    simulation::World world;
};

struct OutlookRun {
    struct Ordered {
        WallTime at;
        fleet::Action action;
    };
    simulation::Outcome outcome;
    std::vector<Ordered> orders;
};

/// Answers a question about the fleet with the simulator; a week of a city takes about a second, so
/// not on a loop. Nothing: it was stopped.
std::optional<std::vector<OutlookRun>> live_through(const OutlookQuestion& question,
                                                    const Worker::Stopped& stopped);

}  // namespace aula::hub
