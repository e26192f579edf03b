// SPDX-License-Identifier: Apache-2.0
#include "hub/stored_lesson.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "lesson/json.hpp"
#include "store/tables.hpp"

namespace aula::hub {

namespace {

// With a whole log behind it, it still fits into a frame of 4 MiB.
constexpr std::size_t most_snapshot_bytes = 2 << 20;

std::string bounded_snapshot(const lesson::Lesson& lesson) {
    lesson::Snapshot snapshot = lesson.snapshot();
    std::string json = lesson::stored_snapshot(lesson.seq(), snapshot);
    auto& chat = snapshot.chat;
    while (json.size() > most_snapshot_bytes && !chat.empty()) {
        chat.erase(chat.begin(), chat.begin() + static_cast<std::ptrdiff_t>(chat.size() / 2 + 1));
        json = lesson::stored_snapshot(lesson.seq(), snapshot);
    }
    return json;
}

/// Events after a gap can never be taken over, and would stand in the way of new ones of the same
/// numbers.
bool is_whole(const std::vector<std::string>& stored) {
    lesson::Lesson lesson;
    return std::ranges::all_of(
        stored, [&](const std::string& one) { return lesson::take_stored(lesson, one); });
}

}  // namespace

void shorten_log(soci::session& session, const std::string& room) {
    lesson::Lesson lesson;
    for (const std::string& stored : store::load_events(session, room))
        (void)lesson::take_stored(lesson, stored);
    if (lesson.seq() == 0) return;
    const std::string snapshot = bounded_snapshot(lesson);
    store::delete_events(session, room);
    store::save_snapshot(session, room, lesson.seq(), snapshot);
}

std::vector<std::string> load_lesson(soci::session& session, const std::string& room) {
    auto stored = store::load_events(session, room);
    LogSize size;
    for (const std::string& one : stored) size.add(one.size());
    const bool whole = is_whole(stored);
    if (!size.is_long() && whole) return stored;
    if (!whole) log::error("a lesson's log has a gap, what follows is left out", {{"room", room}});
    shorten_log(session, room);
    return store::load_events(session, room);
}

}  // namespace aula::hub
