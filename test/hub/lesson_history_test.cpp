// SPDX-License-Identifier: Apache-2.0
// What lessons really were: written down while they are, whatever happens to the hub meanwhile.
#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "hub/fleet_key.hpp"
#include "school_town.hpp"

namespace aula::hub {
namespace {

using testing::berlin;
using testing::Folder;
using testing::SchoolTown;

TEST(LessonHistory, HasWhatWasAnnouncedAndWhatWas) {
    Folder folder;
    SchoolTown city(folder.path, berlin(7, 40));
    city.put_week();
    const auto physics = city.create("7b", R"({"school": "gym"})");
    const auto other = city.create("Chess", "{}");
    city.join(physics, 5);
    city.played = lesson::Lesson();
    city.join(other, 2);
    EXPECT_TRUE(city.recorded().empty()) << "they go on";
    ASSERT_TRUE(city.lessons->end(physics));
    ASSERT_TRUE(city.lessons->end(other));
    auto rows = city.recorded();
    ASSERT_EQ(rows.size(), 2u);
    if (rows[0].room != physics) std::swap(rows[0], rows[1]);
    EXPECT_EQ(rows[0].school, city.timetables->find("gym")->key);
    EXPECT_EQ(rows[0].planned_start, unix_ms(berlin(7, 45)));
    EXPECT_EQ(rows[0].planned_end, unix_ms(berlin(9, 20))) << "a double lesson";
    EXPECT_EQ(rows[0].planned_seats, 27u);
    EXPECT_EQ(rows[0].seats, 5u);
    EXPECT_GE(rows[0].start, unix_ms(berlin(7, 40)));
    EXPECT_LT(rows[0].start, rows[0].end);
    EXPECT_EQ(rows[1].planned_seats, 0u);
    EXPECT_EQ(rows[1].school, 0u);
    EXPECT_EQ(rows[1].seats, 2u);
}

TEST(LessonHistory, ALessonThatOutlivesTheHubIsOneLesson) {
    Folder folder;
    std::string id;
    std::int64_t began = 0;
    {
        SchoolTown city(folder.path, berlin(7, 40));
        city.put_week();
        id = city.create("7b", R"({"school": "gym"})");
        city.join(id, 5);
        ASSERT_TRUE(city.until_saved(5));
        began = city.rows_that_go_on().at(0).start;
    }
    {
        // Killed again before any node is back: nothing is over yet.
        SchoolTown city(folder.path, berlin(7, 42), false);
        EXPECT_EQ(city.rows_that_go_on().size(), 1u);
        EXPECT_TRUE(city.recorded().empty());
    }
    SchoolTown city(folder.path, berlin(7, 45));
    EXPECT_EQ(city.lessons->attendees(id).size(), 5u);
    city.joined = 5;
    ASSERT_TRUE(city.lessons->end(id));
    const auto rows = city.recorded();
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].start, began);
    EXPECT_EQ(rows[0].seats, 5u);
    EXPECT_EQ(rows[0].planned_seats, 27u) << "as it was announced, also after the restart";
    EXPECT_EQ(rows[0].planned_end, unix_ms(berlin(9, 20)));
    EXPECT_TRUE(city.rows_that_go_on().empty());
}

TEST(LessonHistory, OneThatEndedWhileNoHubLookedEndsWhenItWasSeenLast) {
    Folder folder;
    {
        SchoolTown city(folder.path, berlin(7, 40));
        city.join(city.create("Chess", "{}"), 3);
        ASSERT_TRUE(city.until_saved(3));
    }
    SchoolTown city(folder.path, berlin(11, 0), false);
    ASSERT_TRUE(city.until_recorded(1));
    const auto rows = city.recorded();
    EXPECT_EQ(rows[0].seats, 3u);
    EXPECT_LT(rows[0].end, unix_ms(berlin(8, 30)));
}

TEST(LessonHistory, WhoCameLongAfterIsAnotherLesson) {
    Folder folder;
    std::string id;
    {
        SchoolTown city(folder.path, berlin(7, 40));
        id = city.create("Chess", "{}");
        city.join(id, 3);
    }
    // Their node's events have today's real time, which this clock shows as eleven.
    SchoolTown city(folder.path, berlin(11, 0));
    ASSERT_TRUE(city.until_recorded(1));
    EXPECT_LT(city.recorded()[0].end, unix_ms(berlin(8, 30)));
    ASSERT_TRUE(city.lessons->end(id));
    const auto rows = city.recorded();
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_GE(rows[1].start, unix_ms(berlin(11, 0)));
    EXPECT_EQ(rows[1].seats, 3u);
}

TEST(LessonHistory, ToWhatWasAnnouncedNobodyCame) {
    Folder folder;
    SchoolTown city(folder.path, berlin(8, 26));
    city.put_week();
    // Both of the first slot; a booking of 8a's room is nearer to the truth than the timetable.
    city.create("8a", R"({"school": "gym", "start": "2026-11-23T07:50:00+01:00",
                          "end": "2026-11-23T08:29:30+01:00", "seats": 18})");
    ASSERT_TRUE(city.until_recorded(2));
    auto rows = city.recorded();
    EXPECT_EQ(rows[0].planned_seats, 27u);
    EXPECT_TRUE(rows[0].room.empty());
    EXPECT_EQ(rows[1].planned_seats, 18u);
    EXPECT_EQ(rows[1].planned_start, unix_ms(berlin(7, 50)));
    for (const auto& row : rows) EXPECT_EQ(row.seats, 0u);
    EXPECT_EQ(city.recorded().size(), 2u) << "told once";
}

TEST(LessonHistory, WhoComesBackAfterABreakWasAnnouncedOnce) {
    Folder folder;
    SchoolTown city(folder.path, berlin(7, 40));
    city.put_week();
    const auto first = city.create("7b", R"({"school": "gym"})");
    city.join(first, 5);
    ASSERT_TRUE(city.lessons->end(first));
    const auto second = city.create("7b", R"({"school": "gym"})");
    city.played = lesson::Lesson();
    city.join(second, 4);
    ASSERT_TRUE(city.lessons->end(second));
    const auto rows = city.recorded();
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].planned_seats + rows[1].planned_seats, 27u);
}

TEST(LessonHistory, RowsThatCannotBeAreNotTakenOver) {
    Folder folder;
    {
        SchoolTown city(folder.path, berlin(7, 40));
        city.ask([](soci::session& session) {
            store::PastLesson row{"l/1", "l"};
            row.seats = 3;
            row.goes_on = true;
            row.start = std::numeric_limits<std::int64_t>::max();
            row.end = -5;
            store::save_past_lesson(session, row);
            store::save_setting(session, "timing", "{\"opening\": 5}");
            return true;
        });
    }
    SchoolTown city(folder.path, berlin(7, 41));
    const auto known = city.demand->expected(city.clock.now(), city.clock.now());
    EXPECT_EQ(known.timing.opening.at(0.5), fleet::Timing().opening.at(0.5));
    EXPECT_TRUE(city.recorded().empty());
}

TEST(CityDemand, WhatWasLearntOfTimesIsThereAfterARestart) {
    Folder folder;
    {
        SchoolTown city(folder.path, berlin(7, 51));
        city.put_week();
        city.ask([](soci::session& session) {
            fleet::TimingRecord record;
            for (int i = 0; i < 29; ++i) record.opened(berlin(7, 45), berlin(7, 52));
            store::save_setting(session, "timing", record.to_json());
            return true;
        });
    }
    {
        SchoolTown city(folder.path, berlin(7, 51));
        city.join(city.create("7b", R"({"school": "gym"})"), 1);
        const auto is_stored = [&] {
            const auto json = city.ask([](soci::session& session) {
                return store::load_setting(session, "timing").value_or("");
            });
            const auto record = fleet::TimingRecord::from_json(json);
            return record && record->timing().opening.at(0.5) == 7min;
        };
        const auto limit = city.loop.now() + 30s;
        while (!is_stored() && city.loop.now() < limit) {
        }
        EXPECT_TRUE(is_stored());
    }
    SchoolTown city(folder.path, berlin(12, 0), false);
    const auto known = city.demand->expected(city.clock.now(), city.clock.now());
    EXPECT_EQ(known.timing.opening.at(0.5), 7min) << "thirty are enough to be believed";
}

TEST(CityDemand, ALessonThatIsOverIsNotExpectedInItsRoomAgain) {
    Folder folder;
    SchoolTown city(folder.path, berlin(7, 0));
    city.put_week();
    const auto id = city.create("7b", R"({"school": "gym"})");
    const auto is_keyed = [&] {
        const auto known = city.demand->expected(city.clock.now(), berlin(12, 0));
        return std::any_of(known.lessons.begin(), known.lessons.end(),
                           [&](const auto& one) { return one.key == lesson_key(id); });
    };
    EXPECT_TRUE(is_keyed());
    ASSERT_TRUE(city.lessons->end(id));
    // Somebody asks for it once more.
    EXPECT_EQ(city.demand->school_of(id), city.timetables->find("gym")->key);
    EXPECT_FALSE(is_keyed());
}

TEST(CityZone, SaysWhenTheCitysDaysBegin) {
    Folder folder;
    SchoolTown city(folder.path, berlin(7, 40), true, "Asia/Tokyo");
    EXPECT_EQ(city.demand->zone().offset(city.clock.now()), std::chrono::hours(9));
    EXPECT_EQ(city.timetables->city_zone(), "Asia/Tokyo");
    testing::Installation installation;
    auto options = installation.options;
    options.data_dir = folder.path / "other";
    options.listen = options.node_link = *net::Address::parse("127.0.0.1:0");
    options.zone = "Europe/Atlantis";
    const auto refused = Hub::start(installation.loop, options);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("\"Europe/Atlantis\""), std::string::npos);
}

}  // namespace
}  // namespace aula::hub
