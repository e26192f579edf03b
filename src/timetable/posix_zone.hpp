// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace aula::timetable {

/// A rule for all years to come, as zone files end with: "CET-1CEST,M3.5.0,M10.5.0/3" (POSIX TZ
/// with the extension of RFC 8536 section 3.3.1).
class PosixZone {
public:
    static std::optional<PosixZone> parse(std::string_view text);

    /// Seconds east of UTC.
    std::int32_t offset(std::int64_t unix_seconds) const;

    /// A day of each year.
    struct Day {
        enum class Kind : std::uint8_t { month_week_day, without_leap_day, with_leap_day };
        Kind kind = Kind::month_week_day;
        unsigned month = 1, week = 1, weekday = 0;
        int day_of_year = 0;
        std::int32_t time = 7200;  // after midnight, by the clock before the change

        std::int64_t in_year(int year) const;  // that moment, as if the clock showed UTC
    };

private:
    std::int32_t standard_ = 0;
    std::int32_t summer_ = 0;
    bool has_summer_ = false;
    Day begin_;  // of summer time
    Day end_;
};

}  // namespace aula::timetable
