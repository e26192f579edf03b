// SPDX-License-Identifier: Apache-2.0
#include "hub/lesson_trace.hpp"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "base/csv.hpp"
#include "simulation/trace.hpp"

namespace aula::hub {

namespace {

constexpr std::int64_t longest_seconds = 24 * 3'600;
constexpr std::uint32_t most_seats = 100'000;

/// ",1795415400,1795418100,27", or three empty columns. In whole seconds, one at least.
std::optional<std::string> columns_of(std::int64_t from_ms, std::int64_t until_ms,
                                      std::uint32_t seats) {
    if (seats == 0 || from_ms <= 0 || until_ms < from_ms) return std::nullopt;
    const std::int64_t from = from_ms / 1'000;
    const std::int64_t until = std::clamp(until_ms / 1'000, from + 1, from + longest_seconds);
    return fmt::format(",{},{},{}", from, until, std::min(seats, most_seats));
}

}  // namespace

std::string trace_csv(const std::vector<store::PastLesson>& lessons,
                      const std::function<std::string(fleet::SchoolKey)>& school_name) {
    constexpr const char* nothing = ",,,";
    std::string csv(simulation::trace_header);
    csv += "\r\n";
    for (const auto& lesson : lessons) {
        const auto planned =
            columns_of(lesson.planned_start, lesson.planned_end, lesson.planned_seats);
        const auto real = columns_of(lesson.start, lesson.end, lesson.seats);
        if (!planned && !real) continue;
        csv += csv_cell(lesson.id) + ',' + csv_cell(school_name(lesson.school)) +
               planned.value_or(nothing) + real.value_or(nothing) + "\r\n";
    }
    return csv;
}

}  // namespace aula::hub
