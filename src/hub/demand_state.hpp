// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fleet/timing.hpp"
#include "hub/bookings.hpp"
#include "hub/demand.hpp"
#include "hub/fleet_key.hpp"
#include "store/history_tables.hpp"
#include "timetable/text.hpp"

/// Inside of CityDemand: demand.cpp says what is expected, demand_learning.cpp learns from what
/// happens, demand_history.cpp writes down what happened.
namespace aula::hub {

namespace city_demand {

constexpr const char* habits_setting = "habits";
constexpr const char* timing_setting = "timing";
constexpr Duration opens_early = std::chrono::minutes(30);  // a room that opens so long before a
                                                            // lesson is its room
constexpr Duration quarter = std::chrono::minutes(15);
constexpr Duration closes_after = std::chrono::minutes(10);  // empty for so long: it is over
constexpr Duration expanded_back = std::chrono::hours(24);   // what is announced is known so far
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
        std::optional<WallTime> start;  // as announced
        std::optional<WallTime> end;
        bool is_again = false;     // the announced lesson had begun before
        bool is_restored = false;  // from the store; nobody was seen there since
        WallTime saved_end;        // as the store has it
        fleet::Seats saved_peak = 0;
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
    Booking booking(const LessonRecord& lesson);
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
    Live live_from(const LessonRecord& lesson, WallTime at);
    void mark_open(const LessonRecord& lesson, WallTime from, WallTime until);
    void finish(const std::string& lesson);
    std::vector<std::string> look_into_rooms(WallTime at);
    void tick();
    void learn_absences(WallTime at);
    void learn_quarter(WallTime at);
    void save();
    void save_timing();

    void restore(const std::vector<store::PastLesson>& open_ones);
    bool goes_on(const std::string& lesson, const Live& room) const;
    store::PastLesson row_of(const std::string& lesson, const Live& room) const;
    void save_rooms();
    void record(std::vector<store::PastLesson> rows) const;
    void record_absence(const Announced& entry);
    bool is_booked(const Announced& entry);
    void record_absent_bookings(WallTime at);

    Wiring wiring;
    timetable::Zone zone = timetable::Zone::utc();
    fleet::Habits habits;
    bool is_changed = false;
    fleet::TimingRecord timing_record;
    bool is_timing_changed = false;
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
    std::set<std::string> met;  // booked lessons that have begun, or to which nobody came
    Time nodes_are_back{};      // those that were there before a restart have dialled in
    fleet::Seats unannounced_peak = 0;
    std::optional<fleet::WeekSlot> current_slot;
};

}  // namespace aula::hub
