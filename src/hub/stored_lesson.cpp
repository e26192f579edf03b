// SPDX-License-Identifier: Apache-2.0
#include "hub/stored_lesson.hpp"

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

}  // namespace

void shorten_log(soci::session& session, const std::string& room) {
    lesson::Lesson lesson;
    for (const std::string& stored : store::load_events(session, room))
        (void)lesson::take_stored(lesson, stored);
    if (lesson.seq() == 0) return;
    store::save_snapshot(session, room, lesson.seq(), bounded_snapshot(lesson));
}

std::vector<std::string> load_lesson(soci::session& session, const std::string& room) {
    auto stored = store::load_events(session, room);
    LogSize size;
    for (const std::string& one : stored) size.add(one.size());
    if (!size.is_long()) return stored;
    shorten_log(session, room);
    return store::load_events(session, room);
}

}  // namespace aula::hub
