// SPDX-License-Identifier: Apache-2.0
#include "simulation/run.hpp"

#include <gtest/gtest.h>

#include "simulation/baselines.hpp"
#include "simulation/bounds.hpp"
#include "simulation/city.hpp"
#include "simulation/trace.hpp"

namespace aula::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr long long monday = 1'788'134'400;  // 2026-08-31
constexpr long long nine = monday + 9 * 3600;
const std::string header =
    "lesson,school,planned_start,planned_end,planned_seats,start,end,seats\n";

std::string row(int number, long long planned, long long start, long long end, int seats) {
    const auto announced = planned == 0
                               ? ",,"
                               : std::to_string(planned) + "," + std::to_string(planned + 2700) +
                                     "," + std::to_string(seats);
    return std::to_string(number) + ",school," + announced + "," + std::to_string(start) + "," +
           std::to_string(end) + "," + std::to_string(seats) + "\n";
}

Lessons trace(const std::string& rows) {
    auto read = read_trace(header + rows);
    if (!read) throw std::runtime_error(in_words(read.error()));
    return replay(std::move(*read));
}

World calm_world() {
    World world;
    world.seats_per_node = 100;
    world.standby_boot = world.template_boot = {seconds(60), 1};
    return world;
}

fleet::Policy policy_of(const World& world) {
    fleet::Policy policy;
    policy.seats_per_node = world.seats_per_node;
    return policy;
}

Outcome run_ours(const Lessons& lessons, const World& world, const Watch& watch = {}) {
    AulaScaler ours(policy_of(world));
    return run(lessons, world, ours, watch);
}

Figures all(const Outcome& outcome) {
    return outcome.sum([](unsigned) { return true; });
}

std::vector<std::string> actions_until(const Lessons& lessons, WallTime until) {
    std::vector<std::string> actions;
    Watch watch;
    watch.on_action = [&](WallTime now, const fleet::Action& action) {
        if (now > until) return;
        actions.push_back(std::to_string(now.time_since_epoch().count()) + " " +
                          std::to_string(static_cast<int>(action.kind)) + " " +
                          std::to_string(action.server));
    };
    run_ours(lessons, calm_world(), watch);
    return actions;
}

TEST(Run, EndsWhenItIsToldToStop) {
    auto lessons = trace(row(1, nine, nine, nine + 2700, 30));
    lessons.days = 1'000;
    lessons.of_day = [](unsigned) { return std::vector<Lesson>(); };
    unsigned days = 0;
    Watch watch;
    watch.on_day = [&](unsigned) { ++days; };
    watch.is_stopped = [&] { return days == 3; };
    run_ours(lessons, calm_world(), watch);
    EXPECT_EQ(days, 3u);
}

TEST(Run, HasANodeReadyForAnAnnouncedLessonAndNoneAfterIt) {
    const auto lessons = trace(row(1, nine, nine, nine + 2700, 30));
    const auto outcome = run_ours(lessons, calm_world());
    const auto figures = all(outcome);
    EXPECT_EQ(figures.lessons, 1u);
    EXPECT_EQ(figures.refused, 0u);
    EXPECT_EQ(figures.waits.longest(), 0);
    EXPECT_GE(figures.node_time, seconds(2700 + 60));  // no less than the lesson and a boot
    EXPECT_LE(figures.node_time, seconds(2700) + minutes(25));
    EXPECT_EQ(outcome.ledger, outcome.meter);
    EXPECT_EQ(outcome.orders_refused_by_us, 0u);
}

TEST(Run, MakesPeopleWaitOneBootForALessonThatNobodyAnnounced) {
    const auto outcome = run_ours(trace(row(1, 0, nine, nine + 2700, 30)), calm_world());
    const auto figures = all(outcome);
    EXPECT_EQ(figures.refused, 0u);
    EXPECT_GE(figures.waits.longest(), 60);
    EXPECT_LE(figures.waits.longest(), 65);
}

TEST(Run, RefusesALessonWhenNoNodeComesWhilePeopleArePatient) {
    auto world = calm_world();
    world.standby_boot = world.template_boot = {minutes(30), 1};
    const auto figures = all(run_ours(trace(row(1, 0, nine, nine + 2700, 30)), world));
    EXPECT_EQ(figures.lessons, 1u);
    EXPECT_EQ(figures.refused, 1u);
    EXPECT_EQ(figures.waits.count(), 0u);
}

TEST(Run, KnowsNothingOfWhatHasNotHappened) {
    std::string same, other;
    for (int i = 0; i < 20; ++i) {
        const auto planned = nine + 600 * i;
        const bool is_announced = i % 4 != 0;
        const auto start = planned - 100 + 17 * (i % 5);
        same += row(i, is_announced ? planned : 0, start, planned + 2700 + 60 * i, 20 + i);
        // From half past ten on everything is another way: who comes, how many, and how long.
        const bool is_later = start > nine + 5400;
        const bool ends_later = planned + 2700 + 60 * i > nine + 5400;
        if (is_later && !is_announced) continue;
        const auto real_start = is_later ? start + 400 : start;
        const auto real_end = ends_later ? planned + 4000 + 45 * i : planned + 2700 + 60 * i;
        auto changed = row(i, is_announced ? planned : 0, real_start, real_end, 20 + i);
        if (is_later) {
            changed = changed.substr(0, changed.rfind(',')) + "," + std::to_string(55 - i) + "\n";
        }
        other += changed;
    }
    const auto until = WallTime(seconds(nine + 5400));
    const auto decided = actions_until(trace(same), until);
    EXPECT_GT(decided.size(), 2u);
    EXPECT_EQ(decided, actions_until(trace(other), until));
    EXPECT_NE(actions_until(trace(same), WallTime::max()),
              actions_until(trace(other), WallTime::max()));
}

TEST(Run, IsTheSameEachTime) {
    CityTraits traits;
    traits.pupils = 2000;
    traits.days = 9;
    auto world = calm_world();
    world.standby_boot = {seconds(90), 2};
    world.faults = hard_faults;
    const auto one = run_ours(city(traits), world);
    const auto again = run_ours(city(traits), world);
    EXPECT_EQ(one.meter, again.meter);
    EXPECT_EQ(all(one).delayed(), all(again).delayed());
    world.seed = 2;
    EXPECT_NE(run_ours(city(traits), world).meter, one.meter);
}

/// Every rule against the same hard days: the two reckonings of node-minutes agree, no order
/// contradicts, everybody is counted, and nobody who serves all needs less than the fluid bound.
class EveryRule : public testing::Test {
protected:
    void live_through(Scaler& scaler) {
        CityTraits traits;
        traits.pupils = 3000;
        traits.days = 14;
        World world;
        world.faults = hard_faults;
        world.standby_servers = 4;
        const auto lessons = city(traits);
        std::uint64_t taking_place = 0;
        for (unsigned day = 0; day < traits.days; ++day) {
            for (const auto& lesson : lessons.of_day(day)) taking_place += lesson.takes_place();
        }
        const auto outcome = run(lessons, world, scaler);
        const auto figures = all(outcome);
        EXPECT_EQ(outcome.ledger, outcome.meter);
        EXPECT_EQ(outcome.meter, figures.node_time);
        EXPECT_EQ(outcome.orders_refused_by_us, 0u);
        EXPECT_EQ(figures.lessons, taking_place);
        EXPECT_EQ(figures.waits.count() + figures.refused, taking_place);
        if (figures.refused != 0 || figures.waits.longest() != 0) return;
        std::int64_t fluid = 0;
        for (const auto& week : bounds_of(lessons, {200, 90, 0, 1})) fluid += week.fluid_seconds;
        EXPECT_GE(figures.node_time, seconds(fluid));
    }
};

TEST_F(EveryRule, Ours) {
    AulaScaler ours({});
    live_through(ours);
}

TEST_F(EveryRule, AlwaysOn) {
    live_through(*make_scaler(OfficeHours{.nodes = 40, .always = true}));
}

TEST_F(EveryRule, OfficeHours) { live_through(*make_scaler(OfficeHours{.nodes = 5})); }

TEST_F(EveryRule, Divims) {
    live_through(*make_scaler(DivimsRule{}));
    live_through(*make_scaler(DivimsRule{.has_calendar = true}));
}

TEST_F(EveryRule, Jitsi) { live_through(*make_scaler(JitsiRule{})); }

TEST_F(EveryRule, OneMore) { live_through(*make_scaler(OneMoreRule{})); }

TEST_F(EveryRule, TargetUtilisation) { live_through(*make_scaler(TargetRule{})); }

TEST(Baselines, AlwaysOnPaysForEveryMinute) {
    const auto lessons = trace(row(1, nine, nine, nine + 2700, 30));
    const auto scaler = make_scaler(OfficeHours{.nodes = 3, .always = true});
    const auto outcome = run(lessons, calm_world(), *scaler);
    EXPECT_EQ(all(outcome).node_time, hours(24) * 3);
}

TEST(Baselines, OfficeHoursKnowWeekendsAndTimes) {
    // Until Sunday.
    const auto lessons = trace(row(1, nine, nine, nine + 2700, 30) +
                               row(2, 0, nine + 6 * 86'400, nine + 6 * 86'400 + 60, 5));
    const auto scaler = make_scaler(OfficeHours{.nodes = 2});
    const auto outcome = run(lessons, calm_world(), *scaler);
    const auto shutdowns = calm_world().shutdown * 10;
    EXPECT_EQ(all(outcome).node_time, hours(10) * 5 * 2 + shutdowns);
    EXPECT_EQ(all(outcome).refused, 1u);
}

TEST(Baselines, TargetUtilisationFollowsTheLoadAndWaitsBeforeItShrinks) {
    std::string rows;
    for (int i = 0; i < 10; ++i) rows += row(i, 0, nine + i, nine + 2700, 30);
    const auto scaler = make_scaler(TargetRule{.target = 0.7, .least = 1});
    const auto outcome = run(trace(rows), calm_world(), *scaler);
    EXPECT_GE(outcome.most_nodes, 5u);  // 300 people at 70 of 100 seats
    EXPECT_LE(outcome.most_nodes, 6u);
    EXPECT_EQ(all(outcome).refused, 0u);
    EXPECT_GE(all(outcome).node_time, hours(24) + 4 * (seconds(2700) + seconds(300)) - minutes(3));
}

TEST(Baselines, LeastLoadedPlacementSpreadsRooms) {
    const auto scaler = make_scaler(OfficeHours{.nodes = 2, .always = true});
    fleet::Snapshot snapshot;
    for (const fleet::ServerKey key : {1u, 2u}) {
        fleet::Server server;
        server.key = key;
        server.state = fleet::ServerState::ready;
        server.seats = 100;
        snapshot.servers.push_back(server);
    }
    snapshot.servers[0].rooms.push_back({1, 1, 30, 30, {}, {}});
    EXPECT_EQ(scaler->place({2, 30, {}}, snapshot, {}), std::optional<fleet::ServerKey>(2));
    snapshot.servers[1].rooms.push_back({2, 1, 80, 80, {}, {}});
    EXPECT_EQ(scaler->place({3, 70, {}}, snapshot, {}), std::optional<fleet::ServerKey>(1));
    EXPECT_EQ(scaler->place({3, 71, {}}, snapshot, {}), std::nullopt);
}

}  // namespace
}  // namespace aula::simulation
