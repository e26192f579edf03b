// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fleet/timing.hpp"
#include "hub/bookings.hpp"
#include "hub/demand.hpp"
#include "hub/fleet_key.hpp"
#include "timetable/text.hpp"

/// Inside of CityDemand: demand.cpp says what is expected, demand_learning.cpp learns from what
/// happens.
namespace aula::hub {

namespace city_demand {

constexpr const char* habits_setting = "habits";
constexpr Duration opens_early = std::chrono::minutes(30);  // a room that opens so long before a
                                                            // lesson is its room
constexpr Duration quarter = std::chrono::minutes(15);
constexpr WallTime no_time{};

inline fleet::CourseKey course_key(std::string_view course) {
    return lesson_key(timetable::plain(course));
}

}  // namespace city_demand

struct CityDemand::State {
    struct Announced {
        fleet::LessonKey key = 0;
        fleet::SchoolKey school = 0;
        WallTime start, end;
        fleet::Seats size = 0;
        fleet::CourseKey course = 0;
        std::string meeting;
        bool was_open = false;
        bool is_learnt = false;
    };
    /// A room that somebody is or was in a moment ago.
    struct Live {
        fleet::SchoolKey school = 0;
        fleet::CourseKey course = 0;
        fleet::Seats announced = 0;  // 0: nobody did
        fleet::Seats now = 0;
        fleet::Seats peak = 0;
        WallTime empty_since;
        WallTime opened;
        std::optional<WallTime> end;  // as announced
    };
    using Entries = std::vector<std::size_t>;

    explicit State(Wiring w) : wiring(std::move(w)) {}
    ~State() { wiring.loop->cancel(timer); }

    WallTime now() const { return wiring.clock.now(); }
    fleet::SchoolKey key_of_school(const Booking& booking) const {
        const auto* entry =
            booking.school.empty() ? nullptr : wiring.timetables->find(booking.school);
        return entry == nullptr ? 0 : entry->key;
    }
    const Booking& booking(const LessonRecord& lesson);
    void read_lessons();
    void forget(const LessonRecord& lesson);
    std::optional<std::string> room_of(const Announced& entry) const;
    const Announced* entry_for(const LessonRecord& lesson, WallTime at, WallTime* end);
    Entries entries_for(const LessonRecord& lesson);

    /// Makes `announced` hold what lies about `at`, and up to `until`.
    void expand(WallTime at, WallTime until);
    void add_timetables(KnownDemand& known, WallTime from, WallTime until);
    void add_bookings(KnownDemand& known, WallTime from, WallTime until);
    void add_unannounced(KnownDemand& known, WallTime from, WallTime until) const;
    bool is_school_day(timetable::Date date) const;
    fleet::WeekSlot slot_of(WallTime at) const;

    void on_news(const LessonNews& news);
    void count(const LessonRecord& lesson);
    void finish(const std::string& lesson);
    void tick();
    void learn_absences(WallTime at);
    void learn_quarter(WallTime at);
    void save();

    Wiring wiring;
    timetable::Zone zone = timetable::Zone::utc();
    fleet::Habits habits;
    bool is_changed = false;
    fleet::TimingRecord timing_record;
    fleet::Timing timing;  // of the record, as it was at the last quarter of an hour
    net::TimerId timer = net::TimerId::none;

    std::vector<Announced> announced;  // by start
    std::map<std::string, Entries> by_meeting;
    std::map<std::pair<fleet::SchoolKey, fleet::CourseKey>, Entries> by_course;
    bool is_expanded = false;
    WallTime expanded_from, expanded_until;

    std::unordered_map<std::string, Booking> bookings;  // of lessons that are not over
    std::map<std::pair<fleet::SchoolKey, fleet::CourseKey>, std::string> courses;  // to lesson
    std::map<std::string, Live> live;
    fleet::Seats unannounced_peak = 0;
    std::optional<fleet::WeekSlot> current_slot;
};

}  // namespace aula::hub
