// SPDX-License-Identifier: Apache-2.0
#include "cloud/fault_rules.hpp"

#include <gtest/gtest.h>

namespace aula::cloud {
namespace {

constexpr Occasion any{"GET", "/objects/servers", ""};

Fault fault(FaultKind kind) {
    Fault fault;
    fault.kind = kind;
    return fault;
}

TEST(FaultRules, StrikeAsOftenAsOrdered) {
    FaultRules rules;
    auto outage = fault(FaultKind::outage);
    outage.left = 2;
    rules.order(outage);
    EXPECT_FALSE(rules.strike(FaultKind::lost_answer, any, {}, 0));
    EXPECT_TRUE(rules.strike(FaultKind::outage, any, {}, 0));
    EXPECT_TRUE(rules.strike(FaultKind::outage, any, {}, 0));
    EXPECT_FALSE(rules.strike(FaultKind::outage, any, {}, 0));
    EXPECT_TRUE(rules.all().empty());
}

TEST(FaultRules, StrikeUntilTheirTimeIsOver) {
    FaultRules rules;
    auto outage = fault(FaultKind::outage);
    outage.until = WallTime(10s);
    rules.order(outage);
    EXPECT_TRUE(rules.strike(FaultKind::outage, any, WallTime(9s), 0));
    EXPECT_FALSE(rules.strike(FaultKind::outage, any, WallTime(10s), 0));
    EXPECT_FALSE(rules.strike(FaultKind::outage, any, WallTime(9s), 0));  // gone for good
}

TEST(FaultRules, StrikeWithTheirProbabilityAndAreNotCountedWhenTheyDoNot) {
    FaultRules rules;
    auto seldom = fault(FaultKind::error_answer);
    seldom.probability = 0.25;
    seldom.left = 1;
    rules.order(seldom);
    EXPECT_FALSE(rules.strike(FaultKind::error_answer, any, {}, 0.25));
    EXPECT_TRUE(rules.strike(FaultKind::error_answer, any, {}, 0.2499));
}

TEST(FaultRules, StrikeOnlyWhereTheyShall) {
    FaultRules rules;
    auto creates = fault(FaultKind::lost_answer);
    creates.method = "POST";
    creates.path = "/ips";
    rules.order(creates);
    EXPECT_FALSE(rules.strike(FaultKind::lost_answer, any, {}, 0));
    EXPECT_FALSE(rules.strike(FaultKind::lost_answer, {"POST", "/objects/servers", ""}, {}, 0));
    EXPECT_TRUE(rules.strike(FaultKind::lost_answer, {"POST", "/objects/ips", ""}, {}, 0));
    auto one = fault(FaultKind::slow_boot);
    one.object = "a";
    rules.order(one);
    EXPECT_FALSE(rules.strike(FaultKind::slow_boot, {"", "", "b"}, {}, 0));
    EXPECT_TRUE(rules.strike(FaultKind::slow_boot, {"", "", "a"}, {}, 0));
}

TEST(FaultRules, AreCancelledAndBounded) {
    FaultRules rules;
    const auto id = rules.order(fault(FaultKind::outage));
    EXPECT_TRUE(rules.cancel(*id));
    EXPECT_FALSE(rules.cancel(*id));
    for (std::size_t i = 0; i < FaultRules::most; ++i)
        EXPECT_TRUE(rules.order(fault(FaultKind::outage)));
    EXPECT_FALSE(rules.order(fault(FaultKind::outage)));
    rules.clear();
    EXPECT_FALSE(rules.strike(FaultKind::outage, any, {}, 0));
}

TEST(FaultRules, EachHasAName) {
    for (int i = 0; i <= static_cast<int>(FaultKind::no_addresses); ++i) {
        const auto kind = static_cast<FaultKind>(i);
        EXPECT_EQ(fault_of(name_of(kind)), kind);
    }
    EXPECT_FALSE(fault_of("earthquake"));
}

}  // namespace
}  // namespace aula::cloud
