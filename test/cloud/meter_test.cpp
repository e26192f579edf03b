// SPDX-License-Identifier: Apache-2.0
#include "cloud/meter.hpp"

#include <gtest/gtest.h>

namespace aula::cloud {
namespace {

constexpr WallTime at(std::chrono::milliseconds time) { return WallTime(time); }
constexpr Window always{WallTime(0s), WallTime(1h)};

TEST(Meter, SumsExactTimeAndRoundsDownOnce) {
    Meter meter;
    for (const auto start : {0s, 100s}) {
        meter.run(at(start), {4, 8});
        meter.stop(at(start + 90s));
    }
    EXPECT_EQ(meter.amount_minutes(0, always), 3 * 4);  // not 2 * 1 minute
    EXPECT_EQ(meter.amount_minutes(1, always), 3 * 8);
    EXPECT_EQ(meter.minutes(always), 3);
}

TEST(Meter, LessThanAMinuteIsNothing) {
    Meter meter;
    meter.run(at(0s), {4, 8});
    meter.stop(at(59'999ms));
    EXPECT_EQ(meter.amount_minutes(0, always), 0);
    meter.run(at(120s), {4, 8});
    meter.stop(at(120'001ms));
    EXPECT_EQ(meter.amount_minutes(0, always), 4);
}

TEST(Meter, RoundsEachAmountByItself) {
    Meter meter;
    meter.run(at(0s), {1, 0});
    meter.run(at(90s), {2, 0});
    meter.run(at(150s), {1, 0});
    meter.stop(at(180s));
    EXPECT_EQ(meter.spans().size(), 3u);
    EXPECT_EQ(meter.amount_minutes(0, always), 1 * 2 + 2 * 1);  // 120 s of one, 60 s of two
    EXPECT_EQ(meter.minutes(always), 3);
}

TEST(Meter, RunningOnWithTheSameAmountIsOneSpan) {
    Meter meter;
    meter.run(at(0s), {1, 0});
    meter.run(at(30s), {1, 0});
    EXPECT_EQ(meter.spans().size(), 1u);
    EXPECT_TRUE(meter.runs());
    EXPECT_EQ(meter.rate(0), 1);
    EXPECT_EQ(meter.minutes({WallTime(0s), WallTime(60s)}), 1);
    meter.stop(at(60s));
    EXPECT_EQ(meter.rate(0), 0);
    meter.stop(at(90s));
    EXPECT_EQ(meter.minutes(always), 1);
}

TEST(Meter, CountsOnlyWhatLiesInTheWindow) {
    Meter meter;
    meter.run(at(0s), {2, 0});
    meter.stop(at(600s));
    EXPECT_EQ(meter.amount_minutes(0, {WallTime(60s), WallTime(180s)}), 4);
    EXPECT_EQ(meter.amount_minutes(0, {WallTime(590s), WallTime(1h)}), 0);
    EXPECT_EQ(meter.amount_minutes(0, {WallTime(700s), WallTime(1h)}), 0);
}

TEST(Meter, AClockThatWasSetBackCostsNothing) {
    Meter meter;
    meter.run(at(600s), {2, 0});
    meter.stop(at(0s));
    EXPECT_EQ(meter.minutes(always), 0);
}

}  // namespace
}  // namespace aula::cloud
