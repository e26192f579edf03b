// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "simulation/figures.hpp"
#include "simulation/lesson.hpp"
#include "simulation/scaler.hpp"
#include "simulation/world.hpp"

namespace aula::simulation {

/// What is looked at during a run besides its figures.
struct Watch {
    std::function<bool(WallTime)> is_drawn;  // load and nodes are kept of such times
    std::function<void(WallTime, const fleet::Action&)> on_action;
    std::function<void(unsigned day)> on_day;
    std::function<bool()> is_stopped;  // asked at every step; then the run ends, its outcome is of
                                       // no use
};

struct Outcome {
    std::vector<Figures> weeks;
    unsigned api_calls_max_per_min = 0;
    unsigned most_nodes = 0;
    Stopwatch planning;
    Duration ledger{};  // sum of the power intervals as ordered; equals the meter's
    Duration meter{};
    unsigned orders_refused_by_us = 0;  // to stop a server with rooms, and the like; a bug if not 0
    std::vector<Sample> samples;

    Figures sum(const std::function<bool(unsigned week)>& chosen) const;
};

/// Lives through the lessons with this scaler deciding.
Outcome run(const Lessons& lessons, const World& world, Scaler& scaler, const Watch& watch = {});

}  // namespace aula::simulation
