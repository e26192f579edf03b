// SPDX-License-Identifier: Apache-2.0
#include "hub/keeper.hpp"

#include <algorithm>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "fake_cloud.hpp"
#include "gridscale/project.hpp"
#include "hub/keeper_boots.hpp"
#include "hub/keeper_log.hpp"
#include "hub/ledger_keeping.hpp"
#include "hub/rooms.hpp"
#include "installation.hpp"

namespace aula::hub {
namespace {

using testing::FakeCloud;
using testing::Installation;
using testing::PlayedNode;
using testing::run_until;

/// A hub that keeps a fleet on a made-up cloud, whose servers' nodes the test plays. The city's
/// clock runs a hundredfold.
struct City {
    explicit City(std::function<void(FleetOptions&)> change = [](FleetOptions&) {}) {
        cloud.on_power = [this](const std::string& name, bool on) {
            if (!on) nodes.erase(name);
            if (on && boots) booting.push_back(name);
        };
        hub_loop_timer = loop().every(1ms, [this] { boot(); });
        auto& options = installation.options;
        options.clock = *CityClock::parse(now_text());
        options.fleet.emplace();
        auto& fleet = *options.fleet;
        fleet.cloud.base_url = cloud.url();
        fleet.cloud.credentials = {"user", "token"};
        fleet.cloud.poll = 2ms;
        fleet.cloud.retry = {2, 1ms, 2ms};
        fleet.hub_id = "one";
        fleet.policy.seats_per_node = 50;
        fleet.policy.most_nodes = 5;
        fleet.policy.reserve_room = 0;
        fleet.user_data = [](const std::string& node) { return "data of " + node; };
        change(fleet);
        restart();
    }
    ~City() { loop().cancel(hub_loop_timer); }

    /// As after kill -9: nothing is said goodbye to, nothing is written that was not.
    void restart() {
        nodes.clear();
        installation.hub.reset();
        installation.start();
        for (const auto& [id, machine] : cloud.machines)
            if (machine.power && boots) booting.push_back(machine.name);
    }

    void boot() {
        if (!installation.hub) return;
        for (const auto& name : std::exchange(booting, {}))
            nodes[name] = std::make_unique<PlayedNode>(
                loop(), installation.hub->invite_node(name, "127.0.0.1").value(), 50);
    }

    static std::string now_text() {
        const auto seconds = std::to_string(unix_ms(WallClock::now()) / 1000);
        return seconds + ',' + seconds + ",100";
    }
    net::Loop& loop() { return installation.loop; }
    Keeper& keeper() { return *installation.hub->keeper(); }
    bool until(const std::function<bool()>& condition) { return run_until(loop(), condition); }
    unsigned ready() {
        const auto view = keeper().view();
        return static_cast<unsigned>(std::count_if(
            view.nodes.begin(), view.nodes.end(),
            [](const NodeView& node) { return node.state == fleet::ServerState::ready; }));
    }
    std::vector<ActionView> actions() {
        std::optional<std::vector<ActionView>> all;
        keeper().list_actions(0, 1'000, [&](const auto& listed) { all = listed.value(); });
        EXPECT_TRUE(until([&] { return all.has_value(); }));
        return *all;
    }
    std::string new_lesson() {
        const auto made = installation.admin("POST", "/api/lessons", R"({"name":"Physics"})");
        const auto link = boost::json::parse(made.body).at("teacher_link").as_string();
        return std::string(link).substr(std::string(link).rfind('/') + 1);
    }
    http::Response join(const std::string& code) {
        return installation.call("POST", "/api/join", R"({"code":")" + code + R"(","name":"Emma"})",
                                 json_headers());
    }
    static http::Headers json_headers() {
        http::Headers headers;
        headers.set("content-type", "application/json");
        return headers;
    }

    Installation installation;
    FakeCloud cloud{installation.loop};
    std::map<std::string, std::unique_ptr<PlayedNode>> nodes;
    std::vector<std::string> booting;
    bool boots = true;
    net::TimerId hub_loop_timer = net::TimerId::none;
};

void keep_one(FleetOptions& fleet) { fleet.policy.least_nodes = 1; }

TEST(Keeper, KeepsTheLeastOnAndStartsAKilledOneAgain) {
    City city(keep_one);
    ASSERT_TRUE(city.until([&] { return city.ready() == 1; }));
    ASSERT_EQ(city.cloud.machines.size(), 1u);
    auto& machine = city.cloud.machines.begin()->second;
    EXPECT_EQ(base64(bytes_of("data of " + machine.name)), machine.user_data);
    EXPECT_NE(std::find(machine.labels.begin(), machine.labels.end(), "aula-pool:rooms"),
              machine.labels.end());
    machine.power = false;  // it died
    city.nodes.clear();
    ASSERT_TRUE(city.until([&] { return city.ready() == 0; }));
    ASSERT_TRUE(city.until([&] { return city.ready() == 1; }));
    EXPECT_EQ(city.cloud.count("POST /objects/servers"), 1u);
    const auto actions = city.actions();
    ASSERT_GE(actions.size(), 2u);
    EXPECT_EQ(actions.back().kind, "make");
    EXPECT_EQ(actions.back().outcome, "done");
    EXPECT_EQ(actions.back().reason->why, fleet::Why::least_nodes);
    EXPECT_EQ(actions.front().kind, "start");
}

TEST(Keeper, AWaitingLessonGetsANodeAndAnIdleNodeIsSwitchedOff) {
    City city;
    const auto code = city.new_lesson();
    const auto first = city.join(code);
    EXPECT_EQ(first.status, 503);
    EXPECT_GE(boost::json::parse(first.body).at("retry_after").as_int64(), 2);
    ASSERT_TRUE(city.until([&] { return city.ready() == 1; }));
    EXPECT_EQ(city.join(code).status, 200);
    EXPECT_EQ(city.actions().back().reason->why, fleet::Why::room_waits);
    // Nobody came after all.
    city.cloud.ignores_shutdown = true;
    ASSERT_TRUE(city.until([&] { return city.cloud.on() == 0; }));
    EXPECT_GT(city.cloud.count("PATCH /objects/servers/" + city.cloud.machines.begin()->first +
                               "/shutdown"),
              0u);
}

TEST(Keeper, ALostAnswerMakesNoSecondServer) {
    City city;
    city.cloud.lost_answers = 2;  // of the create and of the power-on
    city.keeper().set_policy(
        {.seats_per_node = 50, .reserve_room = 0, .least_nodes = 1, .most_nodes = 5}, "anna",
        [](const auto& set) { EXPECT_TRUE(set); });
    ASSERT_TRUE(city.until([&] { return city.ready() == 1; }));
    EXPECT_EQ(city.cloud.machines.size(), 1u);
    EXPECT_EQ(city.cloud.count("POST /objects/servers"), 1u);
}

TEST(Keeper, AJobThatFailsIsTriedAgainAfterARest) {
    City city;
    city.cloud.failing_jobs = 2;
    city.keeper().set_policy(
        {.seats_per_node = 50, .reserve_room = 0, .least_nodes = 1, .most_nodes = 5}, "anna",
        [](const auto&) {});
    ASSERT_TRUE(city.until([&] { return city.ready() == 1; }));
    const auto actions = city.actions();
    const auto failed = std::count_if(actions.begin(), actions.end(), [](const ActionView& one) {
        return one.outcome.find("no host") != std::string::npos;
    });
    EXPECT_GE(failed, 1);
}

TEST(Keeper, AHubThatWasKilledFindsItsServersAgain) {
    City city(keep_one);
    for (int i = 0; i < 4; ++i) {
        // At some moment of the making, each time a later one.
        const auto calls = city.cloud.calls.size() + static_cast<std::size_t>(1 + 2 * i);
        ASSERT_TRUE(city.until([&] { return city.cloud.calls.size() >= calls; }));
        city.restart();
    }
    ASSERT_TRUE(city.until([&] { return city.ready() == 1; }));
    // One whose creation nobody waited for any more may be there, off; it is used or removed.
    ASSERT_TRUE(city.until([&] { return city.cloud.on() == 1; }));
}

TEST(Keeper, NeverTouchesStrangers) {
    City city;
    city.cloud.machines["theirs"] = {"web", {"other"}, "", true};
    ASSERT_TRUE(city.until([&] { return city.keeper().view().strangers == 1; }));
    const auto calls = city.cloud.calls.size();
    ASSERT_TRUE(city.until([&] { return city.cloud.calls.size() > calls + 6; }));
    EXPECT_TRUE(city.cloud.machines.at("theirs").power);
    EXPECT_TRUE(city.keeper().view().nodes.empty());
}

TEST(Keeper, AServerThatNeverReportsIsSwitchedOff) {
    City city;
    city.boots = false;
    city.cloud.machines["zombie"] = {"node-z", {"aula-pool:rooms"}, "", true};
    ASSERT_TRUE(city.until([&] { return !city.cloud.machines.at("zombie").power; }));
}

TEST(Keeper, AServerThatGoesOffInEveryBootIsGivenUp) {
    City city(keep_one);
    city.boots = false;
    ASSERT_TRUE(city.until([&] {
        for (auto& [id, machine] : city.cloud.machines) machine.power = false;
        return city.cloud.machines.size() == 2;
    }));
    const auto nodes = city.keeper().view().nodes;
    EXPECT_EQ(std::count_if(
                  nodes.begin(), nodes.end(),
                  [](const NodeView& node) { return node.state == fleet::ServerState::broken; }),
              1);
}

TEST(Keeper, NothingIsSwitchedOffWhileTheCloudIsUnknown) {
    City city(keep_one);
    ASSERT_TRUE(city.until([&] { return city.ready() == 1; }));
    city.cloud.is_down = true;
    ASSERT_TRUE(city.until([&] { return !city.keeper().view().cloud_known; }));
    city.keeper().set_policy(
        {.seats_per_node = 50, .reserve_room = 0, .least_nodes = 0, .most_nodes = 5}, "anna",
        [](const auto&) {});
    const auto calls = city.cloud.calls.size();
    ASSERT_TRUE(city.until([&] { return city.cloud.calls.size() > calls + 10; }));
    EXPECT_EQ(city.ready(), 1u);
    EXPECT_EQ(city.join(city.new_lesson()).status, 200);
    city.cloud.is_down = false;
    ASSERT_TRUE(city.until([&] { return city.cloud.on() == 0; }));
}

TEST(Keeper, ObeysItsOperator) {
    City city(keep_one);
    ASSERT_TRUE(city.until([&] { return city.ready() == 1; }));
    const auto name = city.cloud.machines.begin()->second.name;
    city.keeper().stop_node(name, "anna", [](const auto& done) { EXPECT_TRUE(done); });
    EXPECT_EQ(city.keeper().view().nodes.front().state, fleet::ServerState::draining);
    city.keeper().stop_node("nobody", "anna", [](const auto& done) { EXPECT_FALSE(done); });
    const auto has_stopped = [&] {
        const auto actions = city.actions();
        return std::any_of(actions.begin(), actions.end(), [](const ActionView& one) {
            return one.kind == "stop" && one.finished;
        });
    };
    ASSERT_TRUE(city.until([&] {
        return city.cloud.count("PATCH /objects/servers/" + city.cloud.id_of(name) + "/shutdown") >
               0;
    }));
    ASSERT_TRUE(has_stopped() || city.until([&] { return city.ready() == 1; }));
    city.keeper().hold_scaling(true, "anna", [](const auto&) {});
    EXPECT_TRUE(city.keeper().view().scaling_held);
    EXPECT_EQ(city.keeper().view().held_by, "anna");
}

TEST(Keeper, DropsDisksThatHangOnNothing) {
    City city;
    city.cloud.disks["old"] = {"node-x", {"aula-pool:rooms"}, "2026-01-05T07:40:00Z", ""};
    city.cloud.disks["used"] = {"node-y", {"aula-pool:rooms"}, "2026-01-05T07:40:00Z", "s"};
    city.cloud.disks["theirs"] = {"web", {"other"}, "2026-01-05T07:40:00Z", ""};
    ASSERT_TRUE(city.until([&] { return !city.cloud.disks.contains("old"); }));
    EXPECT_EQ(city.cloud.disks.size(), 2u);
}

TEST(Keeper, OneOfTwoHubsKeeps) {
    City city(keep_one);
    ASSERT_TRUE(city.until([&] { return city.ready() == 1; }));
    net::Loop& loop = city.loop();
    http::Client client(loop);
    gridscale::Connection connection(loop, client, city.installation.options.fleet->cloud);
    gridscale::Project project(connection);
    Rooms::Wiring placing;
    placing.loop = &loop;
    placing.store = &city.installation.hub->store();
    Rooms rooms(std::move(placing));
    Keeper::Wiring wiring;
    wiring.loop = &loop;
    wiring.store = &city.installation.hub->store();
    wiring.rooms = &rooms;
    wiring.cloud = &project;
    wiring.clock = city.installation.options.clock;
    wiring.hub_id = "two";
    wiring.user_data = [](const std::string&) { return std::string(); };
    LedgerKeeping::Wiring keeping;
    keeping.loop = &loop;
    keeping.store = wiring.store;
    LedgerKeeping ledger(std::move(keeping));
    wiring.ledger = &ledger;
    bool planned = false;
    wiring.plan = [&](const auto&, const auto&, const auto&, WallTime) {
        planned = true;
        return fleet::Plan{};
    };
    Keeper second(std::move(wiring));
    second.start();
    ASSERT_TRUE(city.until([&] { return !second.view().trouble.empty(); }));
    EXPECT_FALSE(second.view().keeps);
    EXPECT_FALSE(planned);
    EXPECT_TRUE(ledger.book().open_intervals().empty());
    city.keeper().stop();  // lets go
    ASSERT_TRUE(city.until([&] { return planned; }));
    EXPECT_TRUE(second.view().keeps);
    EXPECT_EQ(ledger.book().open_intervals().size(), 1u) << "what the first began";
}

TEST(BootRecord, SaysWhatIsUsualUntilItHasMeasured) {
    BootRecord record;
    EXPECT_EQ(record.times().median, fleet::BootTimes{}.median);
    for (int i = 1; i <= 100; ++i) record.add(std::chrono::seconds(i));
    EXPECT_EQ(record.times().median, 50s);
    EXPECT_EQ(record.times().p95, 95s);
    BootRecord copy;
    copy.read(record.to_json());
    EXPECT_EQ(copy.times().p95, 95s);
    copy.read("no list");
    EXPECT_EQ(copy.times().p95, 95s);
    copy.read(R"([9223372036854775807, -5, 0, "7", 1e9, 86400001])");
    EXPECT_EQ(copy.to_json(), record.to_json()) << "no boot takes so long, or no time at all";
    BootRecord few;
    few.add(10s);
    EXPECT_EQ(few.times().p95, 20s);
}

TEST(FleetLog, ReasonsComeBackAsTheyWere) {
    const fleet::Reason reason{fleet::Why::lessons_ahead, 3, 81,
                               WallTime(std::chrono::milliseconds(1'767'598'800'000)), 90s};
    const auto back = parse_reason(reason_json(reason));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->why, reason.why);
    EXPECT_EQ(back->seats, 81u);
    EXPECT_EQ(back->at, reason.at);
    EXPECT_EQ(back->span, reason.span);
    for (const auto* text : {"", "[]", "{}", R"({"why":"never"})"})
        EXPECT_FALSE(parse_reason(text));
}

}  // namespace
}  // namespace aula::hub
