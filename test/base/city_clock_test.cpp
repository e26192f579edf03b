// SPDX-License-Identifier: Apache-2.0
#include "base/city_clock.hpp"

#include <gtest/gtest.h>

namespace aula {
namespace {

const WallTime noon(std::chrono::seconds(1'000'000'000));

TEST(CityClock, IsTheWallClockUnlessTold) {
    EXPECT_EQ(CityClock().at(noon), noon);
    EXPECT_EQ(CityClock().real(90s), 90s);
}

TEST(CityClock, RunsFromItsOriginAtItsSpeed) {
    const auto clock = CityClock::parse("1000000000,2000000000,60");
    ASSERT_TRUE(clock);
    EXPECT_EQ(clock->at(noon), WallTime(std::chrono::seconds(2'000'000'000)));
    EXPECT_EQ(clock->at(noon + 2s) - clock->at(noon), 120s);
    EXPECT_EQ(clock->real(60s), 1s);
}

TEST(CityClock, RefusesWhatIsNoClock) {
    for (const char* text : {"", "1,2", "1,2,0", "1,2,-1", "1,2,3601", "1,2,nan", "1,2,3,4",
                             "a,b,c", "-1,2,3", "1,99999999999999,1"})
        EXPECT_FALSE(CityClock::parse(text)) << text;
}

}  // namespace
}  // namespace aula
