// SPDX-License-Identifier: Apache-2.0
// Files that schools bring: CSV, iCalendar, our own JSON, and zone files.
#include <cstdint>
#include <string_view>

#include "timetable/import.hpp"

using namespace aula;
using namespace aula::timetable;

namespace {

School school() {
    School made;
    made.id = "s";
    made.name = "S";
    made.week_a = parse_date("2026-08-31");
    made.slots = {{"1", TimeOfDay(465), TimeOfDay(510)}};
    return made;
}

/// What was read must be a school that can be stored, and that has lessons without end nor trap.
void use(const Expected<Imported, Error>& imported) {
    if (!imported) return;
    School with = school();
    with.rows = imported->rows;
    with.days_off = imported->days_off;
    if (const auto checked = check(with); !checked) __builtin_trap();
    const auto back = school_from_json(to_json(with));
    if (!back || *back != with) __builtin_trap();
    if (!read_csv(write_csv(with), with)) __builtin_trap();
    const Zone zone = Zone::utc();
    expand(with, zone, zone.midnight(*parse_date("2026-11-23")),
           zone.midnight(*parse_date("2026-11-30")));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    switch (data[0] % 4) {
        case 0:
            use(read_csv(text, school()));
            break;
        case 1:
            use(read_icalendar(text, school(), *parse_date("2026-08-01"),
                               *parse_date("2027-07-31")));
            break;
        case 2:
            if (const auto read = school_from_json(text); read && !school_from_json(to_json(*read)))
                __builtin_trap();
            break;
        default:
            if (const auto zone = Zone::parse({data + 1, size - 1}))
                zone->utc(*parse_date("2026-03-29"), std::chrono::hours(2));
    }
    return 0;
}
