// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/log.hpp"
#include "hub/demand_state.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {

using namespace city_demand;
using namespace std::chrono_literals;

namespace {

constexpr Duration expanded_ahead = 36h;  // what a tick looks at is reckoned once for so long
constexpr Duration most_ahead = 24h * 9;  // the page asks for a week
constexpr Duration waits_late = 15min;    // who has not come then does not come
constexpr Duration joined_gap = 20min;    // a double lesson's break, in which its room stays open
constexpr Duration city_tick = 30s;
constexpr Duration least_real_tick = 400ms;

template <class Learnt>
void take_learnt(Expected<Learnt, Error> read, Learnt& into) {
    if (read)
        into = std::move(*read);
    else
        log::warning("what was learnt starts from nothing", {{"why", read.error().text}});
}

}  // namespace

Booking CityDemand::State::booking(const LessonRecord& lesson) {
    const auto at = bookings.find(lesson.id);
    if (at != bookings.end()) return at->second;
    Booking made = booking_of(lesson.made);
    if (lesson.ended) return made;  // nobody would take it out again
    if (const auto school = key_of_school(made); school != 0)
        courses[{school, course_key(made.course)}] = lesson.id;
    return bookings.emplace(lesson.id, std::move(made)).first->second;
}

/// Anew when schools come or go: a lesson may name one that was not there.
void CityDemand::State::read_lessons() {
    bookings.clear();
    courses.clear();
    for (const auto* lesson : wiring.lessons->list()) booking(*lesson);
}

void CityDemand::State::forget(const LessonRecord& lesson) {
    std::erase_if(courses, [&](const auto& one) { return one.second == lesson.id; });
    bookings.erase(lesson.id);
    met.erase(lesson.id);
}

std::optional<std::string> CityDemand::State::room_of(const Announced& entry) const {
    if (!entry.meeting.empty()) {
        const auto* lesson = wiring.lessons->find_external(entry.meeting);
        if (lesson == nullptr) lesson = wiring.lessons->find(entry.meeting);
        if (lesson != nullptr && !lesson->ended) return lesson->id;
    }
    const auto at = courses.find({entry.school, entry.course});
    return at == courses.end() ? std::nullopt : std::optional(at->second);
}

CityDemand::State::Entries CityDemand::State::entries_for(const LessonRecord& lesson) {
    Entries found;
    const auto add = [&](const auto& index, const auto& key) {
        const auto at = index.find(key);
        if (at != index.end()) found.insert(found.end(), at->second.begin(), at->second.end());
    };
    add(by_meeting, lesson.id);
    if (!lesson.made.external_id.empty()) add(by_meeting, lesson.made.external_id);
    const Booking made = booking(lesson);
    if (const auto school = key_of_school(made); school != 0)
        add(by_course, std::pair(school, course_key(made.course)));
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

/// The announced lesson that this one is at this time, and when it ends, with those that follow in
/// the same room.
const CityDemand::State::Announced* CityDemand::State::entry_for(const LessonRecord& lesson,
                                                                 WallTime at, WallTime* end) {
    expand(now(), now());
    const Announced* found = nullptr;
    for (const std::size_t index : entries_for(lesson)) {
        const Announced& entry = announced[index];
        if (found != nullptr) {
            if (entry.start - *end <= joined_gap) *end = std::max(*end, entry.end);
        } else if (entry.start - opens_early <= at && at < entry.end) {
            found = &entry;
            *end = entry.end;
        }
    }
    return found;
}

void CityDemand::State::expand(WallTime at, WallTime until) {
    until = std::min(until, at + most_ahead);
    const bool is_fresh = is_expanded && at >= expanded_from + expanded_back / 2 &&
                          at + expanded_ahead / 2 <= expanded_until && until <= expanded_until;
    if (is_fresh) return;
    std::map<fleet::LessonKey, std::pair<bool, bool>> before;
    for (const Announced& entry : announced) before[entry.key] = {entry.was_open, entry.is_learnt};
    expanded_from = at - expanded_back;
    expanded_until = std::max(at + expanded_ahead, until + expanded_ahead / 2);
    announced.clear();
    for (const auto& [id, school] : wiring.timetables->all()) {
        for (auto& lesson :
             timetable::expand(*school.school, school.zone, expanded_from, expanded_until)) {
            const auto known = before.find(lesson.key);
            const auto [was_open, is_learnt] =
                known == before.end() ? std::pair(false, lesson.end < at) : known->second;
            announced.push_back({lesson.key, school.key, lesson.start, lesson.end, lesson.size,
                                 course_key(lesson.course), std::move(lesson.meeting), was_open,
                                 is_learnt});
        }
    }
    std::sort(announced.begin(), announced.end(), [](const Announced& a, const Announced& b) {
        return std::tie(a.start, a.key) < std::tie(b.start, b.key);
    });
    by_meeting.clear();
    by_course.clear();
    for (std::size_t i = 0; i < announced.size(); ++i) {
        const Announced& entry = announced[i];
        if (!entry.meeting.empty()) by_meeting[entry.meeting].push_back(i);
        by_course[{entry.school, entry.course}].push_back(i);
    }
    is_expanded = true;
}

void CityDemand::State::add_timetables(KnownDemand& known, WallTime from, WallTime until) {
    const WallTime at = now();
    std::map<std::string, bool> keyed;  // rooms whose own number is given away
    const auto first =
        std::lower_bound(announced.begin(), announced.end(), from - waits_late,
                         [](const Announced& entry, WallTime time) { return entry.start < time; });
    for (auto entry = first; entry != announced.end() && entry->start < until; ++entry) {
        if (entry->was_open || entry->end <= at || entry->start + waits_late <= at) continue;
        fleet::ExpectedLesson lesson{entry->key, entry->school, entry->start, entry->end,
                                     habits.expected(entry->school, entry->course, entry->size)};
        if (const auto room = room_of(*entry)) {
            const bool is_open = live.contains(*room);
            if (is_open && entry->start - opens_early <= at) continue;
            if (is_booked(*entry)) continue;
            if (!is_open && keyed.emplace(*room, true).second) lesson.key = lesson_key(*room);
        }
        if (lesson.seats > 0) known.lessons.push_back(lesson);
    }
}

void CityDemand::State::add_bookings(KnownDemand& known, WallTime from, WallTime until) {
    const WallTime at = now();
    for (const auto& [id, made] : bookings) {
        if (!made.is_planned() || live.contains(id)) continue;
        if (*made.start < from - waits_late || *made.start >= until) continue;
        if (*made.end <= at || *made.start + waits_late <= at) continue;
        const auto school = key_of_school(made);
        const fleet::Seats seats = made.seats != 0 ? made.seats : wiring.usual_class;
        // The same number for a timetable's later lesson in this room would be ambiguous.
        const auto key = lesson_key(id);
        std::erase_if(known.lessons, [&](const auto& other) { return other.key == key; });
        known.lessons.push_back({key, school, *made.start, *made.end,
                                 habits.expected(school, course_key(made.course), seats)});
    }
    std::erase_if(known.lessons, [](const auto& lesson) { return lesson.seats == 0; });
    std::stable_sort(known.lessons.begin(), known.lessons.end(),
                     [](const auto& a, const auto& b) { return a.start < b.start; });
}

fleet::WeekSlot CityDemand::State::slot_of(WallTime at) const {
    const auto local = zone.local(at);
    const auto day = std::chrono::weekday(local.date).iso_encoding() - 1;
    return static_cast<fleet::WeekSlot>(day * 96 + local.since_midnight / quarter);
}

/// At least one school has lessons, or none has told its holidays.
bool CityDemand::State::is_school_day(timetable::Date date) const {
    const auto& all = wiring.timetables->all();
    return all.empty() || std::any_of(all.begin(), all.end(), [&](const auto& one) {
               return !timetable::is_off(*one.second.school, date);
           });
}

void CityDemand::State::add_unannounced(KnownDemand& known, WallTime from, WallTime until) const {
    const auto into = from.time_since_epoch() % WallClock::duration(quarter);
    for (WallTime at = from - into; at < until; at += quarter) {
        const fleet::Seats seats = habits.unannounced(slot_of(at));
        if (seats != 0 && is_school_day(zone.date(at)))
            known.unannounced.push_back({at, at + quarter, seats});
    }
}

CityDemand::CityDemand(Wiring wiring) : state_(std::make_unique<State>(std::move(wiring))) {}
CityDemand::~CityDemand() = default;

Expected<void, Error> CityDemand::load() {
    State& state = *state_;
    auto zone = timetable::Zone::load(state.wiring.zone);
    if (!zone) return fail(std::move(zone).error());
    state.zone = std::move(*zone);
    struct Loaded {
        std::optional<std::string> habits, timing;
        std::vector<store::PastLesson> open_ones;
    };
    const auto loaded = state.wiring.store->run_now([](soci::session& session) {
        return Loaded{store::load_setting(session, habits_setting),
                      store::load_setting(session, timing_setting),
                      store::load_lessons_that_go_on(session)};
    });
    if (!loaded) return fail(loaded.error());
    if (loaded->habits) take_learnt(fleet::Habits::from_json(*loaded->habits), state.habits);
    if (loaded->timing)
        take_learnt(fleet::TimingRecord::from_json(*loaded->timing), state.timing_record);
    state.timing = state.timing_record.timing();
    state.read_lessons();
    state.restore(loaded->open_ones);
    state.wiring.lessons->listen([this](const LessonNews& news) { state_->on_news(news); });
    state.wiring.timetables->on_change([this] {
        state_->is_expanded = false;
        state_->read_lessons();
        if (state_->wiring.changed) state_->wiring.changed();
    });
    state.timer = state.wiring.loop->every(
        std::max<Duration>(state.wiring.clock.real(city_tick), least_real_tick),
        [this] { state_->tick(); });
    return {};
}

KnownDemand CityDemand::expected(WallTime from, WallTime until) {
    State& state = *state_;
    state.expand(state.now(), until);
    KnownDemand known;
    known.timing = state.timing;
    state.add_timetables(known, from, until);
    state.add_bookings(known, from, until);
    state.add_unannounced(known, from, until);
    return known;
}

RoomDemand CityDemand::room(const std::string& name) const {
    State& state = *state_;
    RoomDemand found;
    found.key = lesson_key(name);
    const auto* lesson = state.wiring.lessons->find(name);
    if (lesson == nullptr) return found;
    const Booking made = state.booking(*lesson);
    found.school = state.key_of_school(made);
    found.seats = made.seats != 0 ? made.seats : state.wiring.usual_class;
    const WallTime at = state.now();
    if (made.is_planned() && *made.start - opens_early <= at && at < *made.end) {
        found.start = made.start;
        found.end = made.end;
        found.is_announced = true;
    }
    WallTime end;
    if (const auto* entry = state.entry_for(*lesson, at, &end)) {
        found.school = entry->school;
        found.seats =
            std::max(1u, state.habits.expected(entry->school, entry->course, entry->size));
        found.start = entry->start;
        found.end = std::max(end, found.end.value_or(end));
        found.is_announced = true;
    }
    return found;
}

fleet::SchoolKey CityDemand::school_of(const std::string& lesson) const {
    return room(lesson).school;
}

const fleet::Habits& CityDemand::habits() const { return state_->habits; }
const timetable::Zone& CityDemand::zone() const { return state_->zone; }

}  // namespace aula::hub
