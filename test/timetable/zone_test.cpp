// SPDX-License-Identifier: Apache-2.0
#include "timetable/zone.hpp"

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <random>

#include <gtest/gtest.h>

#include "timetable/school.hpp"

using namespace aula;
using namespace aula::timetable;
using namespace std::chrono_literals;

namespace {

WallTime at(std::int64_t unix_seconds) { return WallTime(std::chrono::seconds(unix_seconds)); }
std::int64_t unix_of(WallTime time) { return unix_ms(time) / 1000; }

/// The C library as the oracle: it reads the same files with code of its own.
class CLibraryZone {
public:
    explicit CLibraryZone(const char* name) {
        ::setenv("TZ", name, 1);
        ::tzset();
    }
    ~CLibraryZone() {
        ::unsetenv("TZ");
        ::tzset();
    }
    long offset(std::int64_t unix_seconds) const {
        const auto time = static_cast<std::time_t>(unix_seconds);
        std::tm parts{};
        ::localtime_r(&time, &parts);
        return parts.tm_gmtoff;
    }
};

constexpr const char* zones[] = {"Europe/Berlin",       "Atlantic/Azores",  "UTC",
                                 "Europe/London",       "America/New_York", "America/Sao_Paulo",
                                 "Australia/Lord_Howe", "Asia/Kolkata",     "Africa/Casablanca",
                                 "Pacific/Apia",        "Asia/Tehran",      "Europe/Dublin",
                                 "America/Nuuk",        "Asia/Gaza",        "Etc/GMT-14"};

}  // namespace

TEST(Zone, AgreesWithTheCLibraryAtEveryChangeAndAtRandom) {
    std::mt19937_64 random(7);
    for (const char* name : zones) {
        const auto zone = Zone::load(name);
        ASSERT_TRUE(zone) << name;
        const CLibraryZone oracle(name);
        // 1970 to 2099, in steps that meet both sides of each change.
        std::uniform_int_distribution<std::int64_t> any(0, 4'070'908'800);
        for (int i = 0; i < 20'000; ++i) {
            const auto time = any(random);
            ASSERT_EQ(zone->offset(at(time)).count(), oracle.offset(time)) << name << ' ' << time;
        }
        long last = oracle.offset(946'684'800);
        for (std::int64_t time = 946'684'800; time < 2'556'144'000; time += 6 * 3600) {
            const long now = oracle.offset(time);
            if (now == last) continue;
            last = now;
            for (std::int64_t near = time - 6 * 3600; near <= time; near += 60)
                ASSERT_EQ(zone->offset(at(near)).count(), oracle.offset(near)) << name << near;
        }
    }
}

TEST(Zone, EveryMinuteOfBothChangesGoesThereAndBack) {
    for (const auto& [name, spring, autumn] :
         {std::tuple("Europe/Berlin", "2026-03-29", "2026-10-25"),
          std::tuple("Atlantic/Azores", "2026-03-29", "2026-10-25"),
          std::tuple("America/New_York", "2026-03-08", "2026-11-01"),
          std::tuple("Australia/Lord_Howe", "2026-10-04", "2026-04-05")}) {
        const auto zone = Zone::load(name);
        ASSERT_TRUE(zone);
        for (const char* day : {spring, autumn}) {
            const Date date = *parse_date(day);
            WallTime last = zone->midnight(date) - 1min;
            for (auto minute = 0min; minute < 24h; ++minute) {
                const WallTime utc = zone->utc(date, minute);
                const LocalTime back = zone->local(utc);
                if (back == LocalTime{date, minute}) {
                    ASSERT_GT(utc, last) << name << day << minute.count();
                    last = utc;
                } else {
                    // Left out by the clock: shown later by what the clock was put forward.
                    ASSERT_EQ(day, spring);
                    const auto forward = back.since_midnight - minute;
                    ASSERT_TRUE(forward == 1h || forward == 30min) << name << minute.count();
                }
            }
            const auto length = zone->midnight(date + std::chrono::days(1)) - zone->midnight(date);
            const auto change = day == spring ? 24h - length : length - 24h;
            EXPECT_TRUE(change == 1h || change == 30min) << name;
        }
    }
}

TEST(Zone, BerlinAndAzoresByHand) {
    const auto berlin = Zone::load("Europe/Berlin");
    const auto azores = Zone::load("Atlantic/Azores");
    const Date spring = *parse_date("2026-03-29"), autumn = *parse_date("2026-10-25");
    // 2026-03-29T01:00Z is the change everywhere in the EU.
    EXPECT_EQ(unix_of(berlin->utc(spring, 1h + 59min)), 1774745940);
    EXPECT_EQ(unix_of(berlin->utc(spring, 2h + 30min)), 1774747800);  // shown as 03:30
    EXPECT_EQ(unix_of(berlin->utc(spring, 3h + 30min)), 1774747800);
    EXPECT_EQ(unix_of(azores->utc(spring, 0h + 30min)), 1774747800);  // left out: shown as 01:30
    EXPECT_EQ(unix_of(berlin->utc(autumn, 2h + 30min)), 1792888200);  // the first of two
    EXPECT_EQ(unix_of(berlin->utc(autumn, 3h)), 1792893600);
    EXPECT_EQ(unix_of(azores->utc(autumn, 0h + 30min)), 1792888200);
    EXPECT_EQ(unix_of(azores->midnight(autumn)), 1792886400);
}

TEST(Zone, KnowsNoOtherFilesThanZones) {
    for (const char* name : {"", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "Europe",
                             "tzdata.zi", "zone.tab", "Europe/Berlin\n"}) {
        EXPECT_FALSE(Zone::load(name)) << name;
    }
}

TEST(Zone, RefusesBrokenFilesWithoutReadingPastTheirEnd) {
    std::ifstream in("/usr/share/zoneinfo/Europe/Berlin", std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});
    ASSERT_TRUE(Zone::parse(bytes_of(whole)));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string part = whole.substr(0, size);
        EXPECT_FALSE(Zone::parse(bytes_of(part))) << size;
    }
    std::mt19937 random(3);
    for (int i = 0; i < 20'000; ++i) {
        std::string other = whole;
        for (int k = 0; k < 3; ++k) other[random() % other.size()] = static_cast<char>(random());
        if (const auto zone = Zone::parse(bytes_of(other)))
            zone->utc(*parse_date("2030-07-01"), 5h);
    }
}
