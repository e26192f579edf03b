// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "crypto/random.hpp"
#include "hub/lessons_state.hpp"
#include "hub/session_token.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {

namespace {

constexpr auto session_life = std::chrono::hours(24);
// So long a link of a lesson that is over still says so; its chat goes earlier.
constexpr auto ended_lesson_life = std::chrono::hours(24 * 30);
constexpr auto ended_events_life = std::chrono::hours(24);

/// `length` of 32 letters and digits that are hard to mistake for each other, 5 random bits each.
std::string random_code(std::size_t length) {
    constexpr std::string_view symbols = "0123456789abcdefghjkmnpqrstvwxyz";
    Buffer bytes(length);
    crypto::random_fill(bytes);
    std::string code;
    for (const std::uint8_t byte : bytes) code += symbols[byte % 32];
    return code;
}

}  // namespace

Lessons::Lessons(Wiring wiring) : state_(std::make_unique<State>(std::move(wiring))) {}
Lessons::~Lessons() = default;

Lessons::State::Entry& Lessons::State::add(LessonRecord record) {
    codes[record.teacher_code] = {record.id, Role::teacher};
    codes[record.pupil_code] = {record.id, Role::pupil};
    if (!record.made.external_id.empty()) external[record.made.external_id].push_back(record.id);
    std::string id = record.id;
    if (!record.ended) going_on.insert(id);
    return lessons.emplace(std::move(id), Entry{std::move(record), {}, {}}).first->second;
}

void Lessons::State::save(const LessonRecord& record, Stored stored) {
    wiring.store->ask(
        [row = row_of(record)](soci::session& session) { store::save_lesson(session, row); },
        [stored = std::move(stored)](const Expected<void, Error>& saved) {
            if (!saved) log::error("a lesson was not saved", {{"why", saved.error().text}});
            if (stored) stored(saved);
        });
}

void Lessons::State::save_end(Entry& entry, Stored stored) {
    entry.end_is_lost = false;
    save(entry.record, [this, id = entry.record.id,
                        stored = std::move(stored)](const Expected<void, Error>& saved) {
        if (auto* ended = find(id)) ended->end_is_lost = !saved;
        if (stored) stored(saved);
    });
}

Expected<void, Error> Lessons::load() {
    struct Loaded {
        std::vector<store::LessonRow> rows;
        std::map<std::string, std::vector<std::string>> events;
    };
    auto loaded = state_->wiring.store->run_now([](soci::session& session) {
        Loaded found;
        for (auto& row : store::load_lessons(session)) {
            if (row.ended == 0) found.events[row.id] = store::load_events(session, row.id);
            found.rows.push_back(std::move(row));
        }
        return found;
    });
    if (!loaded) return fail(std::move(loaded).error());
    for (auto& row : loaded->rows) {
        const std::string id = row.id;
        auto& entry = state_->add(record_of(std::move(row)));
        for (const std::string& stored : loaded->events[id]) entry.restore(stored);
    }
    return {};
}

void Lessons::create(NewLesson lesson, Created created) {
    LessonRecord record{.id = "l-" + random_code(12),
                        .made = std::move(lesson),
                        .teacher_code = random_code(10),
                        .pupil_code = random_code(10),
                        .created = state_->wiring.clock(),
                        .started = {},
                        .ended = {}};
    // In memory at once, so that a second create with the same external id finds it.
    const std::string id = record.id;
    const auto& entry = state_->add(std::move(record));
    const auto row = row_of(entry.record);
    state_->wiring.store->ask(
        [row](soci::session& session) { store::save_lesson(session, row); },
        [this, id, created = std::move(created)](Expected<void, Error> saved) mutable {
            auto* stored = state_->find(id);
            if (!saved) {
                if (stored != nullptr) remove(id);
                return created(fail(std::move(saved).error()));
            }
            if (stored == nullptr)
                return created(fail(Error{ErrorCode::conflict, "removed meanwhile"}));
            state_->tell({.kind = LessonNews::Kind::created, .lesson = stored->record});
            created(&stored->record);
        });
}

void Lessons::change(const std::string& id, std::string title, std::string settings) {
    auto* entry = state_->find(id);
    if (entry == nullptr) return;
    entry->record.made.title = std::move(title);
    entry->record.made.settings = std::move(settings);
    state_->save(entry->record);
}

void Lessons::State::end(Entry& entry, lesson::EndReason why, Stored stored) {
    entry.record.ended = wiring.clock();
    going_on.erase(entry.record.id);
    save_end(entry, std::move(stored));
    if (wiring.is_open(entry.record.id)) wiring.close_room(entry.record.id, why);
    tell({.kind = LessonNews::Kind::ended, .lesson = entry.record});
    entry.presence = {};
}

bool Lessons::end(const std::string& id, lesson::EndReason why, Stored stored) {
    auto* entry = state_->find(id);
    if (entry == nullptr || (entry->record.ended && !entry->end_is_lost)) return false;
    if (entry->record.ended)
        state_->save_end(*entry, std::move(stored));
    else
        state_->end(*entry, why, std::move(stored));
    return true;
}

bool Lessons::remove(const std::string& id) {
    auto* entry = state_->find(id);
    if (entry == nullptr) return false;
    if (!entry->record.ended) state_->end(*entry, lesson::EndReason::platform);
    state_->codes.erase(entry->record.teacher_code);
    state_->codes.erase(entry->record.pupil_code);
    if (const auto at = state_->external.find(entry->record.made.external_id);
        at != state_->external.end()) {
        std::erase(at->second, id);
        if (at->second.empty()) state_->external.erase(at);
    }
    state_->lessons.erase(id);
    state_->wiring.store->ask(
        [id](soci::session& session) { store::delete_lesson(session, id); },
        [](const Expected<void, Error>& done) {
            if (!done) log::error("a lesson was not deleted", {{"why", done.error().text}});
        });
    return true;
}

const LessonRecord* Lessons::find(const std::string& id) const {
    const auto* entry = state_->find(id);
    return entry == nullptr ? nullptr : &entry->record;
}

const LessonRecord* Lessons::find_external(const std::string& external_id) const {
    const auto at = state_->external.find(external_id);
    if (at == state_->external.end()) return nullptr;
    for (auto id = at->second.rbegin(); id != at->second.rend(); ++id) {
        const LessonRecord* lesson = find(*id);
        if (lesson != nullptr && !lesson->ended) return lesson;
    }
    return nullptr;
}

std::optional<std::pair<const LessonRecord*, Role>> Lessons::find_code(
    const std::string& code) const {
    const auto at = state_->codes.find(code);
    if (at == state_->codes.end()) return std::nullopt;
    return std::pair(find(at->second.first), at->second.second);
}

std::vector<const LessonRecord*> Lessons::list(bool with_ended) const {
    std::vector<const LessonRecord*> found;
    if (with_ended) {
        for (const auto& [id, entry] : state_->lessons) found.push_back(&entry.record);
    } else {
        for (const std::string& id : state_->going_on) found.push_back(find(id));
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto* a, const auto* b) { return a->created < b->created; });
    return found;
}

std::string Lessons::seal(const Session& session) const {
    return seal_session(session, state_->wiring.session_key, state_->wiring.clock() + session_life);
}
Expected<Session, Error> Lessons::unseal(std::string_view sealed) const {
    return unseal_session(sealed, state_->wiring.session_key, state_->wiring.clock());
}

std::string Lessons::link(const LessonRecord& lesson, Role role) const {
    return state_->wiring.public_url + "/l/" +
           (role == Role::teacher ? lesson.teacher_code : lesson.pupil_code);
}
std::string Lessons::session_link(const LessonRecord& lesson, const Session& session) const {
    // The pupils' code even for a teacher: the address bar is seen by a whole class on a shared
    // screen.
    return link(lesson, Role::pupil) + "#session=" + seal(session);
}

void Lessons::listen(Listener listener) { state_->listeners.push_back(std::move(listener)); }

void Lessons::forget_old() {
    const WallTime now = state_->wiring.clock();
    std::vector<std::string> old_events, old_lessons;
    for (const auto& [id, entry] : state_->lessons) {
        const auto ended = entry.record.ended;
        if (ended && *ended + ended_lesson_life < now) old_lessons.push_back(id);
        if (ended && *ended + ended_events_life < now) old_events.push_back(id);
    }
    state_->wiring.store->ask(
        [old_events](soci::session& session) {
            for (const std::string& id : old_events) store::delete_events(session, id);
        },
        [](const Expected<void, Error>&) {});
    for (const std::string& id : old_lessons) remove(id);
}

std::size_t Lessons::size() const { return state_->lessons.size(); }

}  // namespace aula::hub
