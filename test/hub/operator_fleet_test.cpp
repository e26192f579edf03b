// SPDX-License-Identifier: Apache-2.0
#include "hub/operator_fleet.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

using namespace aula;
using namespace aula::hub;

namespace {

const WallTime noon{std::chrono::hours(500'000)};

NodeView node(std::string name, fleet::ServerState state, fleet::Seats live = 0) {
    NodeView node;
    node.name = std::move(name);
    node.server = "server of " + node.name;
    node.state = state;
    node.since = node.powered_on = noon;
    node.seats = 200;
    node.live = live;
    node.held = live + 10;
    node.cpu = 0.5;
    return node;
}

FleetView fleet_of(std::vector<NodeView> nodes) {
    FleetView view;
    view.now = noon;
    view.keeps = view.cloud_known = true;
    view.nodes = std::move(nodes);
    return view;
}

boost::json::object json_of(const FleetView& view, const MoneyView& money = {}) {
    return fleet_json(view, money, 1, [](const std::string& room) {
        return RoomCard{"title of " + room, "North"};
    });
}

std::vector<std::string> alarms_of(const FleetView& view, const MoneyView& money = {}) {
    std::vector<std::string> kinds;
    const auto json = json_of(view, money);
    for (const auto& alarm : json.at("alarms").as_array())
        kinds.emplace_back(alarm.at("kind").as_string());
    return kinds;
}

}  // namespace

TEST(OperatorFleet, CountsSeatsOfNodesThatHaveRoomsOnly) {
    const auto json = json_of(fleet_of(
        {node("a", fleet::ServerState::ready, 80), node("b", fleet::ServerState::draining, 20),
         node("c", fleet::ServerState::starting), node("d", fleet::ServerState::off)}));
    EXPECT_EQ(json.at("seats").at("live").as_uint64(), 100u);
    EXPECT_EQ(json.at("seats").at("there").as_uint64(), 400u);
    EXPECT_EQ(json.at("pool").at("starting").as_int64(), 1);
    EXPECT_EQ(json.at("pool").at("standby").as_int64(), 1);
    const auto& nodes = json.at("nodes").as_array();
    EXPECT_TRUE(nodes[3].at("powered_on").is_null());
    EXPECT_TRUE(nodes[2].at("cpu").is_null()) << "it has not reported yet";
    EXPECT_TRUE(json.at("next_bell").is_null());
}

TEST(OperatorFleet, OldFiguresAreNotShownAsPresentOnes) {
    auto silent = node("a", fleet::ServerState::silent, 20);
    silent.load_known = false;
    const auto json = json_of(fleet_of({silent}));
    EXPECT_TRUE(json.at("nodes").at(0).at("cpu").is_null());
    EXPECT_EQ(json.at("seats").at("live").as_uint64(), 20u) << "people do not vanish";
}

TEST(OperatorFleet, AlarmsSayWhatNeedsSomebody) {
    EXPECT_EQ(alarms_of(fleet_of({node("a", fleet::ServerState::ready)})),
              std::vector<std::string>{});
    auto view =
        fleet_of({node("a", fleet::ServerState::silent), node("b", fleet::ServerState::broken)});
    view.cloud_known = false;
    view.waiting.push_back({.room = "r", .seats = 28, .since = noon - std::chrono::minutes(3)});
    view.policy.most_nodes = 1;
    MoneyView money;
    money.day_level = 80;
    EXPECT_EQ(alarms_of(view, money),
              (std::vector<std::string>{"cloud_unknown", "node_silent", "node_broken", "rooms_wait",
                                        "most_nodes", "budget"}));
    view.waiting.front().since = noon - std::chrono::seconds(30);
    view.policy.most_nodes = 2;
    EXPECT_EQ(alarms_of(view).size(), 3u) << "a boot takes a while; one node of two is on";
}

TEST(OperatorFleet, ActionsAreToldInTheReadersLanguage) {
    ActionView started;
    started.id = 7;
    started.at = noon;
    started.kind = "start";
    started.server = "rooms-1";
    started.words = "english words of the log";
    started.reason =
        fleet::Reason{.why = fleet::Why::lessons_ahead, .lessons = 3, .seats = 81, .at = noon};
    ActionView ordered = started;
    ordered.reason.reset();
    ordered.who = "anna";
    const auto words = [&](const ActionView& action, fleet::Language language) {
        const auto json = actions_json({action, action}, 1, language,
                                       [](WallTime) { return std::chrono::minutes(60); });
        EXPECT_TRUE(json.at("more").as_bool());
        EXPECT_EQ(json.at("actions").as_array().size(), 1u);
        return std::string(json.at("actions").at(0).at("words").as_string());
    };
    EXPECT_NE(words(started, fleet::Language::german), words(started, fleet::Language::english));
    EXPECT_NE(words(started, fleet::Language::german).find("81"), std::string::npos);
    EXPECT_EQ(words(ordered, fleet::Language::german), "english words of the log");
}

TEST(OperatorPolicy, KeepsWhatIsNotNamedAndItsLimits) {
    fleet::Policy policy;
    policy.bell_spares = 3;
    const auto moved = policy_in({{"fill", 0.8}, {"ready_before_s", 90}}, policy);
    ASSERT_TRUE(moved);
    EXPECT_DOUBLE_EQ(moved->fill, 0.8);
    EXPECT_EQ(moved->ready_before, std::chrono::seconds(90));
    EXPECT_EQ(moved->bell_spares, 3u);
    EXPECT_FALSE(policy_in({{"fill", 1.5}}, policy));
    EXPECT_FALSE(policy_in({{"fill", "much"}}, policy));
    EXPECT_FALSE(policy_in({{"most_nodes", 0}}, policy)) << "no node at all would be no service";
}

TEST(OperatorPolicy, ReadsBackWhatItWrote) {
    fleet::Policy policy;
    policy.live_headroom = 0.15;
    policy.idle_safety = std::chrono::seconds(150);
    policy.euros_a_day = 40;
    const auto json = policy_json(policy);
    const auto read = policy_in(json.at("policy").as_object(), {});
    ASSERT_TRUE(read);
    EXPECT_EQ(policy_json(*read), json);
    for (const auto& [name, value] : json.at("policy").as_object()) {
        const auto& limits = json.at("limits").at(name);
        EXPECT_LE(limits.at("least").to_number<double>(), value.to_number<double>()) << name;
        EXPECT_GE(limits.at("most").to_number<double>(), value.to_number<double>()) << name;
    }
}

TEST(OperatorHistory, KeepsTheNewestAndThinsOutEvenly) {
    OperatorHistory history(100, std::chrono::seconds(15));
    for (int i = 0; i < 300; ++i)
        history.add({.at = noon + std::chrono::seconds(5 * i), .live = static_cast<unsigned>(i)});
    const auto all = history.since(noon, 1'000);
    ASSERT_EQ(all.size(), 100u) << "one in 15 s";
    EXPECT_EQ(all.back().live, 297u);
    const auto few = history.since(noon, 10);
    ASSERT_EQ(few.size(), 10u);
    EXPECT_EQ(few.back().live, 297u) << "the newest is always there";
    const auto late = history.since(noon + std::chrono::seconds(1'470), 10);
    ASSERT_EQ(late.size(), 2u);
    EXPECT_EQ(late.front().live, 294u);
    EXPECT_TRUE(OperatorHistory().since(noon, 10).empty());
}
