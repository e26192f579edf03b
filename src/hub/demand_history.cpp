// SPDX-License-Identifier: Apache-2.0
// What lessons really were, in the store: written when somebody comes, while it goes on, and when
// it is over, so that a hub that is killed loses half a minute of it at most.
#include <algorithm>

#include <fmt/core.h>

#include "base/log.hpp"
#include "hub/demand_state.hpp"
#include "store/store.hpp"

namespace aula::hub {

using namespace city_demand;

namespace {

constexpr std::chrono::days history_kept{400};  // thirteen months and a few days
constexpr std::size_t most_rows_forgotten = 5'000;
constexpr std::size_t rows_a_read = 5'000;

WallTime moment_of(std::int64_t at) { return WallTime(std::chrono::milliseconds(at)); }

bool is_sane(const store::PastLesson& row, WallTime now) {
    return row.start > 0 && row.start <= row.end && row.end <= unix_ms(now) &&
           row.planned_start >= 0 && row.planned_start <= row.planned_end &&
           row.planned_end <= unix_ms(now + history_kept);
}

/// Answers lessons page by page, so that the store's thread does other things in between.
struct Reading : std::enable_shared_from_this<Reading> {
    void go_on() {
        store->ask(
            [after = after, until = until](soci::session& session) {
                return store::load_past_lessons(session, after, until, rows_a_read);
            },
            [self = shared_from_this()](Expected<std::vector<store::PastLesson>, Error> page) {
                self->take(std::move(page));
            });
    }
    void take(Expected<std::vector<store::PastLesson>, Error> page) {
        if (!page) return answered(std::move(page));
        const bool is_last = page->size() < rows_a_read;
        std::move(page->begin(), page->end(), std::back_inserter(found));
        if (found.size() > CityDemand::most_recorded)
            return answered(fail(
                Error{ErrorCode::invalid, "these are over 200,000 lessons: ask for fewer days"}));
        if (is_last) return answered(std::move(found));
        after = {found.back().first_mention(), found.back().id};
        go_on();
    }

    store::Store* store;
    store::PastLessonCursor after;
    std::int64_t until;
    CityDemand::Recorded answered;
    std::vector<store::PastLesson> found;
};

}  // namespace

void CityDemand::State::restore(const std::vector<store::PastLesson>& open_ones) {
    nodes_are_back = wiring.loop->now() + wiring.nodes_dial_in;
    const WallTime at = now();
    expand(at, at);
    for (const auto& row : open_ones) {
        if (!is_sane(row, at)) {
            log::warning("a lesson that went on is not taken over", {{"id", row.id}});
            continue;
        }
        const auto* lesson = wiring.lessons->find(row.room);
        Live room;
        if (lesson != nullptr) room = live_from(*lesson, moment_of(row.start));
        room.school = row.school;
        room.is_again = row.planned_seats == 0;
        if (row.planned_seats != 0) {
            room.announced = row.planned_seats;
            room.start = moment_of(row.planned_start);
            room.end = moment_of(row.planned_end);
        }
        room.opened = moment_of(row.start);
        room.peak = room.saved_peak = row.seats;
        room.empty_since = room.saved_end = moment_of(row.end);
        room.is_restored = true;
        live.emplace(row.room, room);
        if (lesson != nullptr) mark_open(*lesson, room.opened, room.empty_since);
    }
}

/// Whether those who are in a restored room now came to the lesson that is known of: the room was
/// not empty for long while nobody looked.
bool CityDemand::State::goes_on(const std::string& lesson, const Live& room) const {
    const auto people = wiring.lessons->attendees(lesson);
    return people.empty() || std::any_of(people.begin(), people.end(), [&](const auto* one) {
               return wiring.clock.at(one->joined) <= room.empty_since + closes_after;
           });
}

store::PastLesson CityDemand::State::row_of(const std::string& lesson, const Live& room) const {
    store::PastLesson row;
    row.id = fmt::format("{}/{}", lesson, unix_ms(room.opened) / 1'000);
    row.room = lesson;
    row.school = room.school;
    // Who comes back to a lesson after a while was announced once.
    if (room.start && room.end && !room.is_again) {
        row.planned_start = unix_ms(*room.start);
        row.planned_end = unix_ms(*room.end);
        row.planned_seats = room.announced;
    }
    row.start = unix_ms(room.opened);
    row.end = unix_ms(room.empty_since == no_time ? now() : room.empty_since);
    row.seats = room.peak;
    row.goes_on = true;
    return row;
}

void CityDemand::State::record(std::vector<store::PastLesson> rows) const {
    wiring.store->ask(
        [rows = std::move(rows)](soci::session& session) {
            for (const auto& row : rows) store::save_past_lesson(session, row);
        },
        [](const Expected<void, Error>& saved) {
            if (!saved) log::error("a lesson was not recorded", {{"why", saved.error().text}});
        });
}

void CityDemand::State::save_rooms() {
    std::vector<store::PastLesson> rows;
    for (auto& [id, room] : live) {
        const WallTime end = room.empty_since == no_time ? now() : room.empty_since;
        if (end == room.saved_end && room.peak == room.saved_peak) continue;
        room.saved_end = end;
        room.saved_peak = room.peak;
        rows.push_back(row_of(id, room));
    }
    if (!rows.empty()) record(std::move(rows));
}

/// Its room's lesson has a booking at that time, which is nearer to the truth.
bool CityDemand::State::is_booked(const Announced& entry) {
    const auto room = room_of(entry);
    const auto* lesson = room ? wiring.lessons->find(*room) : nullptr;
    if (lesson == nullptr) return false;
    const Booking made = booking(*lesson);
    return made.is_planned() && *made.start < entry.end && entry.start < *made.end;
}

void CityDemand::State::record_absence(const Announced& entry) {
    if (entry.size == 0 || is_booked(entry)) return;
    store::PastLesson row;
    row.id = fmt::format("timetable/{:016x}", entry.key);
    row.school = entry.school;
    row.planned_start = unix_ms(entry.start);
    row.planned_end = unix_ms(entry.end);
    row.planned_seats = entry.size;
    record({std::move(row)});
}

void CityDemand::State::record_absent_bookings(WallTime at) {
    for (const auto& [id, made] : bookings) {
        // Of older ones the hub has told before its restart.
        if (!made.is_planned() || *made.end > at || *made.end < at - expanded_back) continue;
        if (live.contains(id) || !met.insert(id).second) continue;
        const auto* lesson = wiring.lessons->find(id);
        if (lesson == nullptr || lesson->started) continue;
        store::PastLesson row;
        row.id = fmt::format("{}/booked/{}", id, unix_ms(*made.start) / 1'000);
        row.room = id;
        row.school = key_of_school(made);
        row.planned_start = unix_ms(*made.start);
        row.planned_end = unix_ms(*made.end);
        row.planned_seats = made.seats != 0 ? made.seats : wiring.usual_class;
        record({std::move(row)});
    }
}

void CityDemand::recorded(WallTime from, WallTime until, Recorded answered) const {
    auto reading = std::make_shared<Reading>();
    reading->store = state_->wiring.store;
    reading->after = {unix_ms(from), {}};
    reading->until = unix_ms(until);
    reading->answered = std::move(answered);
    reading->go_on();
}

void CityDemand::forget_old() {
    state_->wiring.store->ask(
        [before = unix_ms(state_->now() - history_kept)](soci::session& session) {
            store::delete_past_lessons(session, before, most_rows_forgotten);
        },
        [](const Expected<void, Error>&) {});
}

}  // namespace aula::hub
