// SPDX-License-Identifier: Apache-2.0
#include "hub/operator_fleet.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <boost/json.hpp>

namespace aula::hub {

namespace {

using fleet::ServerState;

// Somebody who waits longer than this waits for more than a node's boot.
constexpr auto long_wait = std::chrono::seconds(120);

std::string_view state_name(ServerState state) {
    static constexpr std::array<std::string_view, 7> names = {
        "off", "starting", "ready", "draining", "stopping", "silent", "broken"};
    return names.at(static_cast<std::size_t>(state));
}

bool is_on(ServerState state) { return state != ServerState::off && state != ServerState::broken; }

bool has_rooms(ServerState state) {
    return state == ServerState::ready || state == ServerState::draining ||
           state == ServerState::silent;
}

boost::json::value time_or_null(const std::optional<WallTime>& time) {
    if (!time) return nullptr;
    return unix_ms(*time);
}

boost::json::object room_json(const RoomView& room, const RoomCards& cards) {
    const auto card = cards(room.room);
    return {{"id", room.room},
            {"title", card.title},
            {"school", card.school},
            {"live", room.live},
            {"held", room.held},
            {"opened", unix_ms(room.opened)},
            {"end", time_or_null(room.end)}};
}

boost::json::object node_json(const NodeView& node, const RoomCards& cards) {
    boost::json::array rooms;
    for (const auto& room : node.rooms) rooms.push_back(room_json(room, cards));
    boost::json::object json{{"name", node.name},
                             {"state", state_name(node.state)},
                             {"since", unix_ms(node.since)},
                             {"powered_on", nullptr},
                             {"standby", node.is_standby},
                             {"ours", !node.server.empty()},
                             {"kept_on", node.is_held},
                             {"strikes", node.strikes},
                             {"doing", node.doing},
                             {"cores", node.cores},
                             {"memory_gb", node.memory_gb},
                             {"cost_eur", node.euros},
                             {"seats", node.seats},
                             {"live", node.live},
                             {"held", node.held},
                             {"cpu", nullptr},
                             {"memory_bytes", nullptr},
                             {"version", node.version},
                             {"rooms", std::move(rooms)}};
    if (is_on(node.state)) json["powered_on"] = unix_ms(node.powered_on);
    // Old figures are worse than none.
    if (node.load_known && has_rooms(node.state)) {
        json["cpu"] = node.cpu;
        json["memory_bytes"] = node.resident_bytes;
    }
    return json;
}

void add_money_alarms(boost::json::array& alarms, const MoneyView& money) {
    for (const auto& [period, level] :
         {std::pair{"day", money.day_level}, {"month", money.month_level}}) {
        if (level == 0) continue;
        alarms.push_back(boost::json::object{
            {"kind", "budget"}, {"what", period}, {"percent", level}, {"text", ""}});
    }
}

boost::json::array alarms_of(const FleetView& view, const MoneyView& money) {
    boost::json::array alarms;
    const auto add = [&](const char* kind, const std::string& what, const std::string& text) {
        alarms.push_back(boost::json::object{{"kind", kind}, {"what", what}, {"text", text}});
    };
    if (!view.cloud_known) add("cloud_unknown", "", "");
    if (!view.trouble.empty()) add("trouble", "", view.trouble);
    if (!view.keeps) add("keeps_not", "", "");
    std::size_t on = 0;
    for (const auto& node : view.nodes) {
        on += is_on(node.state);
        if (node.state == ServerState::silent) add("node_silent", node.name, "");
        if (node.state == ServerState::broken) add("node_broken", node.name, "");
    }
    const auto waits_long = [&](const WaitingView& w) { return w.since + long_wait < view.now; };
    if (std::any_of(view.waiting.begin(), view.waiting.end(), waits_long))
        add("rooms_wait", "", "");
    if (on >= view.policy.most_nodes) add("most_nodes", "", "");
    for (const auto& orphan : view.orphans) add("orphan", orphan, "");
    add_money_alarms(alarms, money);
    return alarms;
}

boost::json::value bell_json(const std::optional<BellView>& bell) {
    if (!bell) return nullptr;
    return boost::json::object{
        {"at", unix_ms(bell->at)}, {"lessons", bell->lessons}, {"seats", bell->seats}};
}

boost::json::object boot_json(const fleet::BootTimes& boot) {
    const auto seconds = [](Duration d) { return std::chrono::duration<double>(d).count(); };
    return {{"median_s", seconds(boot.median)}, {"p95_s", seconds(boot.p95)}};
}

boost::json::object money_json(const MoneyView& money) {
    boost::json::object json{
        {"today_eur", money.today}, {"budget_eur", nullptr}, {"example_prices", money.is_example}};
    if (money.day_budget > 0) json["budget_eur"] = money.day_budget;
    return json;
}

boost::json::object pool_json(const FleetView& view) {
    const auto count = [&](auto wanted) {
        return std::count_if(view.nodes.begin(), view.nodes.end(),
                             [&](const NodeView& node) { return wanted(node.state); });
    };
    return {{"ready", count([](ServerState s) { return s == ServerState::ready; })},
            {"starting", count([](ServerState s) { return s == ServerState::starting; })},
            {"leaving", count([](ServerState s) {
                 return s == ServerState::draining || s == ServerState::stopping;
             })},
            {"standby", count([](ServerState s) { return s == ServerState::off; })},
            {"trouble", count([](ServerState s) {
                 return s == ServerState::silent || s == ServerState::broken;
             })},
            {"most", view.policy.most_nodes},
            {"strangers", view.strangers}};
}

}  // namespace

FleetSample sample_of(const FleetView& view) {
    FleetSample sample;
    sample.at = view.now;
    sample.euros = view.euros_today;
    sample.waiting = static_cast<std::uint32_t>(view.waiting.size());
    for (const auto& node : view.nodes) {
        sample.on += is_on(node.state);
        if (!has_rooms(node.state)) continue;
        sample.live += node.live;
        sample.held += node.held;
        sample.seats += node.seats;
    }
    return sample;
}

boost::json::object fleet_json(const FleetView& view, const MoneyView& money, double speed,
                               const RoomCards& cards) {
    boost::json::array nodes;
    for (const auto& node : view.nodes) nodes.push_back(node_json(node, cards));
    boost::json::array waiting;
    for (const auto& room : view.waiting) {
        const auto card = cards(room.room);
        waiting.push_back(boost::json::object{{"id", room.room},
                                              {"title", card.title},
                                              {"school", card.school},
                                              {"seats", room.seats},
                                              {"since", unix_ms(room.since)},
                                              {"estimate_s", room.estimate.count()}});
    }
    const auto sums = sample_of(view);
    return {
        {"now", unix_ms(view.now)},
        {"speed", speed},
        {"keeps", view.keeps},
        {"cloud", {{"known", view.cloud_known}, {"seen", unix_ms(view.cloud_seen)}}},
        {"scaling", {{"held", view.scaling_held}, {"by", view.held_by}}},
        {"next_bell", bell_json(view.next_bell)},
        {"seats", {{"live", sums.live}, {"held", sums.held}, {"there", sums.seats}}},
        {"pool", pool_json(view)},
        {"boot",
         {{"standby", boot_json(view.standby_boot)}, {"template", boot_json(view.template_boot)}}},
        {"money", money_json(money)},
        {"alarms", alarms_of(view, money)},
        {"waiting", std::move(waiting)},
        {"nodes", std::move(nodes)}};
}

boost::json::object history_json(const std::deque<FleetSample>& samples) {
    boost::json::array at, live, held, seats, on, waiting, euros;
    for (const auto& sample : samples) {
        at.push_back(unix_ms(sample.at));
        live.push_back(sample.live);
        held.push_back(sample.held);
        seats.push_back(sample.seats);
        on.push_back(sample.on);
        waiting.push_back(sample.waiting);
        euros.push_back(sample.euros);
    }
    return {{"at", std::move(at)},          {"live", std::move(live)},
            {"held", std::move(held)},      {"seats", std::move(seats)},
            {"on", std::move(on)},          {"waiting", std::move(waiting)},
            {"today_eur", std::move(euros)}};
}

boost::json::object actions_json(const std::vector<ActionView>& actions, std::size_t most,
                                 fleet::Language language,
                                 const std::function<std::chrono::minutes(WallTime)>& offset) {
    boost::json::array list;
    for (std::size_t i = 0; i < std::min(most, actions.size()); ++i) {
        const auto& action = actions[i];
        const auto words = action.reason
                               ? fleet::in_words(*action.reason, language, offset(action.at))
                               : action.words;
        list.push_back(boost::json::object{{"id", action.id},
                                           {"at", unix_ms(action.at)},
                                           {"kind", action.kind},
                                           {"server", action.server},
                                           {"who", action.who},
                                           {"words", words},
                                           {"outcome", action.outcome},
                                           {"finished", time_or_null(action.finished)}});
    }
    return {{"actions", std::move(list)}, {"more", actions.size() > most}};
}

}  // namespace aula::hub
