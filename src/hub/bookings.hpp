// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "fleet/demand.hpp"
#include "hub/lessons.hpp"

namespace aula::hub {

/// What a lesson's maker said of when it will be and for whom, docs/protocol/timetable.md. A lesson
/// without times is no announcement; its seats and school count when it opens.
struct Booking {
    std::optional<WallTime> start;
    std::optional<WallTime> end;
    fleet::Seats seats = 0;  // 0: not said
    std::string school;      // an id of Timetables; empty: not said
    std::string course;      // what its habit is learnt by: its title, when nothing was said
    bool is_planned() const { return start && end; }
};

/// From its settings: an Aula lesson's {"start", "end", "seats", "school"}, a meeting's metadata
/// and parameters. What cannot be read is as if it were not said.
Booking booking_of(const NewLesson& lesson);
/// The settings of a lesson that the API is to make: "start", "end", "seats", "school" and "course"
/// of its JSON body. Here what cannot be read is refused.
Expected<std::string, Error> booking_settings(std::string_view body);
/// "2026-11-23T07:45:00+01:00" (RFC 3339), or Unix seconds or milliseconds.
std::optional<WallTime> parse_moment(std::string_view text);

}  // namespace aula::hub
