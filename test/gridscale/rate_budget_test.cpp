// SPDX-License-Identifier: Apache-2.0
#include "gridscale/rate_budget.hpp"

#include <gtest/gtest.h>

#include "gridscale/breaker.hpp"

namespace aula::gridscale {
namespace {

const WallTime morning{std::chrono::milliseconds(1'767'598'800'000)};

http::Response answer(int remaining, WallTime reset, int status = 200) {
    http::Response response;
    response.status = status;
    response.headers.set("ratelimit-limit", "210");
    response.headers.set("ratelimit-remaining", std::to_string(remaining));
    response.headers.set("ratelimit-reset", std::to_string(unix_ms(reset)));
    return response;
}

TEST(RateBudget, KnowsNoLimitBeforeItIsTold) {
    EXPECT_EQ(RateBudget().may_go(Urgency::tidy, morning), morning);
}

TEST(RateBudget, KeepsTheLastCallsForStarts) {
    RateBudget budget;
    const auto reset = morning + 20s;
    budget.on_answer(answer(25, reset), morning);
    EXPECT_EQ(budget.may_go(Urgency::start, morning), morning);
    EXPECT_EQ(budget.may_go(Urgency::change, morning), morning);
    EXPECT_EQ(budget.may_go(Urgency::look, morning), reset);
    EXPECT_EQ(budget.may_go(Urgency::tidy, morning), reset);
    budget.on_answer(answer(1, reset), morning);
    EXPECT_EQ(budget.may_go(Urgency::change, morning), reset);
    EXPECT_EQ(budget.may_go(Urgency::start, morning), morning);
}

TEST(RateBudget, CountsWhatIsUnderWay) {
    RateBudget budget;
    budget.on_answer(answer(2, morning + 20s), morning);
    budget.on_sent();
    EXPECT_EQ(budget.may_go(Urgency::start, morning), morning);
    budget.on_sent();
    EXPECT_EQ(budget.may_go(Urgency::start, morning), morning + 20s);
}

TEST(RateBudget, IsWholeAgainAfterTheReset) {
    RateBudget budget;
    budget.on_answer(answer(0, morning + 20s, 429), morning);
    EXPECT_EQ(budget.may_go(Urgency::start, morning + 19s), morning + 20s);
    EXPECT_EQ(budget.may_go(Urgency::tidy, morning + 20s), morning + 20s);
}

TEST(RateBudget, AWrongClockStopsNobodyForLongerThanAWindow) {
    RateBudget budget;
    budget.on_answer(answer(0, morning + 3h, 429), morning);
    EXPECT_EQ(budget.may_go(Urgency::start, morning), morning + 61s);
    http::Response bare;
    bare.status = 429;
    RateBudget other;
    other.on_answer(bare, morning);
    EXPECT_EQ(other.may_go(Urgency::start, morning), morning + 60s);
}

TEST(RateBudget, AbsurdHeadersAreBounded) {
    const auto goes_at = [](const char* reset) {
        auto limited = answer(0, morning, 429);
        limited.headers.set("ratelimit-reset", reset);
        limited.headers.set("ratelimit-limit", "9223372036854775807");
        RateBudget budget;
        budget.on_answer(limited, morning);
        return budget.may_go(Urgency::tidy, morning) - morning;
    };
    EXPECT_EQ(goes_at("0"), 0s);
    EXPECT_EQ(goes_at("9223372036854775807"), 61s);
    // Unreadable: as if there were none.
    for (const auto* garbage : {"-1", "", "soon", "99999999999999999999"})
        EXPECT_EQ(goes_at(garbage), 60s) << garbage;
}

TEST(Breaker, OpensAfterFailuresOnEndAndTriesAgainAfterARest) {
    Breaker breaker({3, 10s});
    const Time start{};
    breaker.on_failure(start);
    breaker.on_failure(start);
    breaker.on_success();
    breaker.on_failure(start);
    breaker.on_failure(start);
    EXPECT_FALSE(breaker.is_open(start));
    breaker.on_failure(start);
    EXPECT_TRUE(breaker.is_open(start + 9s));
    EXPECT_FALSE(breaker.is_open(start + 10s));
    breaker.on_failure(start + 10s);
    EXPECT_TRUE(breaker.is_open(start + 11s));
    breaker.on_success();
    EXPECT_FALSE(breaker.is_open(start + 11s));
}

}  // namespace
}  // namespace aula::gridscale
