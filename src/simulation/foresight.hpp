// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <deque>
#include <unordered_map>

#include "fleet/habits.hpp"
#include "fleet/timing.hpp"
#include "simulation/lesson.hpp"

namespace aula::simulation {

/// All that may be known ahead, as the hub gathers it: announcements, and what was learnt from
/// lessons that are over. It is told of a real figure when that has happened.
class Foresight {
public:
    explicit Foresight(WallTime from) : from_(from) {}

    void announced(const Lesson& lesson);
    /// Its room opened, or it is not reckoned with any more.
    void no_longer_expected(fleet::LessonKey key);
    void opened(const Lesson& lesson, WallTime now);
    void ended(const Lesson& lesson, WallTime opened, WallTime now);
    void nobody_came(const Lesson& lesson);
    void day_over();

    fleet::Seats expected_seats(const Lesson& lesson) const;
    fleet::Demand demand(WallTime now);
    /// The next announced start that demand() does not tell of yet.
    WallTime beyond_horizon() const;

private:
    struct Entry {
        fleet::ExpectedLesson lesson;
        fleet::CourseKey course = 0;
        bool is_expected = true;
        bool is_reckoned = false;  // lesson.seats is what habit says, not what was announced
    };
    static fleet::WeekSlot slot(WallTime at);
    void count_unannounced(WallTime now, int seats);
    void drop_old(WallTime now);

    WallTime from_;
    fleet::Habits habits_;
    fleet::TimingRecord record_;
    fleet::Timing timing_;
    bool is_timing_old_ = false;  // it is reckoned anew once a day
    std::deque<Entry> agenda_;    // by announced start
    std::size_t gone_ = 0;        // entries that were dropped before agenda_.front()
    std::size_t known_until_ = 0;
    std::unordered_map<fleet::LessonKey, std::size_t> where_;
    std::vector<fleet::ExpectedLesson> coming_;
    std::vector<fleet::UnannouncedLoad> unannounced_;

    std::array<fleet::Seats, 96> peaks_{};  // of today's quarters of an hour
    unsigned quarter_ = 0;
    int unannounced_now_ = 0;
    std::unordered_map<unsigned, unsigned> announced_by_day_;
    bool anything_announced_ = false;
    unsigned today_ = 0;
};

}  // namespace aula::simulation
