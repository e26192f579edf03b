// SPDX-License-Identifier: Apache-2.0
#include "simulation/settings.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "simulation/baselines.hpp"

namespace aula::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// The grid of one family.
class Grid {
public:
    explicit Grid(std::vector<Candidate>& out) : out_(out) {}

    template <class Rule>
    void add(const char* family, std::string knobs, const Rule& rule) {
        Candidate candidate;
        candidate.family = family;
        candidate.knobs = std::move(knobs);
        candidate.make = [rule] { return make_scaler(rule); };
        out_.push_back(std::move(candidate));
    }

    void add(const fleet::Policy& policy, double frontier_knob) {
        Candidate candidate;
        candidate.family = "aula";
        candidate.knobs = fmt::format(
            "headroom {:.0f} %, {:.0f} % of unannounced seats, ready {} s before, {} "
            "spare at a bell, idle + {} s",
            policy.live_headroom * 100, policy.unannounced_share * 100,
            whole_seconds(policy.ready_before), policy.bell_spares,
            whole_seconds(policy.idle_safety));
        candidate.make = [policy] { return std::make_unique<AulaScaler>(policy); };
        candidate.pays_disks = true;
        candidate.frontier_knob = frontier_knob;
        out_.push_back(std::move(candidate));
    }

private:
    static long long whole_seconds(Duration span) {
        return duration_cast<std::chrono::seconds>(span).count();
    }
    std::vector<Candidate>& out_;
};

void add_ours(Grid& grid, const SettingsTask& task, unsigned peak) {
    const auto policy = policy_for(task, peak);
    grid.add(policy, -1);
    if (!task.is_tuned) return;
    for (const unsigned spares : {0u, 1u}) {
        for (const double share : {0.1, 0.6}) {
            if (spares == policy.bell_spares && share == policy.unannounced_share) continue;
            auto other = policy;
            other.bell_spares = spares;
            other.unannounced_share = share;
            grid.add(other, -1);
        }
    }
    for (const double headroom : {0.0, 0.1, 0.4, 0.8}) {
        auto other = policy;
        other.live_headroom = headroom;
        grid.add(other, headroom);
    }
}

void add_fixed(Grid& grid, unsigned peak) {
    for (const double share : {0.8, 0.9, 1.0, 1.25}) {
        OfficeHours rule;
        rule.nodes = std::max(1u, static_cast<unsigned>(std::ceil(share * peak)));
        rule.always = true;
        if (share >= 0.9) grid.add("always_on", fmt::format("{} nodes", rule.nodes), rule);
        rule.always = false;
        for (const unsigned outside : {0u, 1u}) {
            rule.nodes_outside = outside;
            rule.until = hours(16);
            grid.add("office_hours",
                     fmt::format("{} nodes from 7 to 16, then {}", rule.nodes, outside), rule);
        }
    }
}

void add_divims(Grid& grid) {
    for (const double factor : {1.25, 1.5, 2.0, 3.0}) {
        DivimsRule rule;
        rule.factor = factor;
        rule.factor_when_growing = factor * 1.5;
        const auto knobs = fmt::format("{} or {} times", factor, rule.factor_when_growing);
        grid.add("divims", knobs, rule);
        rule.has_calendar = true;
        for (const int lead : {10, 20}) {
            rule.lead = minutes(lead);
            grid.add("divims_calendar", fmt::format("{}, calendar {} min early", knobs, lead),
                     rule);
        }
    }
}

void add_jitsi(Grid& grid) {
    for (const double up : {0.3, 0.5}) {
        for (const int pause : {60, 480}) {
            for (const unsigned least : {1u, 4u}) {
                JitsiRule rule;
                rule.up = up;
                rule.down = up * 0.6;
                rule.pause = std::chrono::seconds(pause);
                rule.least = least;
                rule.step = pause < 480 ? 1 : 2;
                grid.add("jitsi",
                         fmt::format("over {} for 2 min, +{}, pause {} s, at least {}", up,
                                     rule.step, pause, least),
                         rule);
            }
        }
    }
}

void add_one_more(Grid& grid, unsigned peak) {
    for (const double threshold : {0.2, 0.35}) {
        for (const double share : {0.0, 0.5, 1.0}) {
            OneMoreRule rule;
            rule.threshold = threshold;
            rule.least_in_window = std::max(1u, static_cast<unsigned>(std::ceil(share * peak)));
            grid.add("one_more",
                     fmt::format("over {} one more, at least {} from 7 to 12:30", threshold,
                                 rule.least_in_window),
                     rule);
        }
    }
}

void add_target(Grid& grid) {
    for (const double target : {0.35, 0.5, 0.7}) {
        for (const unsigned least : {1u, 4u}) {
            TargetRule rule;
            rule.target = target;
            rule.least = least;
            grid.add("target_utilisation",
                     fmt::format("{:.0f} %, window 300 s, at least {}", target * 100, least), rule);
        }
    }
}

}  // namespace

fleet::Policy policy_for(const SettingsTask& task, unsigned peak_nodes) {
    fleet::Policy policy;
    policy.seats_per_node = task.seats_per_node;
    policy.most_nodes = task.most_nodes;
    policy.most_starts = std::max(policy.most_starts, task.most_nodes);
    // Enough for ordinary days; what a lockdown needs is made from the template.
    policy.standby_pool = std::min(task.most_nodes, peak_nodes + peak_nodes / 4 + 2);
    return policy;
}

std::vector<Candidate> settings(const SettingsTask& task, unsigned peak_nodes) {
    std::vector<Candidate> candidates;
    Grid grid(candidates);
    add_ours(grid, task, peak_nodes);
    if (!task.has_others) return candidates;
    add_fixed(grid, peak_nodes);
    add_divims(grid);
    add_jitsi(grid);
    add_one_more(grid, peak_nodes);
    add_target(grid);
    return candidates;
}

}  // namespace aula::simulation
