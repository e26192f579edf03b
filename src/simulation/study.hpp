// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "simulation/bounds.hpp"
#include "simulation/run.hpp"

namespace aula::simulation {

/// One rule with its knobs set.
struct Candidate {
    std::string family;  // "aula", "always_on", ...
    std::string knobs;   // in words
    std::function<std::unique_ptr<Scaler>()> make;
    bool pays_disks = false;    // servers that are off cost their disks
    double frontier_knob = -1;  // on the curve of cost against waiting; -1: not
};

struct StudyTask {
    std::function<Lessons(std::uint64_t seed)> lessons;
    World world;
    unsigned first_seed = 1;
    unsigned seeds = 1;
    bool is_tuned = true;  // on the even weeks, and judged on the uneven ones; else all as they are
    unsigned tuning_seeds = 2;  // on which all settings are tried, if there are so many
    unsigned search_rounds = 1000;
    std::function<void(const std::string&)> progress = [](const std::string&) {};
};

/// A candidate on one seed. `judged`: figures of the weeks that count.
struct Trial {
    Figures judged;
    Figures ordinary;  // of the judged, without the lockdown
    Figures lockdown;
    Figures all;
    unsigned api_calls_max_per_min = 0;
    unsigned most_nodes = 0;
    unsigned orders_refused_by_us = 0;
    Duration ledger{};
    Duration meter{};
    Stopwatch planning;
};

struct Reference {
    double fluid_minutes = 0;
    double packing_minutes = 0;
};
struct SeedBounds {
    Reference judged, ordinary, lockdown, all;
};

struct PolicyReport {
    std::string name;
    std::string knobs;
    bool pays_disks = false;
    std::vector<Trial> trials;    // by seed
    std::vector<Sample> samples;  // of the weeks that are drawn, first seed
};

/// A point of cost against waiting: every setting that was tried, on the seeds for tuning.
struct TriedSetting {
    std::string family;
    std::string knobs;
    double frontier_knob = -1;
    Figures tuned_on;
    Figures ordinary;  // of the judged weeks, without the lockdown
    bool is_chosen = false;
};

struct Study {
    std::vector<PolicyReport> policies;  // ours first
    std::vector<TriedSetting> tried;
    unsigned tuning_seeds = 1;
    std::vector<SeedBounds> bounds;         // by seed
    WallTime drawn_from{};                  // the week that is drawn
    std::optional<WallTime> lockdown_from;  // and this one
    unsigned days = 0;
    Duration took{};
};

/// The settings that are tried, made for a city with this highest ordinary load in nodes.
using Settings = std::function<std::vector<Candidate>(unsigned peak_nodes)>;

Study study(const StudyTask& task, const Settings& settings);

/// What a setting is chosen by: a lesson delayed over 30 s is as bad as ten hours of a node (about
/// 2.40 euros at the example prices), one that is refused ten times that.
double badness(const Figures& figures);

}  // namespace aula::simulation
