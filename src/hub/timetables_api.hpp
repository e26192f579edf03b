// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "hub/timetables.hpp"

/// What the operator's page asks and says about timetables: docs/protocol/timetable.md. Who may is
/// decided by the caller. Errors: invalid (400), not_found, conflict (409), unavailable (503).
namespace aula::hub {

using JsonAnswer = std::function<void(Expected<std::string, Error>)>;

/// {"schools": [{"id", "name", "zone", "rows", "largest", "version"}]}
std::string schools_json(const Timetables& timetables);
/// The school and its "version".
Expected<std::string, Error> school_json(const Timetables& timetables, std::string_view id);
/// Body: a school, maybe with "version"; answers it with the new version. The id in the body may be
/// missing.
void put_school(Timetables& timetables, const std::string& id, std::string_view body,
                JsonAnswer answer);
void remove_school(Timetables& timetables, const std::string& id, JsonAnswer answer);

enum class ImportFormat : std::uint8_t { csv, icalendar };
enum class ImportMode : std::uint8_t {
    look,     // says what would be; changes nothing
    replace,  // the rows; days off are added
    add,      // rows that are there already stay once
};
/// {"rows": 120, "days_off": 2, "notes": [{"line", "text"}], "school": {...}}
void import_timetable(Timetables& timetables, const std::string& id, ImportFormat format,
                      ImportMode mode, std::string_view file, WallTime now, JsonAnswer answer);
/// What import_timetable takes.
Expected<std::string, Error> timetable_csv(const Timetables& timetables, std::string_view id);

/// {"days": [{"date", "off": "Herbstferien", "lessons", "seats"}]}, of at most 400 days.
Expected<std::string, Error> school_days_json(const Timetables& timetables, std::string_view id,
                                              std::string_view first, std::string_view last);

}  // namespace aula::hub
