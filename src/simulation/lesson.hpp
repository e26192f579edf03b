// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "fleet/demand.hpp"
#include "fleet/habits.hpp"

/// A city and its cloud in virtual time: the production decisions, others' rules beside them, and
/// how far all of them are from what full knowledge could have done.
namespace aula::simulation {

/// What was announced of a lesson, a day ahead.
struct Announcement {
    WallTime start;
    WallTime end;
    fleet::Seats seats = 0;
};

/// One lesson as it was announced and as it happened. Nobody who decides sees the second half
/// before it happens.
struct Lesson {
    fleet::LessonKey key = 0;
    fleet::SchoolKey school = 0;
    fleet::CourseKey course = 0;
    std::optional<Announcement> planned;
    WallTime start;          // its first person comes
    WallTime filled;         // from then on nobody new comes
    WallTime end;            // its last person goes
    fleet::Seats seats = 0;  // most people at once; 0: nobody came

    bool takes_place() const { return seats > 0 && start < end; }
    WallTime first_mention() const { return planned ? std::min(planned->start, start) : start; }
};

/// Lessons, made day by day. of_day(n) gives those whose first mention lies in that day (24 h from
/// `from`), by it.
struct Lessons {
    WallTime from;  // a midnight
    unsigned days = 0;
    std::function<std::vector<Lesson>(unsigned day)> of_day;
    /// Weeks in which nothing is as always; reported apart.
    std::function<bool(unsigned week)> is_lockdown = [](unsigned) { return false; };
};

}  // namespace aula::simulation
