// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "timetable/words.hpp"
#include "timetable/zone.hpp"

/// Inside of read_icalendar: one component of the file at a time goes through libical.
namespace aula::timetable {

/// The time zones that a file brings with it, by TZID.
class FileZones {
public:
    FileZones();
    ~FileZones();
    FileZones(const FileZones&) = delete;
    FileZones& operator=(const FileZones&) = delete;

    /// A VTIMEZONE's text. One that could take libical for ever is left out.
    void add(const std::string& component);

    struct Foreign;
    const Foreign* find(const std::string& id) const;
    /// Of the system, by its IANA name, looked for on disk once; null: there is none.
    const Zone* find_system(const std::string& id);

private:
    std::map<std::string, std::optional<Zone>> system_;
    std::map<std::string, std::unique_ptr<Foreign>> zones_;
};

/// Where an event's times of day are meant: a zone of the system or of the file.
class EventZone {
public:
    explicit EventZone(Zone zone) : zone_(std::move(zone)) {}
    explicit EventZone(const FileZones::Foreign* foreign) : zone_(Zone::utc()), foreign_(foreign) {}
    WallTime utc(LocalTime time) const;
    LocalTime local(WallTime at) const;

private:
    Zone zone_;
    const FileZones::Foreign* foreign_ = nullptr;
};

struct IcalEvent {
    std::string uid;
    std::string summary;
    std::string categories;
    std::optional<std::string> size;  // X-AULA-SIZE
    std::string meeting;              // X-AULA-MEETING
    bool is_cancelled = false;
    bool is_all_day = false;
    int endless_weeks = 0;             // as of its Occurrence
    std::optional<WallTime> replaces;  // RECURRENCE-ID
    std::chrono::seconds length{0};
    std::vector<WallTime> starts;  // of all-day events their midnight in UTC
    std::string unknown_zone;      // a TZID that nobody knows
};

/// How much work a whole file may still cause.
struct IcalBudget {
    std::size_t steps = 5'000'000;  // days that recurrences look at
    std::size_t starts = 400'000;
};

/// A VEVENT's text; its starts in [first, last]. Errors: what is wrong with this event.
Expected<IcalEvent, Words> read_event(const std::string& component, FileZones& zones,
                                      const Zone& floating, std::pair<Date, Date> window,
                                      IcalBudget& budget);

}  // namespace aula::timetable
