// SPDX-License-Identifier: Apache-2.0
#include "fleet/placement.hpp"

#include <gtest/gtest.h>

#include "fleet_town.hpp"

namespace aula::fleet {
namespace {

using test::Town;

std::optional<ServerKey> place(const Town& town, Seats seats, Duration length,
                               const std::vector<Assignment>& assignments = {}) {
    return fleet::place({.key = 1, .seats = seats, .end = town.now + length}, town.snapshot,
                        assignments, town.now);
}

TEST(Placement, WhereThePlanHoldsItsSeats) {
    Town town;
    town.room(town.server(ServerState::ready), 20, 45min);
    town.server(ServerState::ready);
    EXPECT_EQ(place(town, 20, 45min), 1u);
    EXPECT_EQ(place(town, 20, 45min, {{.lesson = 1, .server = 2, .seats = 20}}), 2u);
}

TEST(Placement, ElsewhereWhenThatServerIsNotReady) {
    Town town;
    town.server(ServerState::ready);
    town.server(ServerState::starting);
    EXPECT_EQ(place(town, 20, 45min, {{.lesson = 1, .server = 2, .seats = 20}}), 1u);
}

TEST(Placement, WhereItLengthensALifeLeast) {
    Town town;
    town.room(town.server(ServerState::ready), 20, 10min);
    town.room(town.server(ServerState::ready), 20, 40min);
    town.room(town.server(ServerState::ready), 20, 30min);
    EXPECT_EQ(place(town, 20, 45min), 2u);
    // Where it lengthens nothing, the closest end, so that what ends late stays for late rooms.
    EXPECT_EQ(place(town, 20, 25min), 3u);
}

TEST(Placement, WhereItFitsMostTightly) {
    Town town;
    town.room(town.server(ServerState::ready), 20, 40min);
    town.room(town.server(ServerState::ready), 120, 40min);
    town.room(town.server(ServerState::ready), 190, 40min);
    EXPECT_EQ(place(town, 20, 45min), 2u);
}

TEST(Placement, OnlyOnNodesThatTakeRooms) {
    for (const auto state : {ServerState::off, ServerState::starting, ServerState::draining,
                             ServerState::stopping, ServerState::silent, ServerState::broken}) {
        Town town;
        town.server(state);
        EXPECT_EQ(place(town, 1, 45min), std::nullopt) << int(state);
    }
    Town town;
    town.server(ServerState::ready).load_known = false;
    town.server(ServerState::ready).is_withdrawn = true;
    EXPECT_EQ(place(town, 1, 45min), std::nullopt);
}

TEST(Placement, NeverMoreThanANodeCarries) {
    Town town;
    town.room(town.server(ServerState::ready), 150, 40min);
    EXPECT_EQ(place(town, 50, 45min), 1u);
    EXPECT_EQ(place(town, 51, 45min), std::nullopt);
    // A room that is larger than any node gets an empty one.
    town.server(ServerState::ready);
    EXPECT_EQ(place(town, 250, 45min), 2u);
}

TEST(Placement, BesideWhatIsHeldIfThatIsPossible) {
    Town town;
    town.room(town.server(ServerState::ready), 100, 45min);
    town.server(ServerState::ready);
    const std::vector<Assignment> held{
        {.lesson = 2, .server = 1, .seats = 90, .opens = town.now + 1min}};
    EXPECT_EQ(place(town, 10, 45min, held), 1u);
    EXPECT_EQ(place(town, 20, 45min, held), 2u);
    // It need not wait for seats that nobody sits on yet; the next plan sees to them.
    town.snapshot.servers.pop_back();
    EXPECT_EQ(place(town, 20, 45min, held), 1u);
}

TEST(Placement, SeatsThatNobodyTookAreFreeWhenARoomHasSettled) {
    Town town;
    Server& node = town.server(ServerState::ready);
    town.room(node, 100, 45min, 5min);
    node.rooms[0].held = 200;
    EXPECT_EQ(place(town, 20, 45min), std::nullopt);
    town.now += 10min;
    EXPECT_EQ(place(town, 20, 45min), 1u);
    EXPECT_EQ(place(town, 88, 45min), 1u);
    EXPECT_EQ(place(town, 89, 45min), std::nullopt) << "a tenth and two may still come";
    node.rooms[0].live = 190;
    EXPECT_EQ(place(town, 20, 45min), std::nullopt) << "it has grown";
}

}  // namespace
}  // namespace aula::fleet
