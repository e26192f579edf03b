// SPDX-License-Identifier: Apache-2.0
#include "timetable/import.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "timetable/fold.hpp"

using namespace aula;
using namespace aula::timetable;
using namespace std::chrono_literals;

namespace {

Date day(const char* text) { return *parse_date(text); }

School empty_school() {
    School school;
    school.id = "gym-nord";
    school.name = "Gymnasium Nord";
    school.week_a = day("2026-08-31");
    school.slots = {{"1", 7h + 45min, 8h + 30min}, {"2", 8h + 35min, 9h + 20min}};
    return school;
}

std::string csv_error(std::string_view text) {
    const auto read = read_csv(text, empty_school());
    return read ? "" : read.error().text;
}

/// The starts that a calendar's events come to, in the school's zone, as "2026-11-23 07:45".
struct Calendar {
    Imported imported;
    std::vector<std::string> starts;
    std::vector<AnnouncedLesson> lessons;
};

Calendar calendar(const std::string& body, School school = empty_school(),
                  const char* first = "2026-08-01", const char* last = "2027-07-31") {
    const auto read =
        read_icalendar("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + body + "END:VCALENDAR\r\n", school,
                       day(first), day(last));
    EXPECT_TRUE(read) << read.error().text;
    Calendar found;
    if (!read) return found;
    found.imported = *read;
    school.rows = read->rows;
    school.days_off = read->days_off;
    EXPECT_TRUE(check(school)) << check(school).error().text;
    const auto zone = Zone::load(school.zone);
    found.lessons = expand(school, *zone, zone->midnight(day(first)),
                           zone->midnight(day(last) + std::chrono::days(1)));
    for (const auto& lesson : found.lessons) {
        const auto local = zone->local(lesson.start);
        found.starts.push_back(
            format_date(local.date) + ' ' +
            format_time(std::chrono::floor<std::chrono::minutes>(local.since_midnight)));
    }
    return found;
}

std::string event(const std::string& lines) {
    return "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:7b Physics [27]\r\n" + lines + "END:VEVENT\r\n";
}

using Starts = std::vector<std::string>;

TEST(Import, WhatIsWrongIsSaidInTheLanguageOfWhoAsks) {
    const auto wrong = [](std::string_view text, Language language) {
        const auto read = read_csv(text, empty_school(), language);
        return read ? std::string() : read.error().text;
    };
    constexpr std::string_view weekday = "tag;stunde;kurs;anzahl\nMondag;1;a;20";
    EXPECT_EQ(wrong(weekday, Language::english),
              "line 2: the weekday \"Mondag\" cannot be read; write Monday, Mon or 1");
    EXPECT_EQ(wrong(weekday, Language::german),
              "Zeile 2: der Wochentag „Mondag“ ist nicht lesbar; Montag, Mo oder 1 schreiben");
    EXPECT_EQ(wrong("tag;von;bis;kurs;anzahl\nMo;08:00;09:00;" + std::string(300, 'a') + ";20",
                    Language::german),
              "Zeile 2: hat keinen Kurs, oder einen zu langen Namen");

    const auto calendar = read_icalendar(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260907T080000Z\n"
        "DTEND:20260907T090000Z\nRRULE:FREQ=HOURLY\nSUMMARY:a\nEND:VEVENT\nEND:VCALENDAR\n",
        empty_school(), day("2026-08-01"), day("2027-07-31"), Language::german);
    ASSERT_TRUE(calendar) << calendar.error().text;
    ASSERT_EQ(calendar->notes.size(), 1u);
    EXPECT_EQ(calendar->notes[0].text,
              "weggelassen: er wiederholt sich nicht nach Tagen, Wochen, Monaten oder Jahren");
}

}  // namespace

TEST(Csv, ReadsGermanAndEnglishTables) {
    const auto german = read_csv(
        "\xef\xbb\xbfWochentag;Stunde;Klasse;Fach;Größe;Woche;gültig ab;gültig bis\r\n"
        "Mo;1.;7b;Physik;27,0;;;\r\n\r\n"
        "Dienstag;2;8a;\"Kunst; Musik\";26,5;A;01.09.2026;31.1.2027\r\n",
        empty_school());
    ASSERT_TRUE(german) << german.error().text;
    ASSERT_EQ(german->rows.size(), 2u);
    EXPECT_EQ(german->rows[0].course, "7b Physik");
    EXPECT_EQ(german->rows[0].slot, "1");
    EXPECT_EQ(german->rows[0].size, 27u);
    EXPECT_EQ(german->rows[1].course, "8a Kunst; Musik");
    EXPECT_EQ(german->rows[1].size, 27u);
    EXPECT_EQ(german->rows[1].weeks, Weeks::a);
    EXPECT_EQ(german->rows[1].valid_until, day("2027-01-31"));

    const auto english = read_csv(
        "weekday,from,to,course,size,except,meetingID\n"
        "Fri,13:00,13:45,Choir,80,2026-12-25 1.1.2027,m-1\n",
        empty_school());
    ASSERT_TRUE(english) << english.error().text;
    EXPECT_EQ(english->rows[0].day, std::chrono::Friday);
    EXPECT_EQ(english->rows[0].not_on, (std::vector{day("2026-12-25"), day("2027-01-01")}));
    EXPECT_EQ(english->rows[0].meeting, "m-1");
}

TEST(Csv, WhatASpreadsheetWritesInWindows1252IsRead) {
    const auto read = read_csv(
        "Tag\tvon\tbis\tKurs\tSch\xfcler\nDo\t0745\t08.30\tFranz\xf6sisch\t12\n", empty_school());
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->rows[0].course, "Französisch");
    EXPECT_EQ(read->rows[0].from, TimeOfDay(465));
    ASSERT_EQ(read->notes.size(), 1u);
}

TEST(Csv, ErrorsNameTheLineAndWhatToDo) {
    const std::string header = "weekday;lesson;course;size;week;date;from;to\n";
    for (const auto& [line, part] : std::initializer_list<std::pair<const char*, const char*>>{
             {"Mon;1;7b;27\nMoonday;1;7b;27\n", "line 3: the weekday \"Moonday\""},
             {"Mon;9;7b;27\n", "line 2: the lesson \"9\""},
             {"Mon;1;;27\n", "line 2: no course"},
             {"Mon;1;7b;many\n", "line 2: the size \"many\""},
             {"Mon;1;7b;0\n", "size"},
             {"Mon;1;7b;27;C\n", "line 2: the week \"C\""},
             {"Mon;1;7b;27;;2026-02-30\n", "the date \"2026-02-30\""},
             {"Mon;;7b;27;;;7:45;7:75\n", "the time \"7:75\""},
             {"Mon;1;\"7\nb\";27\n", "course"},
             {"Mon;1;7b;27\nMon;1;\"7b;27\n", "line 3: a quotation mark"}}) {
        EXPECT_NE(csv_error(header + line).find(part), std::string::npos)
            << csv_error(header + line);
    }
    EXPECT_NE(csv_error("a;b\n1;2\n").find("line 1: no column"), std::string::npos);
    EXPECT_NE(csv_error("").find("empty"), std::string::npos);
}

TEST(Csv, WhatIsWrittenIsReadAgain) {
    School school = empty_school();
    Row row;
    row.slot = "1";
    row.course = "=SUM(A1); \"7b\"";
    row.size = 1200;
    row.weeks = Weeks::b;
    row.valid_from = day("2026-09-01");
    row.not_on = {day("2026-12-07"), day("2026-12-21")};
    row.meeting = "-1+2";
    school.rows = {row, row};
    school.rows[1].slot = "";
    school.rows[1].from = 23h;
    school.rows[1].to = 30min;
    const std::string csv = write_csv(school);
    EXPECT_EQ(csv.find(";=SUM"), std::string::npos);
    const auto back = read_csv(csv, school);
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(back->rows, school.rows);
}

TEST(Size, AsPeopleWriteIt) {
    const auto size = [](std::string_view text) {
        return read_csv("tag;stunde;kurs;anzahl\nMo;1;a;" + std::string(text), empty_school())
            .map([](const Imported& read) { return read.rows.at(0).size; })
            .value_or(0);
    };
    EXPECT_EQ(size("27"), 27u);
    EXPECT_EQ(size("26,2"), 27u);
    EXPECT_EQ(size("26.0"), 26u);
    EXPECT_EQ(size("1.200"), 1200u);
    EXPECT_EQ(size("5000"), 5000u);
    for (const char* bad : {"5001", "0", "-3", "1.2.3", "ten", "99999999999"})
        EXPECT_EQ(size(bad), 0u);
}

TEST(ICalendar, AWeeklyEventBecomesOneRowThatStaysOpen) {
    const auto found = calendar(event(
        "DTSTART;TZID=Europe/Berlin:20260831T074500\r\nDURATION:PT45M\r\nRRULE:FREQ=WEEKLY\r\n"));
    ASSERT_EQ(found.imported.rows.size(), 1u);
    const Row& row = found.imported.rows[0];
    EXPECT_EQ(row.slot, "1");
    EXPECT_EQ(row.course, "7b Physics");
    EXPECT_EQ(row.size, 27u);
    EXPECT_EQ(row.valid_from, day("2026-08-31"));
    EXPECT_FALSE(row.valid_until);
    EXPECT_EQ(found.starts.size(), 48u);
    EXPECT_EQ(found.starts.back(), "2027-07-26 07:45");
}

TEST(ICalendar, ExceptionsAdditionsAndReplacementsCount) {
    const auto found =
        calendar(event("DTSTART;TZID=Europe/Berlin:20261005T074500\r\nDTEND;TZID=Europe/"
                       "Berlin:20261005T083000\r\n"
                       "RRULE:FREQ=WEEKLY;UNTIL=20261116T064500Z\r\n"
                       "EXDATE;TZID=Europe/Berlin:20261012T074500,20261019T074500\r\n"
                       "RDATE;TZID=Europe/Berlin:20261014T074500\r\n") +
                 event("RECURRENCE-ID:20261026T064500Z\r\nDTSTART:20261027T064500Z\r\nDTEND:"
                       "20261027T073000Z\r\n") +
                 event("RECURRENCE-ID;TZID=Europe/Berlin:20261102T074500\r\nSTATUS:CANCELLED\r\n"
                       "DTSTART;TZID=Europe/Berlin:20261102T074500\r\nDURATION:PT45M\r\n"));
    EXPECT_EQ(found.starts, (Starts{"2026-10-05 07:45", "2026-10-14 07:45", "2026-10-27 07:45",
                                    "2026-11-09 07:45", "2026-11-16 07:45"}));
}

TEST(ICalendar, ARuleMayHaveEndedAThousandYearsAgo) {
    // The event itself counts: RFC 5545 section 3.8.5.3.
    const auto found =
        calendar(event("DTSTART;TZID=Europe/Berlin:20261005T074500\r\nDURATION:PT45M"
                       "\r\nRRULE:FREQ=WEEKLY;UNTIL=10130505T000000Z\r\n"));
    EXPECT_EQ(found.starts, Starts{"2026-10-05 07:45"});
}

TEST(ICalendar, OtherZonesAreTheSchoolsLocalTime) {
    // Moscow has no summer time: the lesson moves by an hour in the school's eyes.
    const auto moscow = calendar(
        event("DTSTART;TZID=Europe/"
              "Moscow:20261019T094500\r\nDURATION:PT45M\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\n"));
    EXPECT_EQ(moscow.starts, (Starts{"2026-10-19 08:45", "2026-10-26 07:45"}));
    // Outlook's zone is explained by the file only.
    const auto outlook = calendar(
        "BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard "
        "Time\r\nBEGIN:STANDARD\r\nDTSTART:16011028T030000\r\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
        "END:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010325T020000\r\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
        "END:DAYLIGHT\r\nEND:VTIMEZONE\r\n" +
        event("DTSTART;TZID=W. Europe Standard Time:20261019T074500\r\nDURATION:PT45M\r\n"
              "RRULE:FREQ=WEEKLY;COUNT=2\r\n"));
    EXPECT_EQ(outlook.starts, (Starts{"2026-10-19 07:45", "2026-10-26 07:45"}));
    EXPECT_TRUE(outlook.imported.notes.empty());
    const auto unknown = calendar(event("DTSTART;TZID=Mars:20261019T074500\r\nDURATION:PT45M\r\n"));
    EXPECT_EQ(unknown.starts, Starts{"2026-10-19 07:45"});
    ASSERT_EQ(unknown.imported.notes.size(), 1u);
    EXPECT_EQ(unknown.imported.notes[0].line, 3u);
}

TEST(ICalendar, HolidaysAreDaysOffAndOtherAllDayEventsAreNot) {
    const auto found = calendar(
        "BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Herbstferien "
        "Sachsen-Anhalt\r\nDTSTART;VALUE=DATE:20261019\r\n"
        "DTEND;VALUE=DATE:20261031\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:b\r\nSUMMARY:Reformationstag\r\nCATEGORIES:Gesetzlicher Feiertag\r\n"
        "DTSTART;VALUE=DATE:20261031\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:c\r\nSUMMARY:Projekttag\r\nDTSTART;VALUE=DATE:20261102\r\nEND:"
        "VEVENT\r\n" +
        event("DTSTART;TZID=Europe/"
              "Berlin:20261012T074500\r\nDURATION:PT45M\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n"));
    EXPECT_EQ(
        found.imported.days_off,
        (std::vector<DaysOff>{{day("2026-10-19"), day("2026-10-30"), "Herbstferien Sachsen-Anhalt"},
                              {day("2026-10-31"), day("2026-10-31"), "Reformationstag"}}));
    EXPECT_EQ(found.imported.notes.size(), 1u);
    EXPECT_EQ(found.starts, (Starts{"2026-10-12 07:45", "2026-11-02 07:45"}));
}

TEST(ICalendar, OneEventALessonAsTimetableProgramsWriteThemIsFolded) {
    std::string body;
    std::size_t events = 0;
    for (Date date = day("2026-09-01"); date <= day("2027-01-29"); date += std::chrono::days(1)) {
        const auto weekday = std::chrono::weekday(date).iso_encoding();
        if (weekday > 5 || (weekday == 3 && date < day("2026-11-01"))) continue;
        ++events;
        std::string digits = format_date(date);
        std::erase(digits, '-');
        body += "BEGIN:VEVENT\r\nUID:" + digits +
                "\r\nSUMMARY:7b\r\nX-AULA-SIZE:24\r\nDTSTART;TZID=Europe/Berlin:" + digits +
                "T083500\r\nDTEND;TZID=Europe/Berlin:" + digits + "T092000\r\nEND:VEVENT\r\n";
    }
    const auto found = calendar(body);
    EXPECT_EQ(found.imported.rows.size(), 5u);
    EXPECT_EQ(found.imported.rows[2].valid_from, day("2026-11-04"));
    EXPECT_EQ(found.lessons.size(), events);
}

TEST(ICalendar, RulesWithoutEndOrSenseTakeNoTimeAndNoMemory) {
    const std::string start = "DTSTART;TZID=Europe/Berlin:20260901T074500\r\nDURATION:PT45M\r\n";
    for (const char* rule :
         {"FREQ=SECONDLY", "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYHOUR=1,2,3",
          "FREQ=YEARLY;RSCALE=CHINESE", "FREQ=WEEKLY;INTERVAL=0", "nonsense"}) {
        const auto found = calendar(event(start + "RRULE:" + rule + "\r\n"));
        EXPECT_LE(found.imported.rows.size(), 1u) << rule;
    }
    std::string many;
    for (int i = 0; i < 2'000; ++i)
        many += event(start + "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\n");
    EXPECT_EQ(calendar(many).starts, Starts{"2026-09-01 07:45"});
    std::string endless;
    for (int i = 0; i < 2'000; ++i)
        endless += event("DTSTART:19700101T000000Z\r\nDURATION:PT45M\r\nRRULE:FREQ=DAILY\r\n");
    EXPECT_FALSE(calendar(endless).imported.notes.empty());
}

TEST(ICalendar, BrokenFilesAreRefusedWithAReason) {
    const auto error = [](std::string_view text) {
        const auto read =
            read_icalendar(text, empty_school(), day("2026-08-01"), day("2027-07-31"));
        return read ? std::string() : read.error().text;
    };
    EXPECT_NE(error("").find("no calendar"), std::string::npos);
    EXPECT_NE(error("BEGIN:VCALENDAR\nBEGIN:VEVENT\n").find("line 2"), std::string::npos);
    EXPECT_EQ(error("BEGIN:VCALENDAR\nEND:VCALENDAR\n"), "");
    EXPECT_NE(error("BEGIN:VCALENDAR\nBEGIN:VEVENT\nX:" + std::string(300'000, 'x')).find("256 KB"),
              std::string::npos);
}

TEST(Import, EndsEarlyWhenItsWorkerGoes) {
    const Worker::Stopped stopped = true;
    const auto school = empty_school();
    EXPECT_EQ(
        read_csv("day;lesson;course;size\nMo;1;7b;27\nnonsense", school, Language::english, stopped)
            .error()
            .code,
        ErrorCode::unavailable)
        << "before the line with an error";
    const std::string event =
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:7b\r\nDTSTART:20260901T060000Z\r\n"
        "DTEND:20260901T070000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    const auto read = [&](const Worker::Stopped& when) {
        return read_icalendar(event, school, day("2026-08-01"), day("2026-10-01"),
                              Language::english, when);
    };
    EXPECT_TRUE(read(Worker::never_stopped));
    EXPECT_EQ(read(stopped).error().code, ErrorCode::unavailable);
}

TEST(Fold, RowsGiveTheSameDaysAgainWhateverTheyAre) {
    std::mt19937 random(11);
    for (int round = 0; round < 200; ++round) {
        School school = empty_school();
        if (round % 3 == 0) school.week_a.reset();
        if (round % 2 == 0) school.days_off = {{day("2026-10-19"), day("2026-10-30"), "Ferien"}};
        std::set<Date> dates;
        const unsigned step = round % 5 == 0 ? 14 : 7;
        for (unsigned i = 0; i < 50; ++i) {
            const Date date = day("2026-08-31") + std::chrono::days(i * step + random() % 2);
            if (random() % 4 != 0 && !is_off(school, date)) dates.insert(date);
        }
        std::vector<Occurrence> all;
        for (const Date date : dates) all.push_back({date, 465min, 510min, "7b", 27, "", 0});
        std::shuffle(all.begin(), all.end(), random);
        school.rows = fold(all, school, {}, day("2029-01-01"));
        ASSERT_TRUE(check(school));
        const Zone zone = *Zone::load(school.zone);
        std::set<Date> again;
        for (const auto& lesson : expand(school, zone, zone.midnight(day("2026-08-01")),
                                         zone.midnight(day("2029-01-01"))))
            again.insert(zone.date(lesson.start));
        ASSERT_EQ(again, dates) << round;
    }
}
