// SPDX-License-Identifier: Apache-2.0
#include "simulation/foresight.hpp"

#include <algorithm>
#include <utility>

namespace aula::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// More than any boot, gap or learnt earliness; see fleet::Demand.
constexpr auto horizon = minutes(150);

unsigned day_of(WallTime at, WallTime from) {
    return static_cast<unsigned>((at - from) / hours(24));
}

unsigned quarter_of(WallTime at, WallTime from) {
    return static_cast<unsigned>((at - from) % hours(24) / minutes(15));
}

}  // namespace

void Foresight::announced(const Lesson& lesson) {
    const auto& planned = *lesson.planned;
    Entry entry;
    entry.lesson = {lesson.key, lesson.school, planned.start, planned.end, planned.seats};
    entry.course = lesson.course;
    where_.emplace(lesson.key, gone_ + agenda_.size());
    agenda_.push_back(entry);
    ++announced_by_day_[day_of(planned.start, from_)];
    anything_announced_ = true;
}

void Foresight::no_longer_expected(fleet::LessonKey key) {
    const auto found = where_.find(key);
    if (found == where_.end()) return;
    agenda_[found->second - gone_].is_expected = false;
    where_.erase(found);
}

void Foresight::opened(const Lesson& lesson, WallTime now) {
    if (lesson.planned) {
        record_.opened(lesson.planned->start, lesson.start);
    } else {
        count_unannounced(now, static_cast<int>(lesson.seats));
    }
}

void Foresight::ended(const Lesson& lesson, WallTime opened, WallTime now) {
    if (lesson.planned) {
        record_.ended(lesson.planned->end, now);
        habits_.learn({lesson.school, lesson.course, lesson.planned->seats, lesson.seats});
    } else {
        record_.ended_unannounced(now - opened);
        count_unannounced(now, -static_cast<int>(lesson.seats));
    }
}

void Foresight::nobody_came(const Lesson& lesson) {
    habits_.learn({lesson.school, lesson.course, lesson.planned->seats, 0});
}

void Foresight::count_unannounced(WallTime now, int seats) {
    const auto quarter = quarter_of(now, from_);
    const auto before = static_cast<fleet::Seats>(unannounced_now_);
    for (; quarter_ < quarter; ++quarter_) peaks_[quarter_] = std::max(peaks_[quarter_], before);
    peaks_[quarter] = std::max(peaks_[quarter], before);
    unannounced_now_ = std::max(0, unannounced_now_ + seats);
    peaks_[quarter] = std::max(peaks_[quarter], static_cast<fleet::Seats>(unannounced_now_));
}

void Foresight::day_over() {
    const bool was_school_day =
        announced_by_day_.erase(today_) != 0 ||
        (!anything_announced_ &&
         std::any_of(peaks_.begin(), peaks_.end(), [](fleet::Seats peak) { return peak != 0; }));
    if (was_school_day) {
        for (unsigned quarter = 0; quarter < peaks_.size(); ++quarter) {
            const auto at = from_ + hours(24) * today_ + minutes(15) * quarter;
            habits_.learn_unannounced(slot(at), peaks_[quarter]);
        }
    }
    peaks_.fill(0);
    quarter_ = 0;
    ++today_;
    is_timing_old_ = true;
}

fleet::WeekSlot Foresight::slot(WallTime at) {
    // 1970-01-05 was the first Monday.
    constexpr WallTime monday{std::chrono::sys_days(std::chrono::days(4))};
    return static_cast<fleet::WeekSlot>((at - monday) % hours(24 * 7) / minutes(15));
}

fleet::Seats Foresight::expected_seats(const Lesson& lesson) const {
    return habits_.expected(lesson.school, lesson.course, lesson.planned->seats);
}

void Foresight::drop_old(WallTime now) {
    while (!agenda_.empty() && !agenda_.front().is_expected && agenda_.front().lesson.start < now) {
        agenda_.pop_front();
        ++gone_;
    }
    known_until_ = std::max(known_until_, gone_);
}

fleet::Demand Foresight::demand(WallTime now) {
    drop_old(now);
    if (std::exchange(is_timing_old_, false)) timing_ = record_.timing();
    coming_.clear();
    std::size_t index = 0;
    for (; index < agenda_.size() && agenda_[index].lesson.start <= now + horizon; ++index) {
        auto& entry = agenda_[index];
        if (!entry.is_expected) continue;
        if (!entry.is_reckoned) {
            entry.is_reckoned = true;
            entry.lesson.seats =
                habits_.expected(entry.lesson.school, entry.course, entry.lesson.seats);
        }
        coming_.push_back(entry.lesson);
    }
    known_until_ = gone_ + index;

    unannounced_.clear();
    const auto first = now - (now - from_) % minutes(15);
    for (auto at = first; at < now + horizon; at += minutes(15)) {
        const bool is_school_day =
            !anything_announced_ || announced_by_day_.contains(day_of(at, from_));
        const auto seats = is_school_day ? habits_.unannounced(slot(at)) : 0;
        if (seats != 0) unannounced_.push_back({at, at + minutes(15), seats});
    }
    return {coming_, unannounced_, timing_};
}

WallTime Foresight::beyond_horizon() const {
    const auto index = known_until_ - gone_;
    return index < agenda_.size() ? agenda_[index].lesson.start : WallTime::max();
}

}  // namespace aula::simulation
