// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "timetable/zone.hpp"

namespace aula::timetable {

/// A recurrence of days, weeks, months or years (RFC 5545 section 3.3.10) at one time of day. Ours
/// and not libical's: that steps through ICU's calendar, and a rule that never comes true keeps it
/// busy for minutes.
struct Recurrence {
    enum class Frequency : std::uint8_t { daily, weekly, monthly, yearly };
    struct WeekdayOf {
        std::chrono::weekday day;
        int position = 0;  // the nth of its month or year, from the end when negative; 0: each
    };

    Frequency frequency = Frequency::weekly;
    unsigned interval = 1;
    std::size_t count = 0;  // 0: no limit
    std::optional<LocalTime> until;
    std::chrono::weekday week_start = std::chrono::Monday;
    std::vector<int> months, month_days, year_days, weeks, positions;
    std::vector<WeekdayOf> weekdays;

    /// The same days in each week (1), or each other one (2), for ever; 0: something else.
    int endless_weeks() const {
        const bool is_bare = months.empty() && month_days.empty() && year_days.empty() &&
                             weeks.empty() && positions.empty() && count == 0 && !until;
        if (!is_bare) return 0;
        if (frequency == Frequency::weekly && interval <= 2) return static_cast<int>(interval);
        return frequency == Frequency::daily && interval == 1 ? 1 : 0;
    }
};

/// The days in the window on which it happens, from `start` on. Each day that is looked at takes
/// one of `steps`; when none is left the answer is nothing.
std::optional<std::vector<Date>> expand(const Recurrence& rule, LocalTime start,
                                        std::pair<Date, Date> window, std::size_t& steps);

}  // namespace aula::timetable
