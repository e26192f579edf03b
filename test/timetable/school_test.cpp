// SPDX-License-Identifier: Apache-2.0
#include "timetable/school.hpp"

#include <gtest/gtest.h>

using namespace aula;
using namespace aula::timetable;
using namespace std::chrono_literals;

namespace {

Date day(const char* text) { return *parse_date(text); }

School school_in(const char* zone) {
    School school;
    school.id = "gym-nord";
    school.name = "Gymnasium Nord";
    school.zone = zone;
    school.slots = {{"1", 7h + 45min, 8h + 30min}, {"2", 8h + 35min, 9h + 20min}};
    return school;
}

Row row(unsigned weekday, const char* slot, const char* course, std::uint32_t size = 27) {
    Row made;
    made.day = std::chrono::weekday(weekday);
    made.slot = slot;
    made.course = course;
    made.size = size;
    return made;
}

std::vector<AnnouncedLesson> days_of(const School& school, const char* first, const char* last) {
    const auto zone = Zone::load(school.zone);
    return expand(school, *zone, zone->midnight(day(first)),
                  zone->midnight(day(last) + std::chrono::days(1)));
}

}  // namespace

TEST(School, AQuarterToEightIsAQuarterToEightOnBothSidesOfEachChange) {
    for (const char* name : {"Europe/Berlin", "Atlantic/Azores", "America/New_York"}) {
        School school = school_in(name);
        for (unsigned weekday = 1; weekday <= 7; ++weekday)
            school.rows.push_back(row(weekday, "1", "7b"));
        const auto zone = Zone::load(name);
        const auto lessons = days_of(school, "2026-01-01", "2026-12-31");
        ASSERT_EQ(lessons.size(), 365u);
        Date date = day("2026-01-01");
        for (const auto& lesson : lessons) {
            EXPECT_EQ(zone->local(lesson.start), (LocalTime{date, 7h + 45min})) << name;
            EXPECT_EQ(lesson.end - lesson.start, 45min);
            date += std::chrono::days(1);
        }
    }
}

TEST(School, ALessonInTheHourOfTheChangeHasALengthAndComesOnce) {
    School school = school_in("Europe/Berlin");
    for (int from = 0; from < 5 * 60; from += 5) {
        for (const int length : {5, 30, 60, 90, 23 * 60}) {
            Row made = row(7, "", "night", 5);
            made.from = TimeOfDay(from);
            made.to = TimeOfDay((from + length) % (24 * 60));
            school.rows = {made};
            for (const char* sunday : {"2026-03-29", "2026-10-25", "2026-11-01"}) {
                const auto lessons = days_of(school, sunday, sunday);
                ASSERT_EQ(lessons.size(), 1u) << sunday << ' ' << from;
                const auto really = lessons[0].end - lessons[0].start;
                EXPECT_GT(really, 0min) << sunday << ' ' << from << ' ' << length;
                EXPECT_LE(really, TimeOfDay(length) + 60min);
            }
        }
    }
}

TEST(School, AYearIsCounted) {
    School school = school_in("Europe/Berlin");
    school.week_a = day("2026-08-31");
    school.rows = {row(1, "1", "7b Physics"), row(1, "2", "7b Physics"), row(2, "1", "8a Art")};
    school.rows[1].weeks = Weeks::a;
    school.rows[2].weeks = Weeks::b;
    school.rows[2].valid_from = day("2026-09-01");
    school.rows[2].valid_until = day("2026-12-22");
    school.rows[0].not_on = {day("2026-09-14")};
    school.days_off = {{day("2026-10-19"), day("2026-10-30"), "Herbstferien"},
                       {day("2026-12-21"), day("2027-01-05"), "Weihnachtsferien"}};
    ASSERT_TRUE(check(school));
    const auto lessons = days_of(school, "2026-08-31", "2027-01-31");
    // Counted day by day, by other means than expand()'s.
    int mondays = 0, a_mondays = 0, b_tuesdays = 0;
    for (Date date = day("2026-08-31"); date <= day("2027-01-31"); date += std::chrono::days(1)) {
        if (is_off(school, date)) continue;
        const std::chrono::weekday weekday(date);
        const auto week = (date - day("2026-08-31")) / std::chrono::days(7);
        mondays += weekday == std::chrono::Monday && date != day("2026-09-14");
        a_mondays += weekday == std::chrono::Monday && week % 2 == 0;
        b_tuesdays += weekday == std::chrono::Tuesday && week % 2 == 1 && date <= day("2026-12-22");
    }
    EXPECT_EQ(mondays, 22 - 2 - 3 - 1);  // Mondays in all, autumn, Christmas, the exception
    EXPECT_EQ(lessons.size(), static_cast<std::size_t>(mondays + a_mondays + b_tuesdays));
    EXPECT_GT(a_mondays, 7);
    EXPECT_EQ(b_tuesdays, 7);
    for (std::size_t i = 1; i < lessons.size(); ++i)
        EXPECT_LE(lessons[i - 1].start, lessons[i].start);
}

TEST(School, CuttingTimeAnywhereLosesAndDoublesNothing) {
    School school = school_in("Europe/Berlin");
    for (unsigned weekday = 1; weekday <= 7; ++weekday) {
        Row made = row(weekday, "", "c", 10);
        made.from = 23h + 30min;
        made.to = 30min;
        school.rows.push_back(made);
        school.rows.push_back(row(weekday, "2", "d"));
    }
    const auto zone = Zone::load("Europe/Berlin");
    const WallTime from = zone->midnight(day("2026-03-20")), until = from + 24h * 20;
    const auto whole = expand(school, *zone, from, until);
    for (const auto step : {37min, 60min, 180min, 1441min}) {
        std::vector<std::uint64_t> keys;
        for (WallTime at = from; at < until; at += step) {
            for (const auto& lesson : expand(school, *zone, at, std::min(at + step, until)))
                keys.push_back(lesson.key);
        }
        ASSERT_EQ(keys.size(), whole.size());
        for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(keys[i], whole[i].key);
    }
}

TEST(School, TwoRowsOfOneCourseAtOneTimeAreOneLesson) {
    School school = school_in("Europe/Berlin");
    school.rows = {row(1, "1", "7b", 20), row(1, "1", "7b", 27), row(1, "1", "7c", 25)};
    const auto lessons = days_of(school, "2026-11-23", "2026-11-23");
    ASSERT_EQ(lessons.size(), 2u);
    EXPECT_EQ(lessons[0].size, 27u);
    EXPECT_NE(lessons[0].key, lessons[1].key);
}

TEST(School, JsonGoesThereAndBack) {
    School school = school_in("Europe/Berlin");
    school.week_a = day("2026-08-31");
    school.days_off = {{day("2026-10-19"), day("2026-10-30"), "Herbstferien"}};
    school.rows = {row(1, "1", "7b \"Physik\""), row(7, "", "Chor", 80)};
    school.rows[1].from = 18h;
    school.rows[1].to = 24h;
    school.rows[1].weeks = Weeks::b;
    school.rows[1].valid_from = day("2026-09-01");
    school.rows[1].valid_until = day("2027-07-01");
    school.rows[1].not_on = {day("2026-12-27")};
    school.rows[1].meeting = "chor-1";
    const auto back = school_from_json(to_json(school));
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(*back, school);
}

TEST(School, ErrorsNameTheRowAndWhatIsWrong) {
    const auto error_of = [](std::string_view rows) {
        const auto school = school_from_json(
            R"({"id":"x","name":"X","slots":[{"name":"1","from":"7:45","to":"8:30"}],"rows":[)" +
            std::string(rows) + "]}");
        return school ? std::string() : school.error().text;
    };
    const std::string good = R"({"day":1,"slot":"1","course":"a","size":5})";
    EXPECT_EQ(error_of(good), "");
    EXPECT_NE(error_of(good + R"(,{"day":8,"slot":"1","course":"a","size":5})").find("rows 2"),
              std::string::npos);
    EXPECT_NE(error_of(good + R"(,{"day":1,"slot":"9","course":"a","size":5})").find("row 2 is in"),
              std::string::npos);
    for (const char* bad : {R"({"day":1,"slot":"1","course":"","size":5})",
                            R"({"day":1,"slot":"1","course":"a","size":0})",
                            R"({"day":1,"slot":"1","course":"a","size":5001})",
                            R"({"day":1,"slot":"1","course":"a","size":-1})",
                            R"({"day":1,"slot":"1","course":"a","size":5,"weeks":"a"})",
                            R"({"day":1,"from":"25:00","to":"8:30","course":"a","size":5})",
                            R"({"day":1,"from":"8:30","to":"8:30","course":"a","size":5})",
                            R"({"day":1,"slot":"1","course":"a","size":5,"not_on":["x"]})",
                            R"({"day":1,"slot":"1","course":"a\n","size":5})", "1", "[]"})
        EXPECT_NE(error_of(bad), "") << bad;
    EXPECT_FALSE(school_from_json("{}"));
    EXPECT_FALSE(school_from_json(R"({"id":"x","name":"X","zone":"Mars/Base"})"));
}

TEST(School, DatesAndTimesAsPeopleWriteThem) {
    EXPECT_EQ(parse_date("1.9.2026"), parse_date("2026-09-01"));
    EXPECT_EQ(parse_date("01.09.26"), parse_date("2026-09-01"));
    EXPECT_EQ(format_date(day("2026-02-28") + std::chrono::days(1)), "2026-03-01");
    for (const char* bad : {"2026-02-29", "31.04.2026", "2026-9-1", "", "..", "1.1.1", "a.b.2026",
                            "2026-13-01", "1.9.226"})
        EXPECT_FALSE(parse_date(bad)) << bad;
    for (const char* good : {"7:45", "07:45", "07.45", "0745", "7.45"})
        EXPECT_EQ(parse_time(good), TimeOfDay(465)) << good;
    EXPECT_EQ(parse_time("24:00"), TimeOfDay(1440));
    for (const char* bad : {"24:01", "7:60", "745", "", ":", "7:4", "7:455", "-1:00"})
        EXPECT_FALSE(parse_time(bad)) << bad;
}
