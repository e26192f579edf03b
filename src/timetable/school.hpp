// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "timetable/words.hpp"
#include "timetable/zone.hpp"

/// What a school announces: its week, its days off, its lesson times. Pure.
namespace aula::timetable {

// Of one school. A secondary school has about 1,500 rows a week.
inline constexpr std::size_t most_slots = 40;
inline constexpr std::size_t most_days_off = 400;
inline constexpr std::size_t most_rows = 20'000;
inline constexpr std::size_t most_row_exceptions = 400;
inline constexpr std::size_t most_name_bytes = 200;
inline constexpr std::uint32_t most_seats = 5'000;

/// "3rd lesson, 09:35 to 10:20".
struct Slot {
    std::string name;  // "3"
    TimeOfDay from{};
    TimeOfDay to{};
    friend bool operator==(const Slot&, const Slot&) = default;
};

struct DaysOff {
    Date first;
    Date last;  // included
    std::string name;
    friend bool operator==(const DaysOff&, const DaysOff&) = default;
};

enum class Weeks : std::uint8_t { every, a, b };

/// One line of the timetable: a course meets on a weekday, each week or each other one. A single
/// lesson is a row that is valid on one day.
struct Row {
    std::chrono::weekday day = std::chrono::Monday;
    std::string slot;  // a slot's name; empty: from and to count
    TimeOfDay from{};
    TimeOfDay to{};      // before from: the next day
    std::string course;  // "7b Physics"
    std::uint32_t size = 0;
    Weeks weeks = Weeks::every;
    std::optional<Date> valid_from;
    std::optional<Date> valid_until;  // included
    std::vector<Date> not_on;         // cancelled there; sorted
    std::string meeting;  // the BigBlueButton meetingID or lesson id by which its room will be
                          // opened, when it is known
    friend bool operator==(const Row&, const Row&) = default;
};

struct School {
    std::string id;  // "gym-nord": a-z, 0-9, '-', at most 64
    std::string name;
    std::string zone = "Europe/Berlin";
    std::optional<Date> week_a;  // any day of one A week; needed when a row is for A or B weeks
    std::vector<Slot> slots;
    std::vector<DaysOff> days_off;
    std::vector<Row> rows;
    friend bool operator==(const School&, const School&) = default;
};

/// One lesson on one day.
struct AnnouncedLesson {
    std::uint64_t key = 0;  // of school, course and start; the same whenever it is expanded
    WallTime start;
    WallTime end;
    std::uint32_t size = 0;
    std::string course;
    std::string meeting;
};

/// What is wrong with it, in a sentence with the row's number, or nothing.
Expected<void, Error> check(const School& school);
/// What is wrong with one row of this school, "has no weekday", or nothing.
std::optional<Words> what_is_wrong(const Row& row, const School& school);
bool is_school_id(std::string_view id);
bool is_off(const School& school, Date date);

/// The lessons that begin in [from, until), by start. Two rows of one course at one time are one
/// lesson. The school has been checked.
std::vector<AnnouncedLesson> expand(const School& school, const Zone& zone, WallTime from,
                                    WallTime until);

std::string to_json(const School& school);
/// Checked.
Expected<School, Error> school_from_json(std::string_view json);

/// "2026-09-01" and also "01.09.2026".
std::optional<Date> parse_date(std::string_view text);
std::string format_date(Date date);  // 2026-09-01
/// "7:45", "07:45", "07.45", "0745", "24:00".
std::optional<TimeOfDay> parse_time(std::string_view text);
std::string format_time(TimeOfDay time);  // 07:45

}  // namespace aula::timetable
