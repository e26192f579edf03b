// SPDX-License-Identifier: Apache-2.0
#include "simulation/report.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "simulation/chance.hpp"
#include "simulation/city.hpp"
#include "simulation/settings.hpp"

namespace aula::simulation {
namespace {

struct Told {
    Study study;
    About about;
};

const Told& small_study() {
    static const Told told = [] {
        CityTraits city_traits;
        city_traits.pupils = 1200;
        city_traits.days = 28;
        StudyTask task;
        task.seeds = 2;
        task.search_rounds = 20;
        task.lessons = [city_traits](std::uint64_t seed) mutable {
            city_traits.seed = seed;
            return city(city_traits);
        };
        Told result;
        result.study = study(task, [](unsigned peak) {
            SettingsTask grid;
            grid.is_tuned = false;
            return settings(grid, peak);
        });
        result.about.seeds = 2;
        result.about.world = task.world;
        result.about.assumed = {{"a <b>", "\"c\" & d"}};
        return result;
    }();
    return told;
}

TEST(Report, JsonHasOursFirstAndAllFiguresOfEveryPolicy) {
    const auto& [study, about] = small_study();
    const auto report = boost::json::parse(to_json(study, about)).as_object();
    const auto& policies = report.at("policies").as_array();
    ASSERT_EQ(policies.size(), 8u);
    EXPECT_EQ(policies[0].at("name").as_string(), "aula");
    const auto bound = report.at("lower_bound_node_minutes").as_double();
    for (const auto& one : policies) {
        const auto& policy = one.as_object();
        for (const auto* name :
             {"node_minutes", "ratio_to_lower_bound", "ratio_to_best_packing", "cost_eur",
              "lessons", "delayed_over_30s", "refused", "wait_s", "api_calls_max_per_min"}) {
            EXPECT_TRUE(policy.contains(name)) << name;
        }
        for (const auto* name : {"p50", "p95", "p99", "max"}) {
            EXPECT_TRUE(policy.at("wait_s").as_object().contains(name)) << name;
        }
        EXPECT_NEAR(policy.at("ratio_to_lower_bound").as_double() * bound,
                    policy.at("node_minutes").as_double(), 1e-6 * bound);
        EXPECT_DOUBLE_EQ(policy.at("ledger_node_minutes").as_double(),
                         policy.at("meter_node_minutes").as_double());
        EXPECT_EQ(policy.at("orders_that_contradict").as_int64(), 0);
        EXPECT_EQ(policy.at("lessons"), policies[0].at("lessons"));
    }
}

TEST(Report, PageAsksNobodyForAnythingAndEscapes) {
    const auto& [study, about] = small_study();
    const auto html = to_html(study, about);
    for (const auto* forbidden : {"http://", "https://", "src=", "@import", "url(", "<script"}) {
        EXPECT_EQ(html.find(forbidden), std::string::npos) << forbidden;
    }
    EXPECT_NE(html.find("a &lt;b&gt;"), std::string::npos);
    EXPECT_NE(html.find("&quot;c&quot; &amp; d"), std::string::npos);
    EXPECT_NE(html.find("Example city"), std::string::npos);
}

TEST(Report, EstimatesTheMeanOverSeeds) {
    const auto known = estimate({1, 2, 3, 4});
    EXPECT_DOUBLE_EQ(known.mean, 2.5);
    // 3.182 * sqrt(5/3) / 2
    EXPECT_NEAR(known.margin, 2.054, 0.001);
    EXPECT_EQ(estimate({7}).margin, 0);
}

TEST(Waits, CountWholeSecondsUpwards) {
    Waits waits;
    for (int i = 0; i < 98; ++i) waits.add(Duration{});
    waits.add(std::chrono::milliseconds(30'000));
    waits.add(std::chrono::milliseconds(30'001));
    EXPECT_EQ(waits.longer_than(std::chrono::seconds(30)), 1u);
    EXPECT_EQ(waits.quantile(0.5), 0);
    EXPECT_EQ(waits.quantile(0.99), 30);
    EXPECT_EQ(waits.longest(), 31);
}

TEST(BootTime, HasItsMedianAndItsTail) {
    const BootTime boot{std::chrono::seconds(90), 2};
    Chance chance({3});
    int over_median = 0, over_tail = 0, over_95 = 0;
    constexpr int draws = 20'000;
    for (int i = 0; i < draws; ++i) {
        const auto drawn = boot.draw(chance);
        over_median += drawn > std::chrono::seconds(90);
        over_tail += drawn > std::chrono::seconds(180);
        over_95 += drawn > boot.quantile95();
    }
    EXPECT_NEAR(over_median, draws / 2, 300);
    EXPECT_NEAR(over_tail, draws / 100, 60);
    EXPECT_NEAR(over_95, draws / 20, 130);
}

}  // namespace
}  // namespace aula::simulation
