// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "fleet_town.hpp"

namespace aula::fleet {
namespace {

using test::Town;

// The usual boot: 60 seconds, 95 of 100 within 90.

TEST(Starts, JustEarlyEnoughForALesson) {
    Town town;
    town.server(ServerState::off);
    town.lesson(91s, 27);
    EXPECT_EQ(town.orders(), "");
    EXPECT_EQ(town.plan().look_again, town.now + 1s);
    town.now += 1s;
    EXPECT_EQ(town.orders(), "start 1");
    EXPECT_EQ(town.reason().why, Why::lessons_ahead);
    EXPECT_EQ(town.reason().seats, 27u);
    EXPECT_EQ(town.reason().at, town.lessons[0].start);
}

TEST(Starts, EarlierWhenNodesAreToBeReadyBefore) {
    Town town;
    town.policy.ready_before = 3min;
    town.server(ServerState::off);
    town.lesson(270s, 27);
    EXPECT_EQ(town.orders(), "start 1");
    town.now -= 1s;
    EXPECT_EQ(town.orders(), "");
}

TEST(Starts, BeforeTheFirstPeopleCome) {
    Town town;
    town.timing = Timing();
    town.server(ServerState::off);
    town.lesson(5min, 27);
    EXPECT_EQ(town.orders(), "start 1");
    town.lessons[0].start += 2min;
    EXPECT_EQ(town.orders(), "");
}

TEST(Starts, MakesAServerWhenNoneIsLeftAndKnowsThatThisTakesLonger) {
    Town town;
    town.snapshot.template_boot = {.median = 3min, .p95 = 5min};
    town.lesson(5min, 27);
    EXPECT_EQ(town.orders(), "make");
    town.server(ServerState::off);
    EXPECT_EQ(town.orders(), "");
}

TEST(Starts, OnlyAsManyAsTheRoomsNeed) {
    Town town;
    for (int i = 0; i < 5; ++i) town.server(ServerState::off);
    for (int i = 0; i < 16; ++i) town.lesson(90s, 25);
    EXPECT_EQ(town.orders(), "start 5, start 4");
    // Rooms are not split: 3 x 67 does not go into 200.
    town.lessons.clear();
    for (int i = 0; i < 3; ++i) town.lesson(90s, 67);
    EXPECT_EQ(town.orders(), "start 5, start 4");
}

TEST(Starts, OneForARoomThatIsLargerThanAnyNode) {
    Town town;
    town.server(ServerState::off).seats = 100;
    town.server(ServerState::off).seats = 100;
    town.lesson(90s, 150);
    EXPECT_EQ(town.orders(), "start 2");
    town.snapshot.servers[1].state = ServerState::ready;
    EXPECT_EQ(town.orders(), "");
}

TEST(Starts, NoneForALessonThatFitsBesideWhatIsLive) {
    Town town;
    town.server(ServerState::off);
    town.room(town.server(ServerState::ready), 170, 40min);
    town.lesson(90s, 30);
    EXPECT_EQ(town.orders(), "");
    town.lessons[0].seats = 31;
    EXPECT_EQ(town.orders(), "start 1");
}

TEST(Starts, NoneForSeatsThatBecomeFreeBefore) {
    Town town;
    town.server(ServerState::off);
    town.room(town.server(ServerState::ready), 200, 80s);
    town.lesson(90s, 150);
    EXPECT_EQ(town.orders(), "");
    town.snapshot.servers[1].rooms[0].end = town.now + 100s;
    EXPECT_EQ(town.orders(), "start 1");
}

TEST(Starts, NoneWhenOneIsOnItsWayAlready) {
    Town town;
    town.server(ServerState::off);
    town.server(ServerState::starting, 10s);
    town.lesson(60s, 150);
    EXPECT_EQ(town.orders(), "");
    town.lesson(60s, 150);
    EXPECT_EQ(town.orders(), "start 1");
}

TEST(Starts, AnotherForOneThatIsOverdue) {
    Town town;
    town.server(ServerState::off);
    town.server(ServerState::starting, 91s);
    town.lesson(60s, 150);
    EXPECT_EQ(town.orders(), "start 1");
}

TEST(Starts, AtOnceWhenARoomWaits) {
    Town town;
    town.server(ServerState::off);
    town.snapshot.waiting.push_back({.key = 7, .seats = 12, .since = town.now, .end = {}});
    EXPECT_EQ(town.orders(), "start 1");
    EXPECT_EQ(town.reason().why, Why::room_waits);
    town.server(ServerState::starting, 10s);
    EXPECT_EQ(town.orders(), "");
}

TEST(Starts, ForSeatsThatHabitExpects) {
    Town town;
    town.policy.unannounced_share = 0.5;
    town.server(ServerState::off);
    town.unannounced.push_back({town.now + 90s, town.now + 2h, 50});
    EXPECT_EQ(town.orders(), "start 1");
    EXPECT_EQ(town.reason().why, Why::headroom);
    EXPECT_EQ(town.reason().seats, 25u);
    town.policy.unannounced_share = 0;
    EXPECT_EQ(town.orders(), "");
}

TEST(Starts, UnannouncedRoomsThatAreOpenAreAmongThoseOfHabit) {
    Town town;
    town.policy.unannounced_share = 1;
    town.server(ServerState::off);
    Server& node = town.server(ServerState::ready);
    town.room(node, 180, 40min);
    town.room(node, 20, 40min);
    town.unannounced.push_back({town.now, town.now + 2h, 20});
    EXPECT_EQ(town.orders(), "start 1");
    town.snapshot.servers[1].rooms[1].end.reset();
    EXPECT_EQ(town.orders(), "");
}

TEST(Starts, KeepsAReserveWhileLessonsOpen) {
    Town town;
    town.server(ServerState::off);
    town.room(town.server(ServerState::ready), 150, 40min);
    town.lesson(90s, 25);
    town.policy.reserve_room = 25;
    EXPECT_EQ(town.orders(), "");
    town.policy.reserve_room = 26;
    EXPECT_EQ(town.orders(), "start 1");
    EXPECT_EQ(town.reason().why, Why::headroom);
}

TEST(Starts, NothingForThoseWhoAreThereAndWillGo) {
    Town town;
    town.policy.unannounced_share = 1;
    town.timing.unannounced_length = 40min;
    town.server(ServerState::off);
    // Seats are taken until half past, by rooms that opened before.
    town.unannounced.push_back({town.now, town.now + 30min, 50});
    EXPECT_EQ(town.orders(), "");
    town.unannounced.push_back({town.now + 30min, town.now + 45min, 20});
    EXPECT_EQ(town.orders(), "start 1");
    EXPECT_EQ(town.reason().seats, 20u);
}

/// Where one of four rooms is unannounced, four lessons of a bell bring one more that is not known.
TEST(Starts, AReserveForEachThatWillProbablyComeBesides) {
    Town town;
    town.server(ServerState::off);
    town.room(town.server(ServerState::ready), 75, 40min);
    for (int i = 0; i < 4; ++i) town.lesson(80s, 20);
    town.policy.reserve_room = 30;
    town.timing.unannounced_rooms = 0.2;
    EXPECT_EQ(town.orders(), "") << "45 seats stay free";
    town.timing.unannounced_rooms = 0.25;
    EXPECT_EQ(town.orders(), "start 1");
    EXPECT_EQ(town.reason().why, Why::headroom);
}

TEST(Starts, ASmallerReserveWhereNobodyComesUnannounced) {
    Town town;
    town.server(ServerState::off);
    town.room(town.server(ServerState::ready), 155, 40min);
    town.lesson(80s, 25);
    town.policy.reserve_room = 30;
    town.timing.unannounced_rooms = 0.01;
    EXPECT_EQ(town.orders(), "") << "20 seats stay free";
    town.timing.unannounced_rooms = 0.05;
    EXPECT_EQ(town.orders(), "start 1");
}

/// What stays free is in one place, though the fuller node ends some minutes sooner.
TEST(Packing, FillsTheFullerOfNodesThatEndAboutTheSameTime) {
    Town town;
    town.room(town.server(ServerState::ready), 100, 46min);
    town.room(town.server(ServerState::ready), 170, 44min);
    town.room(town.server(ServerState::ready), 175, 20min);
    town.lesson(80s, 25, 45min);
    const auto assignments = town.plan().assignments;
    ASSERT_EQ(assignments.size(), 1u);
    EXPECT_EQ(assignments[0].server, 2u);
}

TEST(Starts, KeepsAReserveBetweenTheBells) {
    Town town;
    town.server(ServerState::off);
    town.room(town.server(ServerState::ready), 170, 40min);
    town.unannounced.push_back({town.now, town.now + 2h, 30});
    town.policy.unannounced_share = 0.1;
    town.policy.reserve_room = 30;
    EXPECT_EQ(town.orders(), "");
    town.snapshot.servers[1].rooms[0].live = town.snapshot.servers[1].rooms[0].held = 171;
    EXPECT_EQ(town.orders(), "start 1");
    EXPECT_EQ(town.reason().why, Why::headroom);
    town.unannounced.clear();
    EXPECT_EQ(town.orders(), "") << "nobody is expected any more";
}

TEST(Starts, MoreReserveForMoreLiveSeats) {
    Town town;
    town.server(ServerState::off);
    town.room(town.server(ServerState::ready), 100, 40min);
    town.lesson(90s, 50);
    town.policy.reserve_room = 30;
    EXPECT_EQ(town.orders(), "");
    town.policy.live_headroom = 0.3;
    EXPECT_EQ(town.orders(), "start 1");
}

TEST(Starts, ASpareBesideNodesThatBootForABell) {
    Town town;
    town.policy.bell_spares = 1;
    for (int i = 0; i < 3; ++i) town.server(ServerState::off);
    town.lesson(90s, 25);
    EXPECT_EQ(town.orders(), "start 3, start 2");
    EXPECT_EQ(town.plan().actions[1].reason.why, Why::spare_for_bell);
    // A node that is up needs none.
    town.snapshot.servers[0].state = ServerState::ready;
    EXPECT_EQ(town.orders(), "");
}

TEST(Starts, SparesWhileLessonsAreOn) {
    Town town;
    town.policy.standby_spares = 1;
    town.server(ServerState::off);
    Server& node = town.server(ServerState::ready);
    EXPECT_EQ(town.orders(), "stop 2");
    town.room(node, 10, 40min);
    EXPECT_EQ(town.orders(), "start 1");
    EXPECT_EQ(town.reason().why, Why::headroom);
    town.snapshot.servers[0].state = ServerState::ready;
    EXPECT_EQ(town.orders(), "") << "its idle node is the spare";
}

TEST(Starts, AsManyAsAreToBeOnAtAllTimes) {
    Town town;
    town.policy.least_nodes = 2;
    for (int i = 0; i < 3; ++i) town.server(ServerState::off);
    EXPECT_EQ(town.orders(), "start 3, start 2");
    EXPECT_EQ(town.reason().why, Why::least_nodes);
    for (Server& server : town.snapshot.servers) server.state = ServerState::ready;
    EXPECT_EQ(town.orders(), "stop 1");
}

TEST(Starts, NotBeyondTheCeilings) {
    Town town;
    for (int i = 0; i < 5; ++i) town.server(ServerState::off);
    for (int i = 0; i < 24; ++i) town.lesson(90s, 25);
    EXPECT_EQ(town.orders(), "start 5, start 4, start 3");
    town.policy.most_nodes = 2;
    EXPECT_EQ(town.orders(), "start 5, start 4");
    town.policy.most_nodes = 100;
    town.policy.most_starts = 10;
    town.snapshot.recent_starts = 9;
    EXPECT_EQ(town.orders(), "start 5");
    town.snapshot.recent_starts = 0;
    town.policy.euros_a_day = 20;
    town.snapshot.euros_today = 20;
    EXPECT_EQ(town.orders(), "");
}

TEST(Starts, TakesAServerBackThatOnlyAPlanDrained) {
    Town town;
    town.server(ServerState::off);
    Server& draining = town.server(ServerState::draining);
    town.room(draining, 20, 10min);
    town.lesson(0s, 100);
    EXPECT_EQ(town.orders(), "undrain 2");
    town.snapshot.servers[1].is_withdrawn = true;
    EXPECT_EQ(town.orders(), "start 1");
    town.snapshot.servers[1].is_withdrawn = false;
    town.snapshot.servers[1].rooms[0].live = 150;
    EXPECT_EQ(town.orders(), "start 1");
}

TEST(Starts, WhatHasFailedLeastOften) {
    Town town;
    for (int i = 0; i < 3; ++i) town.server(ServerState::off);
    town.snapshot.servers[2].strikes = 1;
    town.snapshot.servers[1].is_standby = false;
    town.lesson(80s, 30);
    EXPECT_EQ(town.orders().substr(0, 7), "start 1");
}

TEST(Starts, NotForALessonThatHasLongBeenDue) {
    Town town;
    town.timing = Timing();
    town.server(ServerState::off);
    town.lesson(-1min, 27);
    EXPECT_EQ(town.orders(), "start 1");
    town.lessons[0].start = town.now - 2min;
    EXPECT_EQ(town.orders(), "");
}

TEST(Starts, NothingWhileAnOperatorHoldsAll) {
    Town town;
    town.snapshot.scaling_held = true;
    town.server(ServerState::off);
    town.server(ServerState::ready);
    town.server(ServerState::starting, 10min);
    town.lesson(60s, 30);
    town.snapshot.waiting.push_back({.key = 7, .seats = 200, .since = town.now, .end = {}});
    EXPECT_EQ(town.orders(), "");
    EXPECT_EQ(town.plan().assignments.size(), 1u);
}

}  // namespace
}  // namespace aula::fleet
