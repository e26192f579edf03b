// SPDX-License-Identifier: Apache-2.0
#include "simulation/bounds.hpp"

#include <gtest/gtest.h>

#include "simulation/chance.hpp"
#include "simulation/city.hpp"

namespace aula::simulation {
namespace {

using Stretches = std::vector<Stretch>;

PackingTask task_with(std::uint32_t seats, std::int64_t boot) { return {seats, boot, 200, 1}; }

/// Costs of one node that has these rooms, or nothing if it has not the seats.
std::optional<std::int64_t> cost_of_node(const Stretches& rooms, const PackingTask& task) {
    std::int64_t cost = 0;
    std::int64_t on_until = 0;
    auto sorted = rooms;
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.from < b.from; });
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        std::uint32_t load = 0;
        for (const auto& other : sorted) {
            if (other.from <= sorted[i].from && other.until > sorted[i].from) load += other.seats;
        }
        if (load > task.seats_per_node) return std::nullopt;
        const auto gap = sorted[i].from - on_until;
        cost +=
            i == 0 || gap > task.boot_seconds ? task.boot_seconds : std::max<std::int64_t>(0, gap);
        cost += std::max<std::int64_t>(0, sorted[i].until - std::max(on_until, sorted[i].from));
        on_until = std::max(on_until, sorted[i].until);
    }
    return cost;
}

/// Tries every way of dividing the rooms among nodes.
std::int64_t exhaustive(const Stretches& rooms, const PackingTask& task, std::size_t next,
                        std::vector<Stretches>& nodes) {
    if (next == rooms.size()) {
        std::int64_t sum = 0;
        for (const auto& node : nodes) {
            const auto cost = cost_of_node(node, task);
            if (!cost) return std::numeric_limits<std::int64_t>::max();
            sum += *cost;
        }
        return sum;
    }
    auto best = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i <= nodes.size(); ++i) {
        const bool is_new = i == nodes.size();
        if (is_new) nodes.emplace_back();
        nodes[i].push_back(rooms[next]);
        best = std::min(best, exhaustive(rooms, task, next + 1, nodes));
        nodes[i].pop_back();
        if (is_new) {
            nodes.pop_back();
            break;
        }
    }
    return best;
}

TEST(FluidBound, CountsFullNodesAtEachMoment) {
    EXPECT_EQ(fluid_bound(Stretches{{0, 100, 50}}, 100), 100);
    EXPECT_EQ(fluid_bound(Stretches{{0, 100, 60}, {50, 150, 60}}, 100), 50 + 2 * 50 + 50);
    EXPECT_EQ(fluid_bound(Stretches{{0, 100, 100}, {100, 200, 100}}, 100), 200);
    EXPECT_EQ(fluid_bound(Stretches{{0, 10, 350}}, 100), 40);
    EXPECT_EQ(fluid_bound(Stretches{}, 100), 0);
}

TEST(BestPacking, KeepsANodeOnOverAGapThatIsNotLongerThanABoot) {
    EXPECT_EQ(best_packing(Stretches{{0, 100, 50}, {150, 250, 50}}, task_with(100, 60)), 60 + 250);
    EXPECT_EQ(best_packing(Stretches{{0, 100, 50}, {190, 290, 50}}, task_with(100, 60)), 320);
}

TEST(BestPacking, PutsRoomsTogetherThatEndTogether) {
    const Stretches rooms{{0, 100, 50}, {0, 1000, 50}, {1, 101, 50}, {1, 1001, 50}};
    EXPECT_EQ(best_packing(rooms, task_with(100, 60)), 60 + 101 + 60 + 1001);
}

TEST(BestPacking, GivesARoomThatIsTooLargeANodeOfItsOwn) {
    EXPECT_EQ(best_packing(Stretches{{0, 100, 150}, {0, 100, 10}}, task_with(100, 60)), 320);
}

TEST(BestPacking, FindsTheOptimumOfSmallDays) {
    Chance chance({42});
    for (int day = 0; day < 60; ++day) {
        Stretches rooms;
        for (int i = 0; i < 7; ++i) {
            const std::int64_t from = 300 * chance.below(8) + chance.below(60);
            rooms.push_back({from, from + 200 + 300 * chance.below(4), 20 + chance.below(60)});
        }
        const auto task = task_with(100, 90);
        std::vector<Stretches> nodes;
        EXPECT_EQ(best_packing(rooms, task), exhaustive(rooms, task, 0, nodes)) << "day " << day;
    }
}

TEST(Bounds, LieInTheirOrderInEveryWeekOfACity) {
    CityTraits traits;
    traits.pupils = 3000;
    traits.days = 28;
    const auto weeks = bounds_of(city(traits), {200, 90, 20, 1});
    ASSERT_EQ(weeks.size(), 4u);
    for (const auto& week : weeks) {
        EXPECT_GT(week.fluid_seconds, 0);
        EXPECT_GE(week.packing_seconds, week.fluid_seconds);
        EXPECT_LT(static_cast<double>(week.packing_seconds),
                  1.6 * static_cast<double>(week.fluid_seconds));
    }
}

}  // namespace
}  // namespace aula::simulation
