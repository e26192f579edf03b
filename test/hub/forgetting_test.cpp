// SPDX-License-Identifier: Apache-2.0
// What is older than anybody asks for goes, a little at a time.
#include <algorithm>

#include <gtest/gtest.h>

#include "hub/ledger_keeping.hpp"
#include "school_town.hpp"
#include "store/fleet_tables.hpp"
#include "store/ledger_tables.hpp"

namespace aula::hub {
namespace {

using testing::berlin;
using testing::Folder;
using testing::run_until;
using testing::SchoolTown;

TEST(LessonHistory, IsReadPageByPageAndForgottenAfterThirteenMonths) {
    Folder folder;
    SchoolTown city(folder.path, berlin(7, 40));
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

TEST(FleetLog, OldDeedsGo) {
    testing::Installation city;
    const auto ask = [&](auto work) {
        std::optional<std::size_t> found;
        city.hub->store().ask(work, [&](const Expected<std::size_t, Error>& n) { found = *n; });
        EXPECT_TRUE(run_until(city.loop, [&] { return found.has_value(); }));
        return found.value_or(0);
    };
    const auto now = unix_ms(WallClock::now());
    EXPECT_EQ(ask([now](soci::session& session) {
                  store::FleetActionRow row;
                  row.at = now - 401 * 86'400'000ll;
                  for (int i = 0; i < 3; ++i) store::add_fleet_action(session, row);
                  row.at = now;
                  store::add_fleet_action(session, row);
                  return store::load_fleet_actions(session, 0, 10).size();
              }),
              4u);
    city.restart();
    EXPECT_EQ(ask([](soci::session& session) {
                  return store::load_fleet_actions(session, 0, 10).size();
              }),
              1u);
}

TEST(LedgerKeeping, OldRowsGoALittleAtATime) {
    Folder folder;
    SchoolTown city(folder.path, berlin(7, 40));
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
