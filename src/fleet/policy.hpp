// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/time.hpp"
#include "fleet/demand.hpp"

namespace aula::fleet {

/// The knobs of plan(). An operator sees and moves them on the page; the defaults let
/// few wait rather than save the last percent (docs/measurements/fleet_year.md).
struct Policy {
    Seats seats_per_node = 200;  // of a server that is to be made
    double fill = 1.0;           // share of a node's seats that announced lessons may fill
    Duration ready_before = std::chrono::seconds(120);  // nodes are ready so long before the
                                                        // first room on them is reckoned to open
    Duration bell_window = std::chrono::minutes(10);    // a lesson in this time asks for spares
    unsigned bell_spares = 0;     // nodes more than needed before a bell: a boot may fail
    unsigned standby_spares = 0;  // nodes more than needed while any lesson is on
    Seats reserve_room = 30;  // while rooms are expected, one of that size finds seats unannounced
    double unannounced_share = 0.2;  // of the seats that habit expects for rooms nobody announced
    double live_headroom = 0.02;  // and as many more such rooms as this share of live seats makes
    Duration idle_safety = std::chrono::seconds(60);  // added to the boot when a gap is judged
    unsigned least_nodes = 0;   // on at all times, also when nobody is expected
    unsigned standby_pool = 0;  // pre-installed servers that are to exist, on or off
    unsigned most_nodes = 100;
    unsigned most_starts = 40;  // in ten minutes
    double euros_a_day = 0;     // no ceiling; starts stop there, lessons go on
    unsigned strikes = 3;
};

}  // namespace aula::fleet
