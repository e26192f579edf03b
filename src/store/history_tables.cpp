// SPDX-License-Identifier: Apache-2.0
#include "store/history_tables.hpp"

#include "store/columns.hpp"

namespace aula::store {

namespace {

constexpr const char* columns =
    "SELECT id, room, CAST(school AS TEXT), CAST(planned_start AS TEXT),"
    " CAST(planned_end AS TEXT), CAST(planned_seats AS TEXT), CAST(began AS TEXT),"
    " CAST(ended AS TEXT), CAST(seats AS TEXT), CAST(goes_on AS TEXT) FROM past_lessons ";

std::vector<PastLesson> lessons_of(const soci::rowset<soci::row>& rows) {
    std::vector<PastLesson> found;
    for (const soci::row& row : rows) {
        const auto count = [&](std::size_t column) {
            return static_cast<std::uint32_t>(long_column(row, column));
        };
        found.push_back({row.get<std::string>(0), row.get<std::string>(1), count(2),
                         long_column(row, 3), long_column(row, 4), count(5), long_column(row, 6),
                         long_column(row, 7), count(8), long_column(row, 9) != 0});
    }
    return found;
}

}  // namespace

void save_past_lesson(soci::session& session, const PastLesson& lesson) {
    const auto first_mention = static_cast<long long>(lesson.first_mention());
    const auto school = static_cast<long long>(lesson.school);
    const auto planned_start = static_cast<long long>(lesson.planned_start);
    const auto planned_end = static_cast<long long>(lesson.planned_end);
    const auto planned_seats = static_cast<long long>(lesson.planned_seats);
    const auto start = static_cast<long long>(lesson.start);
    const auto end = static_cast<long long>(lesson.end);
    const auto seats = static_cast<long long>(lesson.seats);
    const int goes_on = lesson.goes_on ? 1 : 0;
    session << "INSERT OR REPLACE INTO past_lessons VALUES (:id, :room, :first_mention, :school,"
               " :planned_start, :planned_end, :planned_seats, :start, :end, :seats, :goes_on)",
        soci::use(lesson.id), soci::use(lesson.room), soci::use(first_mention), soci::use(school),
        soci::use(planned_start), soci::use(planned_end), soci::use(planned_seats),
        soci::use(start), soci::use(end), soci::use(seats), soci::use(goes_on);
}

std::vector<PastLesson> load_lessons_that_go_on(soci::session& session) {
    return lessons_of((session.prepare << columns << "WHERE goes_on = 1 ORDER BY id"));
}

std::vector<PastLesson> load_past_lessons(soci::session& session, const PastLessonCursor& after,
                                          std::int64_t until, std::size_t most) {
    const auto from = static_cast<long long>(after.first_mention);
    const auto end = static_cast<long long>(until);
    const auto limit = static_cast<long long>(most);
    return lessons_of((session.prepare << columns
                                       << "WHERE (first_mention, id) > (:from, :id)"
                                          " AND first_mention < :until AND goes_on = 0"
                                          " ORDER BY first_mention, id LIMIT :most",
                       soci::use(from, "from"), soci::use(after.id, "id"), soci::use(end, "until"),
                       soci::use(limit, "most")));
}

void delete_past_lessons(soci::session& session, std::int64_t before, std::size_t most) {
    const auto oldest = static_cast<long long>(before);
    const auto limit = static_cast<long long>(most);
    session << "DELETE FROM past_lessons WHERE id IN (SELECT id FROM past_lessons"
               " WHERE first_mention < :oldest ORDER BY first_mention LIMIT :most)",
        soci::use(oldest, "oldest"), soci::use(limit, "most");
}

}  // namespace aula::store
