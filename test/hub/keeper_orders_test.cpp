// SPDX-License-Identifier: Apache-2.0
// What operators order, with a plan that does nothing by itself.
#include <algorithm>

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "fake_cloud.hpp"
#include "gridscale/project.hpp"
#include "http/client.hpp"
#include "hub/keeper.hpp"
#include "hub/rooms.hpp"
#include "installation.hpp"
#include "store/store.hpp"

namespace aula::hub {
namespace {

using testing::FakeCloud;

struct KeptCity {
    KeptCity() {
        store->start([this](Task task) { loop.post(std::move(task)); });
        connecting.base_url = cloud.url();
        connecting.credentials = {"user", "token"};
        connecting.poll = 2ms;
        connecting.retry = {2, 1ms, 2ms};
    }
    bool until(const std::function<bool()>& condition) {
        return testing::run_until(loop, condition);
    }
    /// What an order came to: empty, or why not.
    std::string outcome_of(const std::function<void(Keeper::Done)>& order) {
        std::optional<std::string> outcome;
        order([&](const Expected<void, Error>& done) {
            outcome = done ? std::string() : done.error().text;
        });
        EXPECT_TRUE(until([&] { return outcome.has_value(); }));
        return outcome.value_or("nothing was answered");
    }

    testing::Folder folder;
    net::Loop loop;
    FakeCloud cloud{loop};
    std::unique_ptr<store::Store> store = *store::Store::open(folder.path / "aula.db");
    http::Client client{loop};
    gridscale::ConnectionOptions connecting;
};

/// A hub's keeper, and what its last plan was asked with.
struct KeepingHub {
    KeepingHub(KeptCity& city, const std::string& id)
        : connection(city.loop, city.client, city.connecting), project(connection) {
        Rooms::Wiring placing;
        placing.loop = &city.loop;
        placing.store = city.store.get();
        rooms = std::make_unique<Rooms>(std::move(placing));
        Keeper::Wiring wiring;
        wiring.loop = &city.loop;
        wiring.store = city.store.get();
        wiring.rooms = rooms.get();
        wiring.cloud = &project;
        wiring.hub_id = id;
        wiring.tick = 20ms;
        wiring.user_data = [](const std::string&) { return std::string(); };
        wiring.plan = [this](const fleet::Snapshot& snapshot, const fleet::Demand&,
                             const fleet::Policy& with, WallTime) {
            planned = true;
            held = snapshot.scaling_held;
            policy = with;
            return fleet::Plan{};
        };
        keeper = std::make_unique<Keeper>(std::move(wiring));
        keeper->start();
    }

    gridscale::Connection connection;
    gridscale::Project project;
    std::unique_ptr<Rooms> rooms;
    std::unique_ptr<Keeper> keeper;
    bool planned = false, held = false;
    fleet::Policy policy;
};

TEST(KeeperOrders, WhicheverHubIsAskedTheOneThatKeepsObeys) {
    KeptCity city;
    KeepingHub one(city, "one");
    ASSERT_TRUE(city.until([&] { return one.planned; }));
    KeepingHub two(city, "two");
    ASSERT_TRUE(city.until([&] { return !two.keeper->view().trouble.empty(); }));
    ASSERT_FALSE(two.keeper->view().keeps);

    EXPECT_EQ(city.outcome_of([&](Keeper::Done done) {
        two.keeper->hold_scaling(true, "ben", std::move(done));
    }),
              "");
    EXPECT_TRUE(city.until([&] { return one.held; }));
    EXPECT_EQ(one.keeper->view().held_by, "ben");
    EXPECT_EQ(city.outcome_of([&](Keeper::Done done) {
        two.keeper->set_policy({.most_nodes = 7}, "ben", std::move(done));
    }),
              "");
    EXPECT_TRUE(city.until([&] { return one.policy.most_nodes == 7; }));
    EXPECT_EQ(city.outcome_of([&](Keeper::Done done) {
        one.keeper->hold_scaling(false, "anna", std::move(done));
    }),
              "");
    EXPECT_TRUE(city.until([&] { return !two.keeper->view().scaling_held; }));

    std::optional<std::vector<ActionView>> log;
    two.keeper->list_actions(0, 10, [&](const auto& listed) { log = listed.value(); });
    ASSERT_TRUE(city.until([&] { return log.has_value(); }));
    ASSERT_EQ(log->size(), 3u) << "both write to one log";
    EXPECT_EQ(log->at(0).who, "anna");
    EXPECT_EQ(log->at(1).words, "most_nodes 7");
    EXPECT_EQ(log->at(2).who, "ben");
    EXPECT_FALSE(two.planned);
}

TEST(KeeperOrders, AServerThatIsOffIsRemovedWithTheReasonInTheLog) {
    KeptCity city;
    city.cloud.machines["b"] = {"node-b", {"aula-pool:rooms"}, "", false};
    city.cloud.machines["on"] = {"node-on", {"aula-pool:rooms"}, "", true};
    KeepingHub hub(city, "one");
    ASSERT_TRUE(city.until([&] { return hub.keeper->view().nodes.size() == 2; }));
    const auto remove = [&](const std::string& name, const std::string& why = {}) {
        return city.outcome_of([&](Keeper::Done done) {
            hub.keeper->remove_node(name, "anna", why, std::move(done));
        });
    };
    EXPECT_EQ(remove("node-on"), "it is on; stop it first");
    EXPECT_EQ(remove("node-x"), "there is no server node-x");
    EXPECT_EQ(remove("node-b", "its disk fails"), "");
    ASSERT_TRUE(city.until([&] { return !city.cloud.machines.contains("b"); }));
    EXPECT_TRUE(city.cloud.machines.contains("on"));
    std::vector<ActionView> log;
    ASSERT_TRUE(city.until([&] {
        hub.keeper->list_actions(0, 10, [&](const auto& listed) { log = listed.value(); });
        return !log.empty() && log.front().outcome == "done";
    }));
    EXPECT_EQ(log.front().kind, "remove");
    EXPECT_EQ(log.front().who, "anna");
    EXPECT_EQ(log.front().words, "its disk fails");
}

TEST(KeeperOrders, NothingIsOrderedThatCannotBeWrittenDown) {
    KeptCity city;
    city.cloud.machines["b"] = {"node-b", {"aula-pool:rooms"}, "", false};
    KeepingHub hub(city, "one");
    ASSERT_TRUE(city.until([&] { return hub.keeper->view().nodes.size() == 1; }));
    city.store->ask([](soci::session& session) { session << "DROP TABLE fleet_actions"; },
                    [](const Expected<void, Error>&) {});
    const auto start = [&](const std::string& name) {
        return city.outcome_of(
            [&](Keeper::Done done) { hub.keeper->start_node(name, "anna", std::move(done)); });
    };
    EXPECT_NE(start("node-b").find("the store failed"), std::string::npos);
    EXPECT_NE(start("").find("the store failed"), std::string::npos) << "a new one";
    EXPECT_EQ(city.cloud.on(), 0u);
    EXPECT_EQ(city.cloud.machines.size(), 1u);
    EXPECT_EQ(hub.keeper->view().nodes.size(), 1u) << "none that was never made is shown";
}

}  // namespace
}  // namespace aula::hub
