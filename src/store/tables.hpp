// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace soci {
class session;
}

/// What a Store's work may do. Each throws what SOCI throws; the Store turns it into an Error.
/// Times are milliseconds since 1970.
namespace aula::store {

struct LessonRow {
    std::string id;
    std::string teacher_code;
    std::string pupil_code;
    std::string title;
    std::string external_id;  // a BigBlueButton meetingID, or empty
    std::string settings;     // JSON, its maker's own
    std::uint32_t max_participants = 0;
    std::uint32_t empty_timeout_seconds = 0;
    std::uint32_t departure_timeout_seconds = 0;
    bool ends_with_room = false;
    std::int64_t created = 0;
    std::int64_t started = 0;  // 0: nobody came yet
    std::int64_t ended = 0;    // 0: not ended
    std::string setup;         // JSON: how the lesson begins and ends; empty: nothing special
};

void save_lesson(soci::session& session, const LessonRow& lesson);  // inserts or replaces
/// The events go with it.
void delete_lesson(soci::session& session, const std::string& id);
std::vector<LessonRow> load_lessons(soci::session& session);

/// Events that are there already (sent again after a lost link) stay as they are.
void add_events(soci::session& session, const std::string& room, std::uint64_t first_sequence,
                const std::vector<std::string>& events, std::int64_t now);
/// Before the events the snapshot that stands for earlier ones, if there is one.
std::vector<std::string> load_events(soci::session& session, const std::string& room);
/// Stands from now on for all events up to this one, which are deleted, and stay so when they are
/// sent again.
void save_snapshot(soci::session& session, const std::string& room, std::uint64_t sequence,
                   const std::string& snapshot);
/// With the snapshot.
void delete_events(soci::session& session, const std::string& room);

std::optional<std::string> load_setting(soci::session& session, const std::string& name);
void save_setting(soci::session& session, const std::string& name, const std::string& value);

/// Small JSON documents of a kind ("bbb_hook", "removed"), each under a key.
void save_document(soci::session& session, const std::string& kind, const std::string& key,
                   const std::string& json);
void delete_document(soci::session& session, const std::string& kind, const std::string& key);
std::vector<std::pair<std::string, std::string>> load_documents(soci::session& session,
                                                                const std::string& kind);

}  // namespace aula::store
