// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "timetable/school.hpp"

namespace aula::timetable {

/// One lesson on one day by the school's own clock.
struct Occurrence {
    Date date;
    TimeOfDay from{};
    TimeOfDay to{};
    std::string course;
    std::uint32_t size = 0;
    std::string meeting;
    int endless_weeks = 0;  // of a recurrence without end: how often it comes; 0: it ends
};

/// Weekly rows that give these lessons and no others. Weeks that are left out become exceptions,
/// unless they are off anyway; a long pause begins a new row. An endless one stays open when the
/// next lesson would come after what was looked at.
std::vector<Row> fold(std::vector<Occurrence> occurrences, const School& school,
                      const std::vector<DaysOff>& more_days_off, Date looked_until);

}  // namespace aula::timetable
