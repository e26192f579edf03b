// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "fleet_town.hpp"

namespace aula::fleet {
namespace {

using test::Town;

TEST(Stops, WhatNobodyNeeds) {
    Town town;
    town.server(ServerState::ready);
    EXPECT_EQ(town.orders(), "stop 1");
    EXPECT_EQ(town.reason().why, Why::night);
    town.lesson(1h, 27);
    EXPECT_EQ(town.reason().why, Why::idle);
}

TEST(Stops, NotAcrossAGapThatABootPaysFor) {
    Town town;
    town.server(ServerState::ready);
    town.lesson(2min, 27);  // the median of boots and the safety
    EXPECT_EQ(town.orders(), "");
    town.lessons[0].start += 1s;
    EXPECT_EQ(town.orders(), "stop 1");
    EXPECT_EQ(town.reason().why, Why::gap_too_long);
    EXPECT_EQ(town.reason().at, town.lessons[0].start);
}

TEST(Stops, NotWhatWouldBeStartedAgainAtOnce) {
    Town town;
    town.policy.ready_before = 5min;
    town.server(ServerState::ready);
    town.lesson(6min, 27);
    EXPECT_EQ(town.orders(), "");
}

TEST(Stops, NeverWithARoom) {
    Town town;
    Server& node = town.server(ServerState::ready);
    town.room(node, 0, -3h);
    EXPECT_EQ(town.orders(), "");
}

TEST(Stops, NotWhatAnOperatorKeepsOn) {
    Town town;
    town.server(ServerState::ready).is_held = true;
    EXPECT_EQ(town.orders(), "");
}

TEST(Stops, NothingWhileTheCloudIsUnknown) {
    Town town;
    town.snapshot.cloud_known = false;
    town.server(ServerState::ready);
    town.server(ServerState::draining);
    town.server(ServerState::starting, 10min);
    town.server(ServerState::silent, 10min);
    town.server(ServerState::off).strikes = 3;
    town.server(ServerState::off, 24h).is_standby = false;
    EXPECT_EQ(town.orders(), "");
    town.snapshot.cloud_known = true;
    EXPECT_EQ(town.orders(), "power_off 3, power_off 4, give_up 5, stop 2, stop 1, remove 6");
}

TEST(Stops, StartsGoOnWhileTheCloudIsUnknown) {
    Town town;
    town.snapshot.cloud_known = false;
    town.server(ServerState::off);
    town.lesson(60s, 30);
    EXPECT_EQ(town.orders(), "start 1");
}

TEST(Stops, NotAServerWhoseLoadIsUnknown) {
    Town town;
    town.server(ServerState::ready).load_known = false;
    town.server(ServerState::draining).load_known = false;
    EXPECT_EQ(town.orders(), "");
    // Nor is it reckoned with for a lesson.
    town.server(ServerState::off);
    town.lesson(60s, 30);
    EXPECT_EQ(town.orders(), "start 3");
}

TEST(Stops, WhatIsDrained) {
    Town town;
    Server& node = town.server(ServerState::draining);
    town.room(node, 1, 1h);
    EXPECT_EQ(town.orders(), "");
    town.snapshot.servers[0].rooms.clear();
    EXPECT_EQ(town.orders(), "stop 1");
    EXPECT_EQ(town.reason().why, Why::drained);
}

TEST(Mends, ABootThatFailed) {
    Town town;
    town.server(ServerState::off);
    town.server(ServerState::starting, 179s);
    town.lesson(60s, 30);
    EXPECT_EQ(town.orders(), "start 1") << "it is overdue";
    town.snapshot.servers[1].since -= 1s;
    EXPECT_EQ(town.orders(), "power_off 2, start 1");
    EXPECT_EQ(town.reason().why, Why::boot_failed);
    EXPECT_EQ(town.reason().span, 180s);
}

TEST(Mends, ThreeStrikes) {
    Town town;
    town.server(ServerState::off).strikes = 2;
    town.lesson(60s, 30);
    EXPECT_EQ(town.orders(), "start 1");
    town.snapshot.servers[0].strikes = 3;
    EXPECT_EQ(town.orders(), "give_up 1, make");
    EXPECT_EQ(town.reason().why, Why::struck_out);
    // It is not started either while nothing may be given up.
    town.snapshot.cloud_known = false;
    EXPECT_EQ(town.orders(), "make");
}

TEST(Mends, SilenceWithNobodyThere) {
    Town town;
    Server& silent = town.server(ServerState::silent, 119s);
    EXPECT_EQ(town.orders(), "");
    silent.since -= 1s;
    EXPECT_EQ(town.orders(), "power_off 1");
    EXPECT_EQ(town.reason().why, Why::silent);
    town.snapshot.servers[0].is_held = true;
    EXPECT_EQ(town.orders(), "");
}

TEST(Mends, ALinkThatBlinksCostsNoServer) {
    Town town;
    town.policy.least_nodes = 1;
    town.server(ServerState::off);
    Server& blinking = town.server(ServerState::silent, 4s);
    blinking.load_known = false;
    town.room(blinking, 3, 10min);
    EXPECT_EQ(town.orders(), "");
    EXPECT_EQ(town.plan().look_again, town.now + 1s);
    town.snapshot.servers[1].since -= 1s;
    EXPECT_EQ(town.orders(), "start 1");
}

TEST(Mends, SilenceWithPeopleIsBorneAndTheyFindSeatsElsewhere) {
    Town town;
    town.server(ServerState::off);
    Server& silent = town.server(ServerState::silent, 5h);
    town.room(silent, 3, 10min);
    EXPECT_EQ(town.orders(), "start 1");
    EXPECT_EQ(town.reason().why, Why::replaces_silent);
    town.snapshot.servers[0].state = ServerState::ready;
    EXPECT_EQ(town.orders(), "");
}

TEST(Pool, IsFilled) {
    Town town;
    town.policy.standby_pool = 2;
    town.server(ServerState::off);
    EXPECT_EQ(town.orders(), "make");
    EXPECT_EQ(town.reason().why, Why::pool_too_small);
    town.server(ServerState::off);
    EXPECT_EQ(town.orders(), "");
}

TEST(Pool, OfZeroLeavesStandbysAlone) {
    Town town;
    town.server(ServerState::off);
    EXPECT_EQ(town.orders(), "");
    town.policy.standby_pool = 1;
    town.server(ServerState::off);
    EXPECT_EQ(town.orders(), "remove 1");
    EXPECT_EQ(town.reason().why, Why::pool_too_large);
}

TEST(Pool, ABrokenOneIsKeptADayForWhoeverLooksAndThenRemoved) {
    Town town;
    Server& broken = town.server(ServerState::broken, 24h - 1s);
    broken.strikes = 3;
    EXPECT_EQ(town.orders(), "");
    broken.since -= 1s;
    EXPECT_EQ(town.orders(), "remove 1");
    EXPECT_EQ(town.reason().why, Why::struck_out);
    broken.is_held = true;
    EXPECT_EQ(town.orders(), "");
}

TEST(Pool, WhatWasMadeForAPeakGoesAfterIt) {
    Town town;
    town.server(ServerState::off, 29min).is_standby = false;
    EXPECT_EQ(town.orders(), "");
    town.snapshot.servers[0].since -= 1min;
    EXPECT_EQ(town.orders(), "remove 1");
    town.lesson(60s, 30);
    EXPECT_EQ(town.orders(), "start 1");
}

}  // namespace
}  // namespace aula::fleet
