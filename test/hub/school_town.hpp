// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "hub/demand.hpp"
#include "installation.hpp"
#include "lesson/json.hpp"
#include "store/history_tables.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub::testing {

/// Monday 2026-11-23, by the clock of Berlin.
inline WallTime berlin(int hour, int minute) {
    constexpr std::int64_t midnight = 1'795'388'400;
    return WallTime(std::chrono::seconds(midnight + (hour * 60 + minute) * 60));
}

inline CityClock clock_at(WallTime shown, int speed) {
    const auto real = std::chrono::system_clock::to_time_t(WallClock::now());
    return *CityClock::parse(std::to_string(real) + ',' + std::to_string(unix_ms(shown) / 1000) +
                             ',' + std::to_string(speed));
}

/// What of the hub knows lessons; its end is that of a hub that is killed. All that loads does so
/// before start().
struct LessonTown {
    LessonTown(const std::filesystem::path& folder, CityClock shown, bool nodes_are_there = true,
               std::string zone = "Europe/Berlin")
        : clock(shown), are_open(nodes_are_there), store(*store::Store::open(folder / "aula.db")) {
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
        asking.changed = [this] { ++changes; };
        asking.nodes_dial_in = 10ms;
        demand = std::make_unique<CityDemand>(std::move(asking));
        EXPECT_TRUE(demand->load());
    }
    void start() {
        store->start([this](Task task) { loop.post(std::move(task)); });
    }

    template <class Work>
    auto ask(Work work) {
        std::optional<decltype(work(std::declval<soci::session&>()))> found;
        store->ask(std::move(work), [&](auto answer) { found = std::move(*answer); });
        EXPECT_TRUE(run_until(loop, [&] { return found.has_value(); }));
        return std::move(*found);
    }
    std::string create(NewLesson lesson) {
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

    net::Loop loop;
    CityClock clock;
    bool are_open;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Lessons> lessons;
    std::unique_ptr<Timetables> timetables;
    std::unique_ptr<CityDemand> demand;
    lesson::Lesson played;
    int joined = 0;
    int changes = 0;
};

/// A town whose clock is fast, and what it has written down.
struct SchoolTown : LessonTown {
    SchoolTown(const std::filesystem::path& folder, WallTime shown, bool nodes_are_there = true,
               std::string zone = "Europe/Berlin")
        : LessonTown(folder, clock_at(shown, 60), nodes_are_there, std::move(zone)) {
        start();
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
    using LessonTown::create;
    std::string create(const std::string& title, const std::string& settings) {
        NewLesson lesson;
        lesson.title = title;
        lesson.settings = settings;
        return create(std::move(lesson));
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
};

}  // namespace aula::hub::testing
