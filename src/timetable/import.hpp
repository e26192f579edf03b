// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/worker.hpp"
#include "timetable/school.hpp"
#include "timetable/words.hpp"

namespace aula::timetable {

inline constexpr std::size_t most_import_bytes = 8 << 20;

/// Something that was left out or guessed; line 0: of the whole file.
struct ImportNote {
    std::size_t line = 0;
    std::string text;
};

struct Imported {
    std::vector<Row> rows;
    std::vector<DaysOff> days_off;
    std::vector<ImportNote> notes;
};

/// A spreadsheet's table, docs/protocol/timetable.md: header in German or English, comma, semicolon
/// or tab. An error names the line and what to do; nothing of a file with an error is taken.
/// A large file takes about a second: once `stopped` is set the answer is an error, and soon.
Expected<Imported, Error> read_csv(std::string_view text, const School& school,
                                   Language language = Language::english,
                                   const Worker::Stopped& stopped = Worker::never_stopped);
/// Rows as read_csv reads them.
std::string write_csv(const School& school);

/// A calendar (RFC 5545): every event's days between first and last, folded into weekly rows in the
/// school's own time zone. Events that last whole days are days off when they say so. Endless
/// recurrence stays open. `stopped` as of read_csv.
Expected<Imported, Error> read_icalendar(std::string_view text, const School& school, Date first,
                                         Date last, Language language = Language::english,
                                         const Worker::Stopped& stopped = Worker::never_stopped);

}  // namespace aula::timetable
