// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/log.hpp"
#include "hub/demand_state.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {

using namespace city_demand;

namespace {

constexpr Duration closes_after = std::chrono::minutes(10);  // empty for so long: it is over

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

void CityDemand::State::count(const LessonRecord& lesson) {
    const WallTime at = now();
    auto known = live.find(lesson.id);
    if (known == live.end()) {
        Live room;
        const Booking& made = booking(lesson);
        room.opened = at;
        room.school = key_of_school(made);
        room.course = course_key(made.course);
        if (made.is_planned() && *made.start - opens_early <= at && at < *made.end) {
            room.announced = made.seats != 0 ? made.seats : wiring.usual_class;
            room.end = made.end;
            timing_record.opened(*made.start, at);
        }
        WallTime end;
        if (const auto* entry = entry_for(lesson, at, &end)) {
            room.school = entry->school;
            room.course = entry->course;
            room.announced = std::max(room.announced, entry->size);
            room.end = std::max(end, room.end.value_or(end));
            if (!entry->was_open) timing_record.opened(entry->start, at);
        }
        known = live.emplace(lesson.id, room).first;
    }
    for (const std::size_t index : entries_for(lesson)) {
        Announced& entry = announced[index];
        if (entry.start - opens_early <= at && at < entry.end) entry.was_open = true;
    }
    Live& room = known->second;
    room.now = static_cast<fleet::Seats>(wiring.lessons->attendees(lesson.id).size());
    room.peak = std::max(room.peak, room.now);
    room.empty_since = room.now == 0 ? at : no_time;
    fleet::Seats unannounced = 0;
    for (const auto& [id, one] : live) unannounced += one.announced == 0 ? one.now : 0;
    unannounced_peak = std::max(unannounced_peak, unannounced);
}

void CityDemand::State::finish(const std::string& lesson) {
    const auto at = live.find(lesson);
    if (at == live.end()) return;
    const Live& room = at->second;
    habits.learn({room.school, room.course, room.announced, room.peak});
    is_changed = is_changed || room.announced != 0;
    const WallTime left = room.empty_since != no_time ? room.empty_since : now();
    if (room.end)
        timing_record.ended(*room.end, left);
    else
        timing_record.ended_unannounced(left - room.opened);
    live.erase(at);
}

void CityDemand::State::learn_absences(WallTime at) {
    for (Announced& entry : announced) {
        if (entry.end > at) continue;
        if (!entry.was_open && !entry.is_learnt) {
            habits.learn({entry.school, entry.course, entry.size, 0});
            is_changed = true;
        }
        entry.is_learnt = true;
    }
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

void CityDemand::State::tick() {
    const WallTime at = now();
    expand(at, at);
    // Those that went on while this hub was away say no "joined".
    for (const auto* lesson : wiring.lessons->list()) {
        if (!live.contains(lesson->id) && wiring.lessons->is_running(lesson->id)) count(*lesson);
    }
    std::vector<std::string> over;
    for (auto& [id, room] : live) {
        // A node whose link was lost may come back with everybody.
        room.now = static_cast<fleet::Seats>(wiring.lessons->attendees(id).size());
        if (room.now != 0)
            room.empty_since = no_time;
        else if (room.empty_since == no_time)
            room.empty_since = at;
        if (room.now == 0 && at - room.empty_since >= closes_after) over.push_back(id);
    }
    for (const std::string& id : over) finish(id);
    learn_absences(at);
    learn_quarter(at);
}

void CityDemand::State::save() {
    if (!is_changed) return;
    is_changed = false;
    wiring.store->ask(
        [json = habits.to_json()](soci::session& session) {
            store::save_setting(session, habits_setting, json);
        },
        [](const Expected<void, Error>& saved) {
            if (!saved) log::warning("habits were not saved", {{"why", saved.error().text}});
        });
}

}  // namespace aula::hub
