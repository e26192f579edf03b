// SPDX-License-Identifier: Apache-2.0
#include "simulation/run.hpp"

#include <algorithm>

#include "simulation/town.hpp"

namespace aula::simulation {

Figures Outcome::sum(const std::function<bool(unsigned week)>& chosen) const {
    Figures result;
    for (unsigned week = 0; week < weeks.size(); ++week) {
        if (chosen(week)) result.add(weeks[week]);
    }
    return result;
}

Outcome run(const Lessons& lessons, const World& world, Scaler& scaler, const Watch& watch) {
    return Town(lessons, world, scaler, watch).live();
}

}  // namespace aula::simulation
