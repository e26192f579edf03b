// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/snapshot.hpp"
#include "simulation/chance.hpp"

namespace aula::simulation {

/// What goes wrong, to order.
struct Faults {
    double dead_boots = 0;      // of power-ons: the node never says hello
    double failed_jobs = 0;     // of power-ons: the cloud takes the order and does not carry it out
    double outages_a_year = 0;  // of the API: 20 minutes from 07:40 of a working day
    double throttled_days = 0;  // of working days: 20 calls a minute from 07:30 to 08:30
};

inline constexpr Faults ordinary_faults{
    .dead_boots = 0.01, .failed_jobs = 0.01, .outages_a_year = 3, .throttled_days = 0.02};
inline constexpr Faults hard_faults{
    .dead_boots = 0.1, .failed_jobs = 0.1, .outages_a_year = 30, .throttled_days = 0.2};

/// The cloud in which a run takes place.
struct World {
    fleet::Seats seats_per_node = 200;
    BootTime standby_boot;
    BootTime template_boot;
    Duration shutdown = std::chrono::seconds(5);
    unsigned standby_servers = 0;  // that exist at the beginning, off
    unsigned calls_a_minute = 210;
    Duration patience = std::chrono::minutes(10);  // then people who wait have gone
    Faults faults;
    std::uint64_t seed = 1;
};

}  // namespace aula::simulation
