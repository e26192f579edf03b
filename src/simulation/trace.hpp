// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "simulation/lesson.hpp"

namespace aula::simulation {

inline constexpr std::string_view trace_header =
    "lesson,school,planned_start,planned_end,planned_seats,start,end,seats";
inline constexpr std::size_t most_trace_bytes = std::size_t{1} << 30;
inline constexpr std::size_t most_trace_lessons = 5'000'000;
inline constexpr std::size_t most_trace_days = 3'700;

enum class TraceFault : std::uint8_t {
    too_large,
    header,        // not lesson,school,planned_start,planned_end,planned_seats,start,end,seats
    fields,        // not eight
    name,          // empty or longer than 200 bytes
    number,        // not a whole number, or out of range
    half_planned,  // some of the three planned columns are empty, some are not
    half_real,     // the same of the three real ones
    nothing,       // neither planned nor real
    order,         // an end before its start, or more than 24 hours after it
    seats,         // of a lesson that takes place: 0, or over 100,000
    twice,         // the same lesson again
    span,          // more than ten years from first to last
    empty,         // no lesson at all
};

struct TraceError {
    std::size_t line = 0;  // from 1; 0: the whole file
    TraceFault fault = TraceFault::empty;
};
/// "line 7: the end is before the start"
std::string in_words(const TraceError& error);

/// Recorded lessons, by first mention. RFC 4180 with commas; a lesson of which the three real
/// columns are empty was announced and did not take place.
Expected<std::vector<Lesson>, TraceError> read_trace(std::string_view csv);

/// As a run wants them, from the midnight (UTC) before the first mention on.
Lessons replay(std::vector<Lesson> lessons);

}  // namespace aula::simulation
