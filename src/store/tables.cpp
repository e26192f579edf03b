// SPDX-License-Identifier: Apache-2.0
#include "store/tables.hpp"

#include "store/columns.hpp"

namespace aula::store {

void save_lesson(soci::session& session, const LessonRow& lesson) {
    // SOCI binds the C++ types of long long, not of every integer.
    const auto most = static_cast<long long>(lesson.max_participants);
    const auto empty = static_cast<long long>(lesson.empty_timeout_seconds);
    const auto departure = static_cast<long long>(lesson.departure_timeout_seconds);
    const int ends = lesson.ends_with_room ? 1 : 0;
    const auto created = static_cast<long long>(lesson.created);
    const auto started = static_cast<long long>(lesson.started);
    const auto ended = static_cast<long long>(lesson.ended);
    session
        << "INSERT INTO lessons VALUES (:id, :teacher, :pupil, :title, :external, :settings, "
           ":most, :empty,"
           " :departure, :ends, :created, :started, :ended, :setup)"
           " ON CONFLICT (id) DO UPDATE SET title = excluded.title, settings = excluded.settings,"
           " started = excluded.started, ended = excluded.ended",
        soci::use(lesson.id), soci::use(lesson.teacher_code), soci::use(lesson.pupil_code),
        soci::use(lesson.title), soci::use(lesson.external_id), soci::use(lesson.settings),
        soci::use(most), soci::use(empty), soci::use(departure), soci::use(ends),
        soci::use(created), soci::use(started), soci::use(ended), soci::use(lesson.setup);
}

void delete_lesson(soci::session& session, const std::string& id) {
    session << "DELETE FROM lessons WHERE id = :id", soci::use(id);
    delete_events(session, id);
}

std::vector<LessonRow> load_lessons(soci::session& session) {
    std::vector<LessonRow> lessons;
    const soci::rowset<soci::row> rows =
        (session.prepare
         << "SELECT id, teacher_code, pupil_code, title, external_id, settings, max_participants,"
            " empty_timeout, departure_timeout, ends_with_room, CAST(created AS TEXT),"
            " CAST(started AS TEXT), CAST(ended AS TEXT), setup FROM lessons ORDER BY created, "
            "rowid");
    for (const soci::row& row : rows) {
        const auto number = [&](std::size_t column) {
            return static_cast<std::uint32_t>(row.get<int>(column));
        };
        lessons.push_back({.id = row.get<std::string>(0),
                           .teacher_code = row.get<std::string>(1),
                           .pupil_code = row.get<std::string>(2),
                           .title = row.get<std::string>(3),
                           .external_id = row.get<std::string>(4),
                           .settings = row.get<std::string>(5),
                           .max_participants = number(6),
                           .empty_timeout_seconds = number(7),
                           .departure_timeout_seconds = number(8),
                           .ends_with_room = number(9) != 0,
                           .created = long_column(row, 10),
                           .started = long_column(row, 11),
                           .ended = long_column(row, 12),
                           .setup = row.get<std::string>(13)});
    }
    return lessons;
}

void add_events(soci::session& session, const std::string& room, std::uint64_t first_sequence,
                const std::vector<std::string>& events, std::int64_t now) {
    auto sequence = static_cast<long long>(first_sequence);
    const auto at = static_cast<long long>(now);
    std::string event;
    soci::statement statement =
        (session.prepare
             << "INSERT OR IGNORE INTO lesson_events SELECT :room, :sequence, :at, :event"
                " WHERE NOT EXISTS (SELECT 1 FROM lesson_snapshots"
                " WHERE room = :room AND sequence >= :sequence)",
         soci::use(room, "room"), soci::use(sequence, "sequence"), soci::use(at, "at"),
         soci::use(event, "event"));
    for (const std::string& one : events) {
        event = one;
        statement.execute(true);
        ++sequence;
    }
}

std::vector<std::string> load_events(soci::session& session, const std::string& room) {
    const soci::rowset<std::string> rows =
        (session.prepare << "SELECT text FROM (SELECT 0 AS at, snapshot AS text"
                            " FROM lesson_snapshots WHERE room = :room"
                            " UNION ALL SELECT sequence, event FROM lesson_events"
                            " WHERE room = :room) ORDER BY at",
         soci::use(room, "room"));
    return {rows.begin(), rows.end()};
}

void save_snapshot(soci::session& session, const std::string& room, std::uint64_t sequence,
                   const std::string& snapshot) {
    const auto last = static_cast<long long>(sequence);
    session << "INSERT OR REPLACE INTO lesson_snapshots VALUES (:room, :last, :snapshot)",
        soci::use(room), soci::use(last), soci::use(snapshot);
    session << "DELETE FROM lesson_events WHERE room = :room AND sequence <= :last",
        soci::use(room), soci::use(last);
}

void delete_events(soci::session& session, const std::string& room) {
    session << "DELETE FROM lesson_snapshots WHERE room = :room", soci::use(room);
    session << "DELETE FROM lesson_events WHERE room = :room", soci::use(room);
}

std::optional<std::string> load_setting(soci::session& session, const std::string& name) {
    std::string value;
    session << "SELECT value FROM settings WHERE name = :name", soci::use(name), soci::into(value);
    if (!session.got_data()) return std::nullopt;
    return value;
}

void save_setting(soci::session& session, const std::string& name, const std::string& value) {
    session << "INSERT OR REPLACE INTO settings VALUES (:name, :value)", soci::use(name),
        soci::use(value);
}

void save_document(soci::session& session, const std::string& kind, const std::string& key,
                   const std::string& json) {
    session << "INSERT OR REPLACE INTO documents VALUES (:kind, :key, :json)", soci::use(kind),
        soci::use(key), soci::use(json);
}

void delete_document(soci::session& session, const std::string& kind, const std::string& key) {
    session << "DELETE FROM documents WHERE kind = :kind AND key = :key", soci::use(kind),
        soci::use(key);
}

std::vector<std::pair<std::string, std::string>> load_documents(soci::session& session,
                                                                const std::string& kind) {
    std::vector<std::pair<std::string, std::string>> documents;
    const soci::rowset<soci::row> rows =
        (session.prepare << "SELECT key, json FROM documents WHERE kind = :kind ORDER BY key",
         soci::use(kind));
    for (const soci::row& row : rows)
        documents.emplace_back(row.get<std::string>(0), row.get<std::string>(1));
    return documents;
}

}  // namespace aula::store
