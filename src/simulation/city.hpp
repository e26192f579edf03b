// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "simulation/lesson.hpp"

namespace aula::simulation {

/// What the example city is like. Measured by nobody: no trace of a whole school year is public;
/// the report prints these figures.
struct CityTraits {
    unsigned pupils = 12'000;
    unsigned days = 365;
    std::uint64_t seed = 1;
    double online = 0.1;  // of all class hours on an ordinary day; tenfold in the lockdown week
    unsigned pupils_a_school = 600;
    double unannounced_least = 0.05;  // of a school's rooms; each school its own share
    double unannounced_most = 0.3;
    double attendance = 0.93;     // mean; each course its own
    double nobody_comes = 0.02;   // of announced lessons
    double roster_wrong = 0.05;   // of courses, by up to 30 %
    double overrun = 0.08;        // of lessons, by 6 minutes in the mean
    double shifted = 0.02;        // of lessons, up to 10 minutes early or late
    double unannounced_by = 0.1;  // of schools that do not announce the lockdown's first day
};

/// The school year from Monday 2026-08-31, by a clock that is UTC. Keeps the traits; makes each
/// day's lessons when asked, the same each time.
Lessons city(const CityTraits& traits);

/// The week of the lockdown: one of the uneven school weeks (those that policies are judged on), if
/// there is one.
std::optional<unsigned> lockdown_week(const CityTraits& traits);
bool is_school_day(unsigned day);

}  // namespace aula::simulation
