// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace aula::timetable {

using Date = std::chrono::local_days;    // a day by a place's own calendar
using TimeOfDay = std::chrono::minutes;  // since midnight as a clock on the wall shows it
using Offset = std::chrono::seconds;     // of local time, east of UTC

struct LocalTime {
    Date date;
    std::chrono::seconds since_midnight{};
    friend bool operator==(const LocalTime&, const LocalTime&) = default;
};

/// A time zone as the system's zone files (RFC 8536) have it. A cheap value to copy; used from any
/// thread.
class Zone {
public:
    /// By an IANA name: "Europe/Berlin".
    static Expected<Zone, Error> load(std::string_view name,
                                      const std::filesystem::path& folder = "/usr/share/zoneinfo");
    /// The bytes of a zone file.
    static Expected<Zone, Error> parse(Bytes file);
    static Zone utc();

    Offset offset(WallTime at) const;
    LocalTime local(WallTime at) const;
    Date date(WallTime at) const { return local(at).date; }
    /// A local time that a clock change leaves out is taken as if the clock had not been changed
    /// (02:30 becomes 03:30); one that comes twice is the first.
    WallTime utc(Date date, std::chrono::seconds since_midnight) const;
    /// When the local day begins.
    WallTime midnight(Date date) const { return utc(date, std::chrono::seconds(0)); }

private:
    struct Rules;
    explicit Zone(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}
    std::shared_ptr<const Rules> rules_;
};

}  // namespace aula::timetable
