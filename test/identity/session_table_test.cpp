// SPDX-License-Identifier: Apache-2.0
#include "identity/session_table.hpp"

#include <gtest/gtest.h>

using namespace aula;
using namespace aula::identity;
using std::chrono::minutes;

namespace {

const WallTime start{std::chrono::hours(500'000)};

}  // namespace

TEST(SessionTable, OpensWithATokenThatItDoesNotKeep) {
    SessionTable table;
    const auto one = table.open("anna", start);
    const auto two = table.open("anna", start);
    EXPECT_EQ(one.token.size(), 43u) << "256 bits in base64url";
    EXPECT_NE(one.token, two.token);
    EXPECT_NE(one.token, one.key);
    EXPECT_EQ(table.use(one.token, start), one.key);
    EXPECT_EQ(table.use(one.key, start), std::nullopt) << "what lies in the store opens nothing";
    EXPECT_EQ(table.use("", start), std::nullopt);
    EXPECT_EQ(table.find(one.key)->account, "anna");
}

TEST(SessionTable, ExpiresUnusedAndAtTheLatestAfterItsWholeLife) {
    SessionTable table({minutes(30), minutes(100)});
    const auto idle = table.open("anna", start);
    const auto busy = table.open("anna", start);
    for (int at = 20; at < 100; at += 20) {
        EXPECT_TRUE(table.use(busy.token, start + minutes(at)));
    }
    EXPECT_EQ(table.use(idle.token, start + minutes(30)), std::nullopt);
    EXPECT_EQ(table.use(busy.token, start + minutes(100)), std::nullopt);
    EXPECT_EQ(table.expire(start + minutes(100)).size(), 2u);
    EXPECT_EQ(table.size(), 0u);
}

TEST(SessionTable, SignsAnAccountOutEverywhereButHere) {
    SessionTable table;
    const auto here = table.open("anna", start);
    const auto there = table.open("anna", start);
    const auto other = table.open("ben", start);
    EXPECT_EQ(table.close_all("anna", here.key), std::vector{there.key});
    EXPECT_TRUE(table.use(here.token, start));
    EXPECT_FALSE(table.use(there.token, start));
    EXPECT_TRUE(table.use(other.token, start));
    table.close(other.key);
    EXPECT_FALSE(table.use(other.token, start));
}

TEST(SessionTable, BoundsTheSessionsOfAnAccount) {
    SessionTable table;
    const auto first = table.open("anna", start);
    for (int i = 1; i < 20; ++i) {
        EXPECT_EQ(table.open("anna", start + minutes(i)).closed, "");
    }
    EXPECT_EQ(table.open("anna", start + minutes(20)).closed, first.key);
    EXPECT_EQ(table.size(), 20u);
}

TEST(SessionTable, TakesBackWhatLayInTheStore) {
    SessionTable before;
    const auto opened = before.open("anna", start);
    SessionTable after;
    after.restore(opened.key, *before.find(opened.key));
    EXPECT_EQ(after.use(opened.token, start), opened.key);
}
