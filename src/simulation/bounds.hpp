// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "simulation/lesson.hpp"

namespace aula::simulation {

/// A lesson as those see it who know everything: real times, real size.
struct Stretch {
    std::int64_t from = 0;  // seconds
    std::int64_t until = 0;
    std::uint32_t seats = 0;
};

/// Node-seconds that nobody can do without: at each moment as many nodes as hold all seats if rooms
/// could be split at will, and no boot took any time.
std::int64_t fluid_bound(std::span<const Stretch> stretches, std::uint32_t seats_per_node);

struct PackingTask {
    std::uint32_t seats_per_node = 200;
    std::int64_t boot_seconds = 90;
    unsigned search_rounds = 1000;  // of improving, for each hundred lessons
    std::uint64_t seed = 1;
};
/// Node-seconds of the best packing found with full knowledge: rooms are whole, stay where they
/// opened, and each power-on costs its boot; a node is kept on over a gap that is not longer.
/// A room with more seats than a node has one of its own.
std::int64_t best_packing(std::span<const Stretch> stretches, const PackingTask& task);

/// Both, by week of the lessons' starts.
struct WeekBounds {
    std::int64_t fluid_seconds = 0;
    std::int64_t packing_seconds = 0;
};
std::vector<WeekBounds> bounds_of(const Lessons& lessons, const PackingTask& task);

}  // namespace aula::simulation
