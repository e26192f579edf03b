// SPDX-License-Identifier: Apache-2.0
#include "timetable/recurrence.hpp"

#include <random>
#include <string>

#include <gtest/gtest.h>
#include <libical/ical.h>

#include "timetable/import.hpp"
#include "timetable/school.hpp"

using namespace aula;
using namespace aula::timetable;

namespace {

/// The days by libical's own iterator, the oracle here.
std::vector<std::string> by_libical(const std::string& rule, const std::string& start,
                                    const std::string& last) {
    std::vector<std::string> days;
    auto* const iterator = icalrecur_iterator_new(icalrecurrencetype_from_string(rule.c_str()),
                                                  icaltime_from_string(start.c_str()));
    while (iterator != nullptr) {
        const auto next = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(next) != 0) break;
        std::string digits = icaltime_as_ical_string(next);
        if (digits.substr(0, 8) > last) break;
        days.push_back(digits.substr(0, 8));
    }
    if (iterator != nullptr) icalrecur_iterator_free(iterator);
    return days;
}

/// The days that an import of such an event comes to.
std::vector<std::string> by_import(const std::string& rule, const std::string& start,
                                   const char* first, const char* last) {
    School school;
    school.id = "s";
    school.name = "S";
    school.zone = "UTC";
    const auto read =
        read_icalendar("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:a [5]\nDTSTART:" + start +
                           "\nDURATION:PT45M\nRRULE:" + rule + "\nEND:VEVENT\nEND:VCALENDAR\n",
                       school, *parse_date(first), *parse_date(last));
    EXPECT_TRUE(read) << read.error().text;
    EXPECT_TRUE(read->notes.empty()) << rule << ": " << read->notes[0].text;
    school.rows = read->rows;
    const Zone utc = Zone::utc();
    std::vector<std::string> days;
    for (const auto& lesson : expand(school, utc, utc.midnight(*parse_date(first)),
                                     utc.midnight(*parse_date(last) + std::chrono::days(1)))) {
        std::string digits = format_date(utc.date(lesson.start));
        std::erase(digits, '-');
        days.push_back(digits);
    }
    return days;
}

}  // namespace

TEST(Recurrence, RulesOfTheRfcAndOfSchools) {
    for (const char* rule : {"FREQ=DAILY;COUNT=10",
                             "FREQ=DAILY;INTERVAL=10;COUNT=5",
                             "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                             "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
                             "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=8",
                             "FREQ=MONTHLY;BYDAY=1FR",
                             "FREQ=MONTHLY;BYDAY=-2MO;COUNT=6",
                             "FREQ=MONTHLY;BYMONTHDAY=-3",
                             "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
                             "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                             "FREQ=YEARLY;BYMONTH=6,7",
                             "FREQ=YEARLY;BYDAY=20MO",
                             "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
                             "FREQ=YEARLY;BYYEARDAY=1,100,200,-1",
                             "FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
                             "FREQ=DAILY;BYMONTH=1;UNTIL=20270131T140000Z",
                             "FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11,12",
                             "FREQ=MONTHLY;BYMONTHDAY=31",
                             "FREQ=YEARLY",
                             "FREQ=MONTHLY",
                             "FREQ=WEEKLY",
                             "FREQ=DAILY;INTERVAL=3"}) {
        for (const char* start : {"20260901T070000Z", "20260131T070000Z", "20240229T070000Z"}) {
            auto expected = by_libical(rule, start, "20271231");
            std::erase_if(expected, [](const std::string& day) { return day < "20260801"; });
            auto found = by_import(rule, start, "2026-08-01", "2027-12-31");
            // Ours has DTSTART always (RFC 5545 section 3.8.5.3), the iterator when it fits.
            const std::string first = std::string(start).substr(0, 8);
            if (expected.empty() || expected[0] != first) std::erase(found, first);
            EXPECT_EQ(found, expected) << rule << " from " << start;
        }
    }
}

TEST(Recurrence, RandomRulesAgreeWithLibical) {
    std::mt19937 random(5);
    const auto pick = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    for (int round = 0; round < 400; ++round) {
        static constexpr const char* names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
        const unsigned kind = pick(3);
        std::string rule = kind == 0 ? "FREQ=WEEKLY" : kind == 1 ? "FREQ=MONTHLY" : "FREQ=DAILY";
        rule += ";INTERVAL=" + std::to_string(1 + pick(4));
        if (pick(2) == 0) rule += ";BYMONTH=" + std::to_string(1 + pick(12)) + ",9,10,3";
        if (pick(2) == 0) {
            rule += ";BYDAY=";
            if (kind == 1 && pick(2) == 0) rule += std::to_string(static_cast<int>(pick(4)) - 5);
            const unsigned day = pick(6);  // two different ones: libical counts the same twice
            rule += std::string(names[day]) + ',' + names[day + 1];
        }
        if (kind == 1 && pick(3) == 0) rule += ";BYMONTHDAY=5,12,20,-1,-10";
        if (pick(3) == 0)
            rule += ";COUNT=" + std::to_string(2 + pick(30));
        else if (pick(2) == 0)
            rule += ";UNTIL=2027041" + std::to_string(pick(10)) + "T070000Z";
        const std::string start = "202609" + std::to_string(10 + pick(20)) + "T070000Z";
        auto expected = by_libical(rule, start, "20270930");
        auto found = by_import(rule, start, "2026-08-01", "2027-09-30");
        const std::string first = start.substr(0, 8);
        if (expected.empty() || expected[0] != first) std::erase(found, first);
        ASSERT_EQ(found, expected) << rule << " from " << start;
    }
}
