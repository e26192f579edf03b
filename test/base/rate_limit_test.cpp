// SPDX-License-Identifier: Apache-2.0
#include "base/rate_limit.hpp"

#include <gtest/gtest.h>

namespace aula {
namespace {

const Time start = Time{} + std::chrono::hours(1);

TEST(RateLimit, GivesABurstAndThenARate) {
    RateLimit limit(3, 10s);
    Time now = start;
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.take("a", now)) << i;
    EXPECT_FALSE(limit.take("a", now));
    EXPECT_TRUE(limit.take("b", now)) << "another name";
    now += 10s;
    EXPECT_TRUE(limit.take("a", now));
    EXPECT_FALSE(limit.take("a", now));
    now += std::chrono::hours(1);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.take("a", now)) << i;
    EXPECT_FALSE(limit.take("a", now));
}

TEST(RateLimit, SaysHowLongToWait) {
    RateLimit limit(3, 30s);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(limit.wait("anna", start), 0s);
        limit.count("anna", start);
    }
    EXPECT_EQ(limit.wait("anna", start), 30s);
    EXPECT_EQ(limit.wait("anna", start + 29500ms), 1s);
    EXPECT_EQ(limit.wait("anna", start + 30s), 0s);
    EXPECT_EQ(limit.wait("ben", start), 0s);
    limit.forget("anna");
    EXPECT_EQ(limit.wait("anna", start), 0s);
}

TEST(RateLimit, IsBoundedHoweverManyNamesCome) {
    RateLimit limit(3, std::chrono::hours(1));
    for (int i = 0; i < 120'000; ++i) limit.take(std::to_string(i), start);
    EXPECT_LE(limit.size(), 50'000u);
}

TEST(RateLimit, MakesRoomForManyNamesAtOnce) {
    RateLimit limit(3, 1s);
    for (int i = 0; i < 50'000; ++i) limit.take(std::to_string(i), start + i * 1ms);
    ASSERT_EQ(limit.size(), 50'000u);
    // All but the newest thousand are free again, and go.
    limit.take("one more", start + 50s);
    EXPECT_LE(limit.size(), 1'002u);
    for (int i = 0; i < 48'900; ++i) limit.take("crowd " + std::to_string(i), start + 50500ms);
    for (int i = 0; i < 1'000; ++i) limit.take("more " + std::to_string(i), start + 51200ms);
    EXPECT_LE(limit.size(), 25'000u) << "a sweep that frees little would come again and again";
}

}  // namespace
}  // namespace aula
