// SPDX-License-Identifier: Apache-2.0
#include "hub/lesson_trace.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "school_town.hpp"
#include "simulation/trace.hpp"

namespace aula::hub {
namespace {

using testing::berlin;
using testing::run_until;

std::string school_key_text(fleet::SchoolKey key) { return std::to_string(key); }

TEST(LessonHistory, IsATraceThatTheSimulatorReads) {
    const std::int64_t at = unix_ms(berlin(7, 45)), minute = 60'000;
    store::PastLesson real{"l-1/1", "l-1", 3};
    real.planned_start = at;
    real.planned_end = at + 45 * minute;
    real.planned_seats = 27;
    real.start = at - minute;
    real.end = at + 44 * minute;
    real.seats = 22;
    auto absent = real;
    absent.id = "timetable/2";
    absent.seats = 0;
    auto sudden = real;
    sudden.id = "l-3/3";
    sudden.planned_seats = 0;
    auto short_one = sudden;
    short_one.id = "l-4/4";
    short_one.end = short_one.start + 5;
    auto endless = sudden;
    endless.id = "l-5/5, \"x\"";
    endless.end = endless.start + 100 * 60 * minute;
    auto nothing = sudden;
    nothing.id = "l-6/6";
    nothing.seats = 0;
    const auto csv =
        trace_csv({real, absent, sudden, short_one, endless, nothing}, school_key_text);
    EXPECT_TRUE(
        csv.starts_with("lesson,school,planned_start,planned_end,planned_seats,start,end,"
                        "seats\r\nl-1/1,3,1795416300,1795419000,27,1795416240,1795418940,"
                        "22\r\ntimetable/2,3,1795416300,1795419000,27,,,\r\n"))
        << csv;
    const auto read = simulation::read_trace(csv);
    ASSERT_TRUE(read) << simulation::in_words(read.error());
    ASSERT_EQ(read->size(), 5u);
    EXPECT_EQ(std::count_if(read->begin(), read->end(),
                            [](const auto& lesson) { return lesson.takes_place(); }),
              4);
    EXPECT_EQ(std::count_if(read->begin(), read->end(),
                            [](const auto& lesson) { return lesson.planned.has_value(); }),
              2);
}

TEST(LessonsTable, IsForWhoeverIsSignedIn) {
    testing::Installation city;
    http::Headers headers;
    headers.set("origin", city.hub->public_url());
    const auto call = [&](const char* method, const std::string& path, const std::string& body) {
        auto answer = city.call(method, "/api/operator" + path, body, headers);
        if (const auto* set = answer.headers.find("set-cookie"))
            headers.set("cookie", set->substr(0, set->find(';')));
        return answer;
    };
    const std::string table = "/lessons.csv?first=2026-11-23&last=2026-11-23";
    EXPECT_EQ(call("GET", table, "").status, 401);
    const auto link = city.hub->setup_link();
    ASSERT_EQ(call("POST", "/setup",
                   R"({"token":")" + link.substr(link.find("#setup=") + 7) +
                       R"(","name":"Anna","password":"correct horse"})")
                  .status,
              201);
    ASSERT_EQ(
        call("POST", "/accounts", R"({"name":"Vera","password":"battery staple","role":"viewer"})")
            .status,
        201);
    ASSERT_EQ(call("POST", "/session", R"({"name":"Vera","password":"battery staple"})").status,
              200);
    // By the days of Berlin: this one and not the next.
    bool saved = false;
    city.hub->store().ask(
        [](soci::session& session) {
            store::PastLesson row;
            row.id = "l-1/1";
            row.school = 7;
            row.start = unix_ms(berlin(23, 50));
            row.end = row.start + 60'000;
            row.seats = 3;
            store::save_past_lesson(session, row);
            row.id = "l-2/2";
            row.start = unix_ms(berlin(24, 1));
            row.end = row.start + 60'000;
            store::save_past_lesson(session, row);
        },
        [&](const Expected<void, Error>& done) { saved = bool(done); });
    ASSERT_TRUE(run_until(city.loop, [&] { return saved; }));
    const auto answer = call("GET", table, "");
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body, std::string(simulation::trace_header) +
                               "\r\nl-1/1,(removed 7),,,,1795474200,1795474260,3\r\n");
    EXPECT_EQ(*answer.headers.find("content-type"), "text/csv; charset=utf-8");
    for (const char* bad : {"first=x", "last=2026-13-01", "first=2026-11-24&last=2026-11-23",
                            "first=2020-01-01&last=2026-11-23"})
        EXPECT_EQ(call("GET", std::string("/lessons.csv?") + bad, "").status, 400) << bad;
    EXPECT_EQ(call("GET", "/lessons.csv", "").status, 200);
}

}  // namespace
}  // namespace aula::hub
