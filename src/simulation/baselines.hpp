// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "simulation/scaler.hpp"

/// Rules that others use, as their sources or manuals have them. All place a room on the node with
/// the fewest people that has the seats; none knows of seats that will be needed.
namespace aula::simulation {

/// A fixed number of nodes, always, or between two times of working days; holidays are not known to
/// it.
struct OfficeHours {
    unsigned nodes = 1;
    bool always = false;
    Duration from = std::chrono::hours(7);  // of the day, by the clock of the run
    Duration until = std::chrono::hours(17);
    unsigned nodes_outside = 0;
};

/// DiViM-S (arawa/divims): each 5 minutes capacity for `factor` times the present participants and
/// meetings, `factor_when_growing` if they grew by a fifth; with its calendar the larger of that
/// and what is announced to be on in `lead` from now.
struct DivimsRule {
    double factor = 2;
    double factor_when_growing = 3;
    fleet::Seats participants_a_server = 250;
    unsigned meetings_a_server = 15;
    Duration counts_as_ready = std::chrono::minutes(6);  // after its start
    Duration least_life = std::chrono::minutes(15);
    bool has_calendar = false;
    Duration lead = std::chrono::minutes(10);
};

/// jitsi-autoscaler: one node more or fewer when the mean stress was beyond a threshold for some
/// minutes, then a pause.
struct JitsiRule {
    double up = 0.5;
    double down = 0.3;
    unsigned periods_up = 2;  // of a minute
    unsigned periods_down = 4;
    unsigned step = 1;
    Duration pause = std::chrono::seconds(480);
    unsigned least = 1;
};

/// bbb_scaler: each 5 minutes one more if the mean load is over the threshold; in a morning window
/// at least so many.
struct OneMoreRule {
    double threshold = 0.35;
    unsigned least_in_window = 1;
    unsigned least = 1;
};

/// Horizontal Pod Autoscaler: nodes for a target utilisation; at most doubled (or 4 more) in 15 s;
/// fewer only as the highest wish of 300 s allows.
struct TargetRule {
    double target = 0.7;
    unsigned least = 1;
    Duration window = std::chrono::seconds(300);
};

std::unique_ptr<Scaler> make_scaler(const OfficeHours& rule);
std::unique_ptr<Scaler> make_scaler(const DivimsRule& rule);
std::unique_ptr<Scaler> make_scaler(const JitsiRule& rule);
std::unique_ptr<Scaler> make_scaler(const OneMoreRule& rule);
std::unique_ptr<Scaler> make_scaler(const TargetRule& rule);

}  // namespace aula::simulation
