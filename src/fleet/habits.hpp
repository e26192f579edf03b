// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "fleet/demand.hpp"

namespace aula::fleet {

/// The caller's own number of a course ("7b Physics" of a school).
using CourseKey = std::uint64_t;
/// A quarter of an hour of the week by the city's clock: 0 is Monday 00:00, 671 Sunday 23:45.
using WeekSlot = std::uint16_t;
inline constexpr WeekSlot week_slots = 7 * 96;

struct LessonOutcome {
    SchoolKey school = 0;
    CourseKey course = 0;
    Seats announced = 0;
    Seats peak = 0;  // most people at once; 0: nobody came
};

/// What was learnt of how announced and real numbers differ, and of what nobody announces. Empty it
/// takes announced numbers as they are and expects nothing else; one odd day changes little, a few
/// in a row do. Pure; bounded.
class Habits {
public:
    /// Seats to reckon with.
    Seats expected(SchoolKey school, CourseKey course, Seats announced) const;
    void learn(const LessonOutcome& outcome);

    /// What at least two of the days that are remembered have needed at this time, older ones
    /// counting less.
    Seats unannounced(WeekSlot slot) const;
    /// The most seats of unannounced lessons in this stretch of a day that was a school day. Once a
    /// day and slot.
    void learn_unannounced(WeekSlot slot, Seats peak);

    std::string to_json() const;
    static Expected<Habits, Error> from_json(std::string_view json);

    friend bool operator==(const Habits&, const Habits&) = default;

private:
    static constexpr std::size_t most_courses = 100'000;
    static constexpr std::size_t weeks_kept = 8;

    /// Real over announced: a moving mean, and how far it is usually off.
    struct Show {
        float mean = 1;
        float deviation = 0;
        std::uint32_t count = 0;
        std::uint64_t seen = 0;  // outcomes_ at the last one
        void learn(float ratio);
        friend bool operator==(const Show&, const Show&) = default;
    };
    struct Days {
        std::array<Seats, weeks_kept> peaks{};  // the newest first
        std::uint8_t count = 0;
        friend bool operator==(const Days&, const Days&) = default;
    };
    void forget_one();

    std::map<std::pair<SchoolKey, CourseKey>, Show> courses_;
    std::map<SchoolKey, Show> schools_;
    std::array<Days, week_slots> slots_{};
    std::uint64_t outcomes_ = 0;
};

}  // namespace aula::fleet
