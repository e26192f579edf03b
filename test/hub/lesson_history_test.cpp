// SPDX-License-Identifier: Apache-2.0
// What lessons really were: written down while they are, whatever happens to the hub meanwhile.
#include <algorithm>

#include <gtest/gtest.h>

#include "hub/demand.hpp"
#include "hub/fleet_key.hpp"
#include "hub/ledger_keeping.hpp"
#include "hub/lesson_trace.hpp"
#include "installation.hpp"
#include "lesson/json.hpp"
#include "simulation/trace.hpp"
#include "store/history_tables.hpp"
#include "store/ledger_tables.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {
namespace {

using testing::Folder;
using testing::run_until;

/// Monday 2026-11-23, by the clock of Berlin.
WallTime berlin(int hour, int minute) {
    constexpr std::int64_t midnight = 1'795'388'400;
    return WallTime(std::chrono::seconds(midnight + (hour * 60 + minute) * 60));
}

std::string school_key_text(fleet::SchoolKey key) { return std::to_string(key); }

/// What of the hub knows lessons; its end is that of a hub that is killed. Its clock is fast.
struct School {
    School(const std::filesystem::path& folder, WallTime shown, bool nodes_are_there = true,
           std::string zone = "Europe/Berlin")
        : are_open(nodes_are_there), store(*store::Store::open(folder / "aula.db")) {
        const auto real = std::chrono::system_clock::to_time_t(WallClock::now());
        clock = *CityClock::parse(std::to_string(real) + ',' +
                                  std::to_string(unix_ms(shown) / 1000) + ",60");
        Lessons::Wiring teaching;
        teaching.store = store.get();
        teaching.close_room = [](const std::string&, lesson::EndReason) {};
        teaching.is_open = [this](const std::string&) { return are_open; };
        lessons = std::make_unique<Lessons>(std::move(teaching));
        EXPECT_TRUE(lessons->load());
        timetables = std::make_unique<Timetables>(*store, zone);
        EXPECT_TRUE(timetables->load());
        CityDemand::Wiring asking;
        asking.loop = &loop;
        asking.store = store.get();
        asking.lessons = lessons.get();
        asking.timetables = timetables.get();
        asking.clock = clock;
        asking.zone = zone;
        asking.nodes_dial_in = 10ms;
        demand = std::make_unique<CityDemand>(std::move(asking));
        EXPECT_TRUE(demand->load());
        store->start([this](Task task) { loop.post(std::move(task)); });
    }

    template <class Work>
    auto ask(Work work) {
        std::optional<decltype(work(std::declval<soci::session&>()))> found;
        store->ask(std::move(work), [&](auto answer) { found = std::move(*answer); });
        EXPECT_TRUE(run_until(loop, [&] { return found.has_value(); }));
        return std::move(*found);
    }
    void put_week() {
        timetable::School school;
        school.id = school.name = "gym";
        school.slots = {{"1", 7h + 45min, 8h + 30min}, {"2", 8h + 35min, 9h + 20min}};
        const auto meets = [&](const char* slot, const char* course, std::uint32_t size) {
            timetable::Row row;
            row.slot = slot;
            row.course = course;
            row.size = size;
            school.rows.push_back(std::move(row));
        };
        meets("1", "7b", 27);
        meets("2", "7b", 25);
        meets("1", "8a", 20);
        bool saved = false;
        timetables->put(school, std::nullopt, [&](const auto& done) { saved = bool(done); });
        EXPECT_TRUE(run_until(loop, [&] { return saved; }));
    }
    std::string create(const std::string& title, const std::string& settings) {
        NewLesson lesson;
        lesson.title = title;
        lesson.settings = settings;
        std::string id;
        lessons->create(std::move(lesson),
                        [&](Expected<const LessonRecord*, Error> made) { id = (*made)->id; });
        EXPECT_TRUE(run_until(loop, [&] { return !id.empty(); }));
        return id;
    }
    /// They come, and their events are on disk as those of a node are.
    void join(const std::string& room, int people) {
        std::vector<std::string> events;
        const auto apply = [&](decltype(lesson::Command::what) what) {
            const auto made = played.apply({"", std::move(what)}, WallClock::now());
            for (const auto& event : made.value()) events.push_back(lesson::to_json(event));
        };
        if (played.seq() == 0) apply(lesson::command::Open{room, "Physics", {}});
        for (int i = 0; i < people; ++i)
            apply(lesson::command::Join{"p-" + std::to_string(++joined), "Emma",
                                        lesson::Role::pupil});
        const auto first = played.seq() + 1 - events.size();
        ask([&](soci::session& session) {
            store::add_events(session, room, first, events, 0);
            return true;
        });
        lessons->on_events_stored(room, events);
    }
    std::vector<store::PastLesson> recorded() {
        std::optional<std::vector<store::PastLesson>> found;
        demand->recorded(berlin(0, 0), berlin(24, 0), [&](auto answer) { found = *answer; });
        EXPECT_TRUE(run_until(loop, [&] { return found.has_value(); }));
        return *found;
    }
    bool until_recorded(std::size_t count) {
        const auto limit = loop.now() + 30s;
        while (recorded().size() < count && loop.now() < limit) {
        }
        return recorded().size() == count;
    }
    std::vector<store::PastLesson> rows_that_go_on() {
        return ask([](soci::session& session) { return store::load_lessons_that_go_on(session); });
    }
    /// The clock's next tick.
    bool until_saved(fleet::Seats seats) {
        const auto limit = loop.now() + 30s;
        while (rows_that_go_on().at(0).seats != seats && loop.now() < limit) {
        }
        return rows_that_go_on().at(0).seats == seats;
    }

    net::Loop loop;
    CityClock clock;
    bool are_open;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Lessons> lessons;
    std::unique_ptr<Timetables> timetables;
    std::unique_ptr<CityDemand> demand;
    lesson::Lesson played;
    int joined = 0;
};

TEST(LessonHistory, HasWhatWasAnnouncedAndWhatWas) {
    Folder folder;
    School city(folder.path, berlin(7, 40));
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
        School city(folder.path, berlin(7, 40));
        city.put_week();
        id = city.create("7b", R"({"school": "gym"})");
        city.join(id, 5);
        ASSERT_TRUE(city.until_saved(5));
        began = city.rows_that_go_on().at(0).start;
    }
    {
        // Killed again before any node is back: nothing is over yet.
        School city(folder.path, berlin(7, 42), false);
        EXPECT_EQ(city.rows_that_go_on().size(), 1u);
        EXPECT_TRUE(city.recorded().empty());
    }
    School city(folder.path, berlin(7, 45));
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
        School city(folder.path, berlin(7, 40));
        city.join(city.create("Chess", "{}"), 3);
        ASSERT_TRUE(city.until_saved(3));
    }
    School city(folder.path, berlin(11, 0), false);
    ASSERT_TRUE(city.until_recorded(1));
    const auto rows = city.recorded();
    EXPECT_EQ(rows[0].seats, 3u);
    EXPECT_LT(rows[0].end, unix_ms(berlin(8, 30)));
}

TEST(LessonHistory, WhoCameLongAfterIsAnotherLesson) {
    Folder folder;
    std::string id;
    {
        School city(folder.path, berlin(7, 40));
        id = city.create("Chess", "{}");
        city.join(id, 3);
    }
    // Their node's events have today's real time, which this clock shows as eleven.
    School city(folder.path, berlin(11, 0));
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
    School city(folder.path, berlin(8, 26));
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
    School city(folder.path, berlin(7, 40));
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

TEST(LessonHistory, IsReadPageByPageAndForgottenAfterThirteenMonths) {
    Folder folder;
    School city(folder.path, berlin(7, 40));
    const auto year_and_a_half = unix_ms(berlin(7, 40) - std::chrono::hours(24 * 550));
    city.ask([&](soci::session& session) {
        store::PastLesson row;
        row.start = unix_ms(berlin(6, 0));
        row.seats = 1;
        row.end = row.start + 60'000;
        for (int i = 0; i < 10'001; ++i) {
            row.id = "l/" + std::to_string(i);
            store::save_past_lesson(session, row);
        }
        row.start = row.end = year_and_a_half;
        row.id = "old";
        store::save_past_lesson(session, row);
        return true;
    });
    auto rows = city.recorded();
    ASSERT_EQ(rows.size(), 10'001u);
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    EXPECT_EQ(std::unique(rows.begin(), rows.end(),
                          [](const auto& a, const auto& b) { return a.id == b.id; }),
              rows.end());
    const auto since_ever = [&] {
        return city.ask([](soci::session& session) {
            return store::load_past_lessons(session, {}, unix_ms(berlin(0, 0)), 10).size();
        });
    };
    EXPECT_EQ(since_ever(), 1u);
    city.demand->forget_old();
    EXPECT_EQ(since_ever(), 0u);
    EXPECT_EQ(city.recorded().size(), 10'001u);
}

TEST(LessonHistory, RowsThatCannotBeAreNotTakenOver) {
    Folder folder;
    {
        School city(folder.path, berlin(7, 40));
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
    School city(folder.path, berlin(7, 41));
    const auto known = city.demand->expected(city.clock.now(), city.clock.now());
    EXPECT_EQ(known.timing.opening.at(0.5), fleet::Timing().opening.at(0.5));
    EXPECT_TRUE(city.recorded().empty());
}

TEST(CityDemand, WhatWasLearntOfTimesIsThereAfterARestart) {
    Folder folder;
    {
        School city(folder.path, berlin(7, 51));
        city.put_week();
        city.ask([](soci::session& session) {
            fleet::TimingRecord record;
            for (int i = 0; i < 29; ++i) record.opened(berlin(7, 45), berlin(7, 52));
            store::save_setting(session, "timing", record.to_json());
            return true;
        });
    }
    {
        School city(folder.path, berlin(7, 51));
        city.join(city.create("7b", R"({"school": "gym"})"), 1);
        const auto is_stored = [&] {
            const auto json = city.ask([](soci::session& session) {
                return store::load_setting(session, "timing").value_or("");
            });
            return std::count(json.begin(), json.end(), ',') == 29 + 2;
        };
        const auto limit = city.loop.now() + 30s;
        while (!is_stored() && city.loop.now() < limit) {
        }
        EXPECT_TRUE(is_stored());
    }
    School city(folder.path, berlin(12, 0), false);
    const auto known = city.demand->expected(city.clock.now(), city.clock.now());
    EXPECT_EQ(known.timing.opening.at(0.5), 7min) << "thirty are enough to be believed";
}

TEST(CityDemand, ALessonThatIsOverIsNotExpectedInItsRoomAgain) {
    Folder folder;
    School city(folder.path, berlin(7, 0));
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
    School city(folder.path, berlin(7, 40), true, "Asia/Tokyo");
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

TEST(LedgerKeeping, OldRowsGoALittleAtATime) {
    Folder folder;
    School city(folder.path, berlin(7, 40));
    LedgerKeeping::Wiring booking;
    booking.loop = &city.loop;
    booking.lessons = city.lessons.get();
    booking.clock = city.clock;
    booking.zone = city.demand->zone();
    const auto other = *store::Store::open(folder.path / "ledger.db");
    booking.store = other.get();
    const auto long_ago = unix_ms(berlin(7, 40) - std::chrono::hours(24 * 500));
    constexpr const char* detail =
        R"({"name":"n","cores":4,"memory_gb":8,"price":1,"reason":[0,0,0,0,0],"found":false,)"
        R"("ordered":1,"on":1,"ready":1,"off_ordered":0,"off_seen":0,"busy":[]})";
    ASSERT_TRUE(other->run_now([&](soci::session& session) {
        for (int i = 1; i <= 700; ++i)
            store::save_interval(session, store::LedgerTable::power_intervals,
                                 {i, "gone", long_ago, long_ago + 60'000, detail});
        for (std::uint32_t school = 1; school <= 700; ++school)
            store::save_presence(session, {"2025-01-07", school, 5});
        store::save_presence(session, {"2026-11-20", 1, 5});
    }));
    LedgerKeeping ledger(std::move(booking));
    ASSERT_TRUE(ledger.load());
    other->start([&](Task task) { city.loop.post(std::move(task)); });
    const auto rows = [&] {
        std::optional<std::pair<std::size_t, std::size_t>> found;
        other->ask(
            [](soci::session& session) {
                return std::pair(
                    store::load_intervals(session, store::LedgerTable::power_intervals).size(),
                    store::load_presence(session, "").size());
            },
            [&](const auto& counts) { found = *counts; });
        EXPECT_TRUE(run_until(city.loop, [&] { return found.has_value(); }));
        return *found;
    };
    ledger.forget_old();
    EXPECT_EQ(rows(), std::pair(std::size_t{200}, std::size_t{201}));
    ledger.forget_old();
    EXPECT_EQ(rows(), std::pair(std::size_t{1}, std::size_t{1})) << "it may be there and off";
    ledger.metered({"another", "n", 4, 8}, {});
    ledger.forget_old();
    EXPECT_EQ(rows().first, 0u) << "the cloud does not show it";
}

}  // namespace
}  // namespace aula::hub
