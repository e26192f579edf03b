// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "base/worker.hpp"
#include "hub/timetables.hpp"
#include "timetable/import.hpp"

namespace aula::hub {

using JsonAnswer = std::function<void(Expected<std::string, Error>)>;

enum class ImportFormat : std::uint8_t { csv, icalendar };
enum class ImportMode : std::uint8_t {
    look,     // says what would be; changes nothing
    replace,  // the rows; days off are added
    add,      // rows that are there already stay once
};

/// What the operator's page asks and says about timetables: docs/protocol/timetable.md. Who may is
/// decided by the caller. Lives on the hub's loop; files of some megabytes and a year's lessons are
/// read and reckoned on a thread beside it. Errors: invalid (400), not_found, conflict (409),
/// unavailable (503).
class TimetablesApi {
public:
    TimetablesApi(Timetables& timetables, Worker::Post post);

    /// {"schools": [{"id", "name", "zone", "rows", "largest", "version"}], "city_zone"}
    void list(JsonAnswer answer);
    /// The school and its "version".
    void school(std::string_view id, JsonAnswer answer);
    /// Body: a school, maybe with "version"; answers it with the new version. The id in the body
    /// may be missing.
    void put(const std::string& id, std::shared_ptr<const std::string> body, JsonAnswer answer);
    void remove(const std::string& id, JsonAnswer answer);

    struct Import {
        std::string school;  // its id
        ImportFormat format = ImportFormat::csv;
        ImportMode mode = ImportMode::look;
        std::shared_ptr<const std::string> file;
        WallTime now;
        timetable::Language language = timetable::Language::english;
    };
    /// {"rows": 120, "days_off": 2, "notes": [{"line", "text"}], "school": {...}}
    void import(Import order, JsonAnswer answer);
    /// What import() takes.
    void csv(std::string_view id, JsonAnswer answer);

    /// {"days": [{"date", "off": "Herbstferien", "lessons", "seats"}]}, of at most 400 days.
    void days(std::string_view id, std::string_view first, std::string_view last,
              JsonAnswer answer);

private:
    /// job(school, stopped) runs on the thread beside.
    template <class Job>
    void reckon(std::string_view id, Job job, JsonAnswer answer);
    template <class Job, class Answered>
    void ask(Job job, Answered answered, const JsonAnswer& answer);

    Timetables& timetables_;
    Worker worker_;
};

}  // namespace aula::hub
