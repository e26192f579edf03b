// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "simulation/study.hpp"

namespace aula::simulation {

/// What was assumed, for the reader; in the order of telling.
struct About {
    bool is_trace = false;
    bool is_tuned = true;  // weeks are halved
    std::uint64_t first_seed = 1;
    unsigned seeds = 1;
    unsigned pupils = 0;
    unsigned days = 0;
    World world;
    std::vector<std::pair<std::string, std::string>> assumed;
};

/// Mean over seeds, and how far the mean may be off (95 %, Student's t).
struct Estimate {
    double mean = 0;
    double margin = 0;
    unsigned count = 0;
};
Estimate estimate(const std::vector<double>& values);

/// A policy's figures over all seeds together.
struct Summary {
    Figures figures;
    double node_minutes = 0;
    double lower_bound_minutes = 0;
    double packing_minutes = 0;
    double cost_eur = 0;
    double to_lower_bound() const { return ratio(node_minutes, lower_bound_minutes); }
    double to_packing() const { return ratio(node_minutes, packing_minutes); }
    static double ratio(double a, double b) { return b > 0 ? a / b : 0; }
};
enum class Part { judged, ordinary, lockdown, all };
Summary summary(const Study& study, const PolicyReport& policy, Part part);
/// Of one seed, or of `all`.
const Figures& figures_of(const Trial& trial, Part part);
const Reference& reference_of(const SeedBounds& bounds, Part part);
Estimate ratio_over_seeds(const Study& study, const PolicyReport& policy, Part part);

std::string to_json(const Study& study, const About& about);
/// One page that asks nobody for anything.
std::string to_html(const Study& study, const About& about);

}  // namespace aula::simulation
