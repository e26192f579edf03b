// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <numeric>

#include "simulation/chance.hpp"
#include "simulation/cost.hpp"
#include "simulation/report.hpp"

namespace aula::simulation {
namespace {

/// Two-sided 95 % point of Student's t.
double student(std::size_t degrees) {
    static constexpr std::array<double, 31> table = {
        0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
        2.201, 2.179,  2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080,
        2.074, 2.069,  2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
    return degrees < table.size() ? table[degrees] : 1.96;
}

}  // namespace

Estimate estimate(const std::vector<double>& values) {
    Estimate result;
    result.count = static_cast<unsigned>(values.size());
    if (values.empty()) return result;
    const auto n = static_cast<double>(values.size());
    result.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    if (values.size() < 2) return result;
    double squares = 0;
    for (const double value : values) squares += (value - result.mean) * (value - result.mean);
    result.margin = student(values.size() - 1) * std::sqrt(squares / (n - 1) / n);
    return result;
}

const Figures& figures_of(const Trial& trial, Part part) {
    switch (part) {
        case Part::judged:
            return trial.judged;
        case Part::ordinary:
            return trial.ordinary;
        case Part::lockdown:
            return trial.lockdown;
        case Part::all:
            break;
    }
    return trial.all;
}

const Reference& reference_of(const SeedBounds& bounds, Part part) {
    switch (part) {
        case Part::judged:
            return bounds.judged;
        case Part::ordinary:
            return bounds.ordinary;
        case Part::lockdown:
            return bounds.lockdown;
        case Part::all:
            break;
    }
    return bounds.all;
}

Summary summary(const Study& study, const PolicyReport& policy, Part part) {
    Summary result;
    for (std::size_t seed = 0; seed < policy.trials.size(); ++seed) {
        result.figures.add(figures_of(policy.trials[seed], part));
        result.lower_bound_minutes += reference_of(study.bounds[seed], part).fluid_minutes;
        result.packing_minutes += reference_of(study.bounds[seed], part).packing_minutes;
    }
    result.node_minutes = in_minutes(result.figures.node_time);
    result.cost_eur = euros_of_nodes(result.figures.node_time);
    if (policy.pays_disks) result.cost_eur += euros_of_disks(result.figures.server_time);
    return result;
}

Estimate ratio_over_seeds(const Study& study, const PolicyReport& policy, Part part) {
    std::vector<double> ratios;
    for (std::size_t seed = 0; seed < policy.trials.size(); ++seed) {
        const auto minutes = in_minutes(figures_of(policy.trials[seed], part).node_time);
        const auto packing = reference_of(study.bounds[seed], part).packing_minutes;
        if (packing > 0) ratios.push_back(minutes / packing);
    }
    return estimate(ratios);
}

}  // namespace aula::simulation
