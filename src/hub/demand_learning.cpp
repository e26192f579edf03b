// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/log.hpp"
#include "hub/demand_state.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {

using namespace city_demand;

namespace {

// A trace has no longer ones; a tick may come late.
constexpr Duration longest_lesson = std::chrono::hours(24) - std::chrono::minutes(5);

void save_learnt(store::Store& store, const char* name, std::string json) {
    store.ask([name, json = std::move(json)](
                  soci::session& session) { store::save_setting(session, name, json); },
              [](const Expected<void, Error>& saved) {
                  if (!saved)
                      log::warning("what was learnt was not saved", {{"why", saved.error().text}});
              });
}

}  // namespace

void CityDemand::State::on_news(const LessonNews& news) {
    using Kind = LessonNews::Kind;
    if (news.kind == Kind::created) {
        const bool is_planned = booking(news.lesson).is_planned();
        if (is_planned && wiring.changed) wiring.changed();
    } else if (news.kind == Kind::joined || news.kind == Kind::left) {
        count(news.lesson);
    } else if (news.kind == Kind::ended) {
        finish(news.lesson.id);
        forget(news.lesson);
    }
}

/// What is known of a room into which the first comes now.
CityDemand::State::Live CityDemand::State::live_from(const LessonRecord& lesson, WallTime at) {
    Live room;
    const Booking made = booking(lesson);
    room.opened = at;
    room.school = key_of_school(made);
    room.course = course_key(made.course);
    if (made.is_planned() && *made.start - opens_early <= at && at < *made.end) {
        room.announced = made.seats != 0 ? made.seats : wiring.usual_class;
        room.start = made.start;
        room.end = made.end;
        room.is_again = met.contains(lesson.id);
    }
    WallTime end;
    if (const auto* entry = entry_for(lesson, at, &end)) {
        room.school = entry->school;
        room.course = entry->course;
        room.announced = std::max(room.announced, entry->size);
        if (!room.start) room.start = entry->start;
        room.is_again = room.is_again || entry->was_open;
        room.end = std::max(end, room.end.value_or(end));
    }
    return room;
}

/// Somebody was there between these two moments.
void CityDemand::State::mark_open(const LessonRecord& lesson, WallTime from, WallTime until) {
    for (const std::size_t index : entries_for(lesson)) {
        Announced& entry = announced[index];
        if (entry.start - opens_early <= until && from < entry.end) entry.was_open = true;
    }
    const Booking made = booking(lesson);
    if (made.is_planned() && *made.start - opens_early <= until && from < *made.end)
        met.insert(lesson.id);
}

void CityDemand::State::count(const LessonRecord& lesson) {
    const WallTime at = now();
    auto known = live.find(lesson.id);
    if (known != live.end() && known->second.is_restored && !goes_on(lesson.id, known->second)) {
        finish(lesson.id);
        known = live.end();
    }
    if (known == live.end()) {
        known = live.emplace(lesson.id, live_from(lesson, at)).first;
        if (known->second.start && !known->second.is_again) {
            timing_record.opened(*known->second.start, at);
            is_timing_changed = true;
        }
    }
    mark_open(lesson, at, at);
    Live& room = known->second;
    room.is_restored = false;
    room.now = static_cast<fleet::Seats>(wiring.lessons->attendees(lesson.id).size());
    room.peak = std::max(room.peak, room.now);
    room.empty_since = room.now == 0 ? at : no_time;
    // At once when it begins, later with all others by the clock.
    if (room.saved_peak == 0) {
        room.saved_peak = room.peak;
        record({row_of(lesson.id, room)});
    }
    fleet::Seats unannounced = 0;
    for (const auto& [id, one] : live) unannounced += one.announced == 0 ? one.now : 0;
    unannounced_peak = std::max(unannounced_peak, unannounced);
}

void CityDemand::State::finish(const std::string& lesson) {
    const auto at = live.find(lesson);
    if (at == live.end()) return;
    Live& room = at->second;
    habits.learn({room.school, room.course, room.announced, room.peak});
    is_changed = is_changed || room.announced != 0;
    if (room.empty_since == no_time) room.empty_since = now();
    if (room.end)
        timing_record.ended(*room.end, room.empty_since);
    else
        timing_record.ended_unannounced(room.empty_since - room.opened);
    is_timing_changed = true;
    auto row = row_of(lesson, room);
    row.goes_on = false;
    record({std::move(row)});
    live.erase(at);
}

void CityDemand::State::learn_absences(WallTime at) {
    for (Announced& entry : announced) {
        if (entry.end > at) continue;
        if (!entry.was_open && !entry.is_learnt) {
            habits.learn({entry.school, entry.course, entry.size, 0});
            is_changed = true;
            record_absence(entry);
        }
        entry.is_learnt = true;
    }
    record_absent_bookings(at);
}

void CityDemand::State::learn_quarter(WallTime at) {
    const auto slot = slot_of(at);
    if (current_slot == slot) return;
    // A quarter that this hub did not see from its beginning says too little.
    const bool was_whole = current_slot && (*current_slot + 1) % fleet::week_slots == slot;
    if (was_whole && is_school_day(zone.date(at - quarter))) {
        habits.learn_unannounced(*current_slot, unannounced_peak);
        is_changed = true;
    }
    current_slot = slot;
    timing = timing_record.timing();
    unannounced_peak = 0;
    for (const auto& [id, room] : live) unannounced_peak += room.announced == 0 ? room.now : 0;
    save();
}

/// Answers those whose lesson is over.
std::vector<std::string> CityDemand::State::look_into_rooms(WallTime at) {
    std::vector<std::string> over;
    const bool are_nodes_back = wiring.loop->now() >= nodes_are_back;
    for (auto& [id, room] : live) {
        // A node whose link was lost may come back with everybody.
        room.now = static_cast<fleet::Seats>(wiring.lessons->attendees(id).size());
        if (room.now != 0)
            room.empty_since = no_time;
        else if (room.empty_since == no_time)
            room.empty_since = at;
        room.peak = std::max(room.peak, room.now);
        // Of a room that stays open for ever each day is a lesson.
        const bool is_long = at - room.opened >= longest_lesson;
        const bool is_left = room.now == 0 && at - room.empty_since >= closes_after;
        if (is_long || (is_left && (!room.is_restored || are_nodes_back))) over.push_back(id);
    }
    return over;
}

void CityDemand::State::tick() {
    const WallTime at = now();
    expand(at, at);
    // Those that went on while this hub was away say no "joined", nor do those whose second hour
    // begins.
    for (const auto* lesson : wiring.lessons->list()) {
        if (!wiring.lessons->is_running(lesson->id)) continue;
        const auto known = live.find(lesson->id);
        if (known == live.end() || known->second.is_restored)
            count(*lesson);
        else
            mark_open(*lesson, at, at);
    }
    for (const std::string& id : look_into_rooms(at)) finish(id);
    save_rooms();
    learn_absences(at);
    learn_quarter(at);
    save_timing();
}

void CityDemand::State::save() {
    if (!std::exchange(is_changed, false)) return;
    save_learnt(*wiring.store, habits_setting, habits.to_json());
}

void CityDemand::State::save_timing() {
    if (!std::exchange(is_timing_changed, false)) return;
    save_learnt(*wiring.store, timing_setting, timing_record.to_json());
}

}  // namespace aula::hub
