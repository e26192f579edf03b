// SPDX-License-Identifier: Apache-2.0
#include "hub/demand.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "hub/bookings.hpp"
#include "hub/demand_forecast.hpp"
#include "hub/fleet_key.hpp"
#include "hub/ledger_api.hpp"
#include "hub/ledger_keeping.hpp"
#include "hub/timetables_api.hpp"
#include "school_town.hpp"

using namespace aula;
using namespace aula::hub;
using namespace aula::hub::testing;

namespace {

const fleet::Reason bell{fleet::Why::lessons_ahead, 3, 81, berlin(7, 45), {}};

/// With what it costs, and the API of timetables.
struct City : LessonTown {
    explicit City(const std::filesystem::path& folder, WallTime shown = berlin(7, 30))
        : LessonTown(folder, clock_at(shown, 1)) {
        api = std::make_unique<TimetablesApi>(*timetables,
                                              [this](Task task) { loop.post(std::move(task)); });
        LedgerKeeping::Wiring booking;
        booking.loop = &loop;
        booking.store = store.get();
        booking.lessons = lessons.get();
        booking.school_of = [this](const std::string& id) { return demand->school_of(id); };
        booking.clock = clock;
        booking.zone = demand->zone();
        ledger = std::make_unique<LedgerKeeping>(std::move(booking));
        EXPECT_TRUE(ledger->load());
        start();
    }

    Expected<std::string, Error> put(const std::string& body, const std::string& id = "gym") {
        return answer_of([&](JsonAnswer answer) {
            api->put(id, std::make_shared<const std::string>(body), std::move(answer));
        });
    }
    Expected<std::string, Error> answer_of(const std::function<void(JsonAnswer)>& question) {
        std::optional<Expected<std::string, Error>> said;
        question([&](Expected<std::string, Error> answer) { said = std::move(answer); });
        EXPECT_FALSE(said) << "nothing large is reckoned on the loop";
        EXPECT_TRUE(run_until(loop, [&] { return said.has_value(); }));
        return *said;
    }
    KnownDemand expected() { return demand->expected(clock.now(), clock.now() + 12h); }

    std::unique_ptr<TimetablesApi> api;
    std::unique_ptr<LedgerKeeping> ledger;
};

const std::string week =
    R"({"name": "Gymnasium", "slots": [{"name": "1", "from": "07:45", "to": "08:30"},
    {"name": "2", "from": "08:35", "to": "09:20"}], "rows": [
    {"day": 1, "slot": "1", "course": "7b Physics", "size": 27},
    {"day": 1, "slot": "2", "course": "7b Physics", "size": 27},
    {"day": 1, "slot": "1", "course": "8a Art", "size": 25, "meeting": "moodle-8a"},
    {"day": 2, "slot": "1", "course": "9c", "size": 20}]})";

}  // namespace

TEST(Demand, TimetablesAreExpectedAndDaysOffAreNot) {
    Folder folder;
    City city(folder.path);
    EXPECT_TRUE(city.expected().lessons.empty());
    ASSERT_TRUE(city.put(week));
    EXPECT_EQ(city.changes, 1);
    const auto known = city.expected();
    ASSERT_EQ(known.lessons.size(), 3u);
    EXPECT_EQ(known.lessons[0].start, berlin(7, 45));
    EXPECT_EQ(known.lessons[2].end, berlin(9, 20));
    EXPECT_EQ(known.lessons[2].seats, 27u);
    auto off = week;
    off.insert(1, R"("days_off": [{"first": "2026-11-23"}], )");
    ASSERT_TRUE(city.put(off));
    EXPECT_TRUE(city.expected().lessons.empty());
    const auto days = city.answer_of([&](JsonAnswer answer) {
        city.api->days("gym", "2026-11-23", "2026-11-24", std::move(answer));
    });
    EXPECT_EQ(*days, R"({"days":[{"date":"2026-11-23","lessons":0,"seats":0,"off":""},)"
                     R"({"date":"2026-11-24","lessons":1,"seats":20,"off":null}]})");
}

TEST(Demand, AForecastCountsTheMostSeatsOfEachQuarter) {
    Folder folder;
    City city(folder.path);
    ASSERT_TRUE(city.put(week));
    NewLesson booked;
    booked.title = "Parents";
    booked.settings = R"({"start": "2026-11-23T08:30:00+01:00", "end": "2026-11-23T08:40:00+01:00",
        "seats": 60})";
    city.create(booked);
    const auto json =
        boost::json::parse(forecast_json(city.demand->forecast(berlin(7, 33), berlin(9, 40))));
    // From 07:30: two lessons from 07:45 to 08:30, one to 09:20, the parents from 08:30 on.
    EXPECT_EQ(json.at("at").at(0), unix_ms(berlin(7, 30)));
    EXPECT_EQ(json.at("announced"), boost::json::parse("[0,52,52,52,87,27,27,27,0]"));
    EXPECT_EQ(json.at("unannounced").as_array().size(), 9u);
}

TEST(Demand, AForecastCountsALessonOnceThatIsBookedAndInTheTimetable) {
    Folder folder;
    City city(folder.path);
    ASSERT_TRUE(city.put(week));
    NewLesson art;
    art.title = "8a Art";
    art.settings = R"({"start": "2026-11-23T07:45:00+01:00", "end": "2026-11-23T08:30:00+01:00",
        "school": "gym", "seats": 30})";
    city.create(art);
    const auto json =
        boost::json::parse(forecast_json(city.demand->forecast(berlin(7, 30), berlin(8, 30))));
    EXPECT_EQ(json.at("announced"), boost::json::parse("[0,57,57,57]"));
}

TEST(Demand, ALessonIsCountedOnceWhicheverWayItIsAnnounced) {
    Folder folder;
    City city(folder.path);
    ASSERT_TRUE(city.put(week));
    // By the meeting that the timetable names, and by school and course.
    NewLesson art;
    art.title = "Kunst";
    art.external_id = "moodle-8a";
    const std::string art_room = city.create(art);
    NewLesson physics;
    physics.title = "7B physics";
    physics.settings = R"({"school": "gym"})";
    const std::string physics_room = city.create(physics);
    auto known = city.expected();
    ASSERT_EQ(known.lessons.size(), 3u);
    std::set<fleet::LessonKey> keys;
    for (const auto& lesson : known.lessons) keys.insert(lesson.key);
    EXPECT_EQ(keys.size(), 3u);
    EXPECT_TRUE(keys.contains(lesson_key(art_room)));
    EXPECT_TRUE(keys.contains(lesson_key(physics_room)));

    const RoomDemand room = city.demand->room(physics_room);
    EXPECT_TRUE(room.is_announced);
    EXPECT_EQ(room.school, city.timetables->find("gym")->key);
    EXPECT_EQ(room.seats, 27u);
    EXPECT_EQ(room.end, berlin(9, 20)) << "a double lesson";

    city.join(physics_room, 5);
    known = city.expected();
    // The open one is gone; its second hour stays expected until it is near.
    ASSERT_EQ(known.lessons.size(), 2u);
    for (const auto& lesson : known.lessons) EXPECT_NE(lesson.key, lesson_key(physics_room));
    city.played = lesson::Lesson();
    city.join(art_room, 3);
    EXPECT_EQ(city.expected().lessons.size(), 1u);
}

TEST(Demand, BookingsAreExpectedUntilTheyOpenOrEnd) {
    Folder folder;
    std::string id;
    {
        City city(folder.path);
        NewLesson booked;
        booked.title = "Parents";
        booked.settings =
            R"({"start": "2026-11-23T09:00:00+01:00", "end": "2026-11-23T10:00:00+01:00",
            "seats": 60})";
        id = city.create(booked);
        EXPECT_EQ(city.changes, 1);
        ASSERT_EQ(city.expected().lessons.size(), 1u);
    }
    City city(folder.path, berlin(8, 30));
    const auto known = city.expected();
    ASSERT_EQ(known.lessons.size(), 1u);
    EXPECT_EQ(known.lessons[0].key, lesson_key(id));
    EXPECT_EQ(known.lessons[0].start, berlin(9, 0));
    EXPECT_EQ(known.lessons[0].seats, 60u);
    EXPECT_EQ(city.demand->room(id).end, berlin(10, 0));
    ASSERT_TRUE(city.lessons->end(id));
    EXPECT_TRUE(city.expected().lessons.empty());
}

TEST(Demand, BookingsByBigBlueButton) {
    NewLesson lesson;
    lesson.external_id = "m";
    lesson.title = "Moodle";
    EXPECT_FALSE(booking_of(lesson).is_planned());
    EXPECT_EQ(booking_of(lesson).course, "Moodle");
    EXPECT_EQ(parse_moment("2026-11-23T07:30:00+01:00"), berlin(7, 30));
    EXPECT_EQ(parse_moment("2026-11-23T06:30Z"), berlin(7, 30));
    EXPECT_EQ(parse_moment("1795415400"), berlin(7, 30));
    EXPECT_EQ(parse_moment("1795415400000"), berlin(7, 30));
    EXPECT_EQ(parse_moment("2026-11-23T06:30:00.125Z"), berlin(7, 30));
    for (const char* bad : {"", "x", "2026-11-23", "2026-11-23T06:30:00", "2026-13-23T06:30Z", "-5",
                            "2026-11-23T06:30:00+1", "9999999999999999999", "2026-11-23T06:30:xxZ"})
        EXPECT_FALSE(parse_moment(bad)) << bad;
    lesson.external_id.clear();
    for (const char* bad : {"[]", "", R"({"start": 5, "end": 4})", R"({"start": {}, "seats": -4})",
                            R"({"start": 1795415400, "end": 1795715400})"}) {
        lesson.settings = bad;
        EXPECT_FALSE(booking_of(lesson).is_planned()) << bad;
        EXPECT_EQ(booking_of(lesson).seats, 0u);
    }
}

TEST(Demand, TheApiRefusesBookingsThatItCannotRead) {
    EXPECT_EQ(booking_settings(R"({"name": "x"})"), "{}");
    const auto good = booking_settings(
        R"({"name": "x", "start": 1795415400, "end": "2026-11-23T08:00+01:00", "seats": 27, "x": 1})");
    ASSERT_TRUE(good);
    EXPECT_EQ(good->find('x'), std::string::npos);
    for (const char* bad :
         {R"({"start": 1795415400})", R"({"start": 2, "end": 1})", R"({"seats": 0})",
          R"({"seats": "27"})", R"({"school": "../x"})", R"({"course": 4})", "[]", "{"})
        EXPECT_FALSE(booking_settings(bad)) << bad;
}

TEST(Timetables, VersionsKeepTwoEditorsApartAndAllIsThereAfterARestart) {
    Folder folder;
    {
        City city(folder.path);
        ASSERT_TRUE(city.put(week));
        auto second = week;
        second.insert(1, R"("version": 1, )");
        ASSERT_TRUE(city.put(second));
        const auto third = city.put(second);
        ASSERT_FALSE(third);
        EXPECT_EQ(third.error().code, ErrorCode::conflict);
        EXPECT_EQ(city.put(R"({"name": ""})", "x").error().code, ErrorCode::invalid);
        const auto imported = city.answer_of([&](JsonAnswer answer) {
            city.api->import({"gym", ImportFormat::csv, ImportMode::add,
                              std::make_shared<const std::string>(
                                  "weekday;lesson;course;size\nTue;2;9c;20\nTue;1;9c;20\n"),
                              city.clock.now()},
                             std::move(answer));
        });
        ASSERT_TRUE(imported) << imported.error().text;
        const auto json = boost::json::parse(*imported);
        EXPECT_EQ(json.at("rows"), 2);
        EXPECT_EQ(json.at("school").at("version"), 3);
        const auto shown =
            city.answer_of([&](JsonAnswer answer) { city.api->school("gym", std::move(answer)); });
        EXPECT_EQ(boost::json::parse(*shown), json.at("school"));
    }
    City city(folder.path);
    const auto* entry = city.timetables->find("gym");
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->version, 3u);
    EXPECT_EQ(entry->school->rows.size(), 5u) << "a row that was there stays once";
    EXPECT_EQ(city.timetables->find(entry->key), entry);
}

TEST(LedgerKeeping, WhatWasAnsweredSurvivesACrashAndIsShared) {
    Folder folder;
    const LedgerKeeping::Machine machine{"uuid-1", "conf-1", 4, 8};
    {
        City city(folder.path);
        bool stored = false;
        city.ledger->power_on_ordered(machine, bell, [&](Expected<void, Error> done) {
            EXPECT_TRUE(done);
            stored = true;
        });
        ASSERT_TRUE(run_until(city.loop, [&] { return stored; }));
    }
    City city(folder.path, berlin(7, 40));
    const auto* interval = city.ledger->book().open_interval("uuid-1");
    ASSERT_NE(interval, nullptr);
    EXPECT_EQ(interval->reason.seats, 81u);
    EXPECT_EQ(interval->reason.at, berlin(7, 45));
    city.ledger->seen(machine, {.power = true});
    EXPECT_LT(interval->on, unix_ms(berlin(7, 35))) << "carried out when it was ordered, not now";
    city.ledger->ready("uuid-1");
    city.ledger->held(ledger::HoldingKind::storage, "disk-1", "conf-1", 20);
    city.ledger->metered(machine, {2, 4});
    EXPECT_GE(city.ledger->euros_a_minute(4, 8), 0.0019);
    const auto bill = bill_json(*city.ledger, "week", "2026-11-25");
    ASSERT_TRUE(bill) << bill.error().text;
    EXPECT_NE(bill->find(R"("first":"2026-11-23","last":"2026-11-29")"), std::string::npos);
    EXPECT_FALSE(bill_json(*city.ledger, "year", ""));
    EXPECT_FALSE(bill_csv(*city.ledger, "day", "gestern"));
    EXPECT_TRUE(servers_csv(*city.ledger, "day", "")->find("uuid-1,conf-1,4,8,1795415") !=
                std::string::npos)
        << *servers_csv(*city.ledger, "day", "");
    EXPECT_NE(meter_json(*city.ledger).find(R"("cloud_core_minutes":2)"), std::string::npos);
}

TEST(LedgerKeeping, ACounterThatIsWrongShowsAsADifference) {
    Folder folder;
    City city(folder.path);
    const LedgerKeeping::Machine machine{"uuid-1", "conf-1", 4, 8};
    const auto now = unix_ms(city.ledger->now());
    const auto minute = 60'000;
    // Found on since ten minutes, then seen off a minute ago; the counter has a quarter of an hour.
    city.ledger->seen(machine, {.power = true, .changed = now - 10 * minute, .meter = {}});
    city.ledger->seen(machine, {.power = false, .changed = now - minute, .meter = {60, 120}});
    ASSERT_EQ(city.ledger->meter().size(), 1u);
    EXPECT_EQ(city.ledger->meter()[0].ours.cores, 36);
    EXPECT_EQ(city.ledger->meter()[0].difference(), -24);
}

TEST(LedgerKeeping, ADeletedServerOfWhoseEndNothingIsSaidWasOnUntilItWasMissed) {
    Folder folder;
    City city(folder.path);
    const LedgerKeeping::Machine machine{"uuid-1", "conf-1", 4, 8};
    const auto ten_minutes_ago = unix_ms(city.ledger->now()) - 600'000;
    city.ledger->seen(machine, {.power = true, .changed = ten_minutes_ago, .meter = {}});
    city.ledger->seen(machine, {.power = false, .meter = {40, 80}}, WallTime{});
    EXPECT_EQ(city.ledger->book().open_interval("uuid-1"), nullptr);
    EXPECT_EQ(city.ledger->meter()[0].ours.cores, 40);
}

TEST(LedgerKeeping, ABudgetIsKeptAndRefusedWhenWrong) {
    Folder folder;
    City city(folder.path);
    std::optional<Expected<std::string, Error>> said;
    put_budget(*city.ledger, R"({"day_eur": 40, "month_eur": 600})",
               [&](auto answer) { said = std::move(answer); });
    ASSERT_TRUE(run_until(city.loop, [&] { return said.has_value(); }));
    EXPECT_NE((*said)->find(R"("today_eur":0)"), std::string::npos) << **said;
    EXPECT_EQ(city.ledger->budget().day, 40'000'000);
    put_budget(*city.ledger, R"({"day_eur": -1})", [&](auto answer) { said = std::move(answer); });
    EXPECT_EQ(said->error().code, ErrorCode::invalid);
}
