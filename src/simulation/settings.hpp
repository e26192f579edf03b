// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/policy.hpp"
#include "simulation/study.hpp"

namespace aula::simulation {

struct SettingsTask {
    fleet::Seats seats_per_node = 200;
    unsigned most_nodes = 100;
    bool is_tuned = true;    // ours too; else the defaults
    bool has_others = true;  // the rules that others use
};
/// Ours and everybody else's, each with a grid over its own knobs.
std::vector<Candidate> settings(const SettingsTask& task, unsigned peak_nodes);

/// fleet::Policy's defaults, with ceilings that a city of this size needs.
fleet::Policy policy_for(const SettingsTask& task, unsigned peak_nodes);

}  // namespace aula::simulation
