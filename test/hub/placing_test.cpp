// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "hub/demand.hpp"
#include "hub/fleet_key.hpp"
#include "hub/rooms.hpp"
#include "installation.hpp"
#include "store/store.hpp"

namespace aula::hub {
namespace {

using testing::Folder;
using testing::run_until;

/// Rooms alone, with nodes that are names.
struct Placing {
    Placing() {
        store = std::move(*store::Store::open(folder.path / "rooms.db"));
        store->start([this](Task task) { loop.post(std::move(task)); });
        Rooms::Wiring wiring;
        wiring.loop = &loop;
        wiring.store = store.get();
        wiring.send = [this](const std::string& node, const control::ToNode& message) {
            if (message.has_open_room()) opened[node] += message.open_room().max_participants();
        };
        wiring.describe = [](const std::string& room) {
            control::OpenRoom open;
            open.set_room(room);
            return std::optional(open);
        };
        wiring.on_node_wanted = [this] { ++wanted; };
        wiring.may_grow = [this] { return grows; };
        wiring.estimate = [this](const std::string&) {
            ++estimates;
            return std::optional<std::chrono::seconds>();
        };
        rooms = std::make_unique<Rooms>(std::move(wiring));
    }
    void add_node(const std::string& name, std::uint32_t seats) {
        control::Hello hello;
        hello.set_seats(seats);
        rooms->on_node_up(name, hello);
    }
    void open(const std::string& name, std::uint32_t seats, Duration patience = 30s) {
        control::OpenRoom settings;
        settings.set_room(name);
        settings.set_max_participants(seats);
        rooms->open(std::move(settings), patience,
                    [this](const Expected<std::string, Error>& at) { at ? ++located : ++refused; });
    }

    Folder folder;
    net::Loop loop;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Rooms> rooms;
    std::map<std::string, std::uint32_t> opened;  // seats by node
    bool grows = true;
    int located = 0, refused = 0, wanted = 0, estimates = 0;
};

TEST(Placing, FourHundredRoomsAtOncePassNoNodesLimit) {
    Placing city;
    for (int i = 0; i < 60; ++i) city.add_node("node-" + std::to_string(100 + i), 200);
    for (int i = 0; i < 400; ++i) city.open("room-" + std::to_string(i), 28);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.located == 400; }));
    for (const auto& [node, seats] : city.opened) EXPECT_LE(seats, 200u) << node;
    // Seven to a node, and not one here and one there.
    EXPECT_EQ(city.opened.size(), 58u);
}

TEST(Placing, WhatDoesNotFitWaitsForTheNodeThatComes) {
    Placing city;
    city.add_node("a", 50);
    city.open("first", 40);
    city.open("second", 40);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.located == 1; }));
    EXPECT_EQ(city.wanted, 1);
    ASSERT_EQ(city.rooms->wanted().size(), 1u);
    EXPECT_EQ(city.rooms->wanted().front().waiting.seats, 40u);
    city.add_node("b", 50);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.located == 2; }));
    EXPECT_EQ(city.opened.at("b"), 40u);
    EXPECT_TRUE(city.rooms->wanted().empty());
}

TEST(Placing, WhoHasWaitedGetsTheSeatsBeforeWhoComesAtTheRightMoment) {
    Placing city;
    std::vector<std::string> order;
    const auto ask = [&](const std::string& name, Duration patience) {
        control::OpenRoom settings;
        settings.set_room(name);
        settings.set_max_participants(40);
        city.rooms->open(std::move(settings), patience, [&order, name](const auto& at) {
            order.push_back((at ? "in " : "waits ") + name);
        });
    };
    ask("z", 0s);  // told to come back
    ASSERT_TRUE(run_until(city.loop, [&] { return order.size() == 1; }));
    city.add_node("node", 50);
    ask("a", 0s);
    ASSERT_TRUE(run_until(city.loop, [&] { return order.size() == 2; }));
    ask("z", 0s);
    ASSERT_TRUE(run_until(city.loop, [&] { return order.size() == 3; }));
    EXPECT_EQ(order, (std::vector<std::string>{"waits z", "waits a", "in z"}));
}

TEST(Placing, SeatsThatAreKeptForARoomAreNotEnoughWhenItHasGrown) {
    Placing city;
    city.open("room", 20, 0s);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.refused == 1; }));
    city.add_node("a", 50);
    city.open("other", 25);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.located == 1; }));
    for (int asked = 2; asked <= 4; ++asked) {
        city.open("room", 40, 0s);
        ASSERT_TRUE(run_until(city.loop, [&] { return city.refused + city.located > asked; }));
    }
    EXPECT_EQ(city.refused, 4);
    EXPECT_EQ(city.opened.at("a"), 25u);
    city.add_node("b", 50);
    city.open("room", 40);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.located == 2; }));
    EXPECT_EQ(city.opened.at("b"), 40u);
}

TEST(Placing, AWaitIsReckonedWhenItBeginsAndNotAtEveryLook) {
    Placing city;
    city.open("room", 20, 800ms);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.refused == 1; }));
    EXPECT_EQ(city.estimates, 1);
    EXPECT_EQ(city.rooms->wanted().size(), 1u) << "it may come back";
}

TEST(Placing, AnEstimateRefusesNobodyWhenNoNodeCanCome) {
    Placing city;
    city.grows = false;
    city.add_node("a", 50);
    city.open("first", 40);
    city.open("second", 40);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.located == 2; }));
}

TEST(Placing, ClosedNodesGetNoRooms) {
    Placing city;
    city.add_node("a", 50);
    city.rooms->set_closed("a", true);
    city.open("first", 10, 0s);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.refused == 1; }));
    city.rooms->set_closed("a", false);
    city.open("second", 10);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.located == 1; }));
}

TEST(Placing, SeatsAreHeldForTheRoomsOfThePlan) {
    Placing city;
    city.add_node("a", 50);
    city.add_node("b", 60);
    // The lesson is to open on b; what comes before it goes elsewhere.
    city.rooms->hold({{lesson_key("announced"), city.rooms->key_of("b"), 55, WallClock::now()}});
    city.open("other", 30);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.located == 1; }));
    EXPECT_EQ(city.opened.at("a"), 30u);
    city.open("announced", 55);
    ASSERT_TRUE(run_until(city.loop, [&] { return city.located == 2; }));
    EXPECT_EQ(city.opened.at("b"), 55u);
}

TEST(Placing, KeysGoWithTheirServers) {
    Placing city;
    std::set<fleet::ServerKey> given;
    for (int i = 0; i < 100; ++i) {
        const auto name = "node-" + std::to_string(i);
        given.insert(city.rooms->key_of(name));
        EXPECT_EQ(city.rooms->key_of(name), *given.rbegin());
        city.rooms->forget_key(name);
    }
    EXPECT_EQ(given.size(), 100u) << "none is given twice";
    EXPECT_EQ(city.rooms->keys(), 0u);
}

TEST(Placing, KnowsHowLongAWaitWillBe) {
    Placing city;
    // Nothing is known, and the first node came after as long as is usual.
    EXPECT_GE(city.rooms->until_node("x"), 2s);
    EXPECT_FALSE(city.rooms->could_open("x"));
    EXPECT_EQ(city.rooms->wanted().front().room, "x");
}

}  // namespace
}  // namespace aula::hub
