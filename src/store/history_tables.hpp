// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace soci {
class session;
}

/// Works of the store for what lessons really were. Times are milliseconds since 1970.
namespace aula::store {

/// A lesson as it was announced and as it was.
struct PastLesson {
    std::string id;    // of its room and when it opened; each once
    std::string room;  // a lesson's id; empty: of a timetable's lesson to which nobody came
    std::uint32_t school = 0;
    std::int64_t planned_start = 0;
    std::int64_t planned_end = 0;
    std::uint32_t planned_seats = 0;  // 0: nobody announced it
    std::int64_t start = 0;
    std::int64_t end = 0;     // when somebody was there last
    std::uint32_t seats = 0;  // most people at once; 0: nobody came
    bool goes_on = false;

    /// When it was first heard of: announced or begun.
    std::int64_t first_mention() const {
        return planned_seats != 0 && (seats == 0 || planned_start < start) ? planned_start : start;
    }
};

void save_past_lesson(soci::session& session, const PastLesson& lesson);  // inserts or replaces
/// Those that went on when they were written last.
std::vector<PastLesson> load_lessons_that_go_on(soci::session& session);

/// Where a page of load_past_lessons begins: behind this one.
struct PastLessonCursor {
    std::int64_t first_mention = 0;
    std::string id;
};
/// Over, first heard of at or after the cursor and before `until`; by that and by id.
std::vector<PastLesson> load_past_lessons(soci::session& session, const PastLessonCursor& after,
                                          std::int64_t until, std::size_t most);
/// Of the oldest that were first heard of before this moment.
void delete_past_lessons(soci::session& session, std::int64_t before, std::size_t most);

}  // namespace aula::store
