// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "fleet/snapshot.hpp"

namespace aula::hub {

/// What a stretch of time will ask for: taken from CityDemand on the hub's loop, reckoned up on any
/// thread.
struct CityForecast {
    struct Load {
        WallTime start, end;
        fleet::Seats seats = 0;
    };
    WallTime from;                          // a quarter of an hour begins
    std::vector<Load> announced;            // may overlap, and begin before `from`
    std::vector<fleet::Seats> unannounced;  // of each quarter
};

/// {"at": [ms...], "announced": [seats...], "unannounced": [...]}, in quarter-hours: the most seats
/// of each.
std::string forecast_json(const CityForecast& forecast);

}  // namespace aula::hub
