// SPDX-License-Identifier: Apache-2.0
#include "hub/keeper_view.hpp"

#include <algorithm>

#include "hub/keeper_state.hpp"

namespace aula::hub {

namespace {

constexpr auto least_estimate = std::chrono::seconds(2);

std::optional<BellView> next_bell(const KnownDemand& demand, WallTime now) {
    std::optional<BellView> bell;
    for (const auto& lesson : demand.lessons) {
        if (lesson.start < now) continue;
        if (!bell) bell = BellView{lesson.start, 0, 0};
        if (lesson.start != bell->at) break;
        ++bell->lessons;
        bell->seats += lesson.seats;
    }
    return bell;
}

/// When a server that is on its way will take rooms, as far as one can know.
WallTime ready_at(const KeptServer& server, const fleet::BootTimes& boots, WallTime now) {
    const WallTime likely = server.powered_on + boots.median;
    const WallTime late = server.powered_on + boots.p95;
    return likely > now ? likely : std::max(late, now);
}

}  // namespace

FleetView Keeper::view() const { return state_->view(); }

std::optional<std::chrono::seconds> Keeper::estimate(const std::string& room) const {
    return state_->estimate(room);
}

bool Keeper::may_grow() const {
    const auto& self = *state_;
    if (!self.keeps || self.scaling_held || !self.is_cloud_known()) return false;
    const auto& policy = self.policy;
    if (policy.euros_a_day > 0 && self.wiring.ledger &&
        self.wiring.ledger->euros_today() >= policy.euros_a_day)
        return false;
    unsigned on = 0, coming = 0;
    for (const auto& [name, server] : self.servers) {
        const auto state = state_of(server, self.wiring.clock.now());
        coming += state == fleet::ServerState::starting;
        on += state != fleet::ServerState::off && state != fleet::ServerState::broken;
    }
    return coming > 0 || on < policy.most_nodes;
}

void Keeper::list_actions(std::int64_t before, std::size_t most,
                          std::function<void(Expected<std::vector<ActionView>, Error>)> answered) {
    state_->log.list(before, most, std::move(answered));
}

NodeView Keeper::State::node_view(const KeptServer& server) {
    NodeView view;
    view.name = server.name;
    view.server = server.id;
    view.state = state_of(server, wiring.clock.now());
    view.since = server.since;
    view.powered_on = server.powered_on;
    view.is_standby = server.is_standby;
    view.is_held = server.is_held;
    view.strikes = server.strikes;
    view.doing = doing_name(server.doing);
    view.cores = server.seen.cores;
    view.memory_gb = server.seen.memory_gb;
    if (wiring.ledger && server.power) {
        const auto minutes =
            std::chrono::duration<double, std::ratio<60>>(wiring.clock.now() - server.powered_on);
        view.euros = minutes.count() *
                     wiring.ledger->euros_a_minute(server.seen.cores, server.seen.memory_gb);
    }
    view.rooms = wiring.rooms->room_views(server.name);
    for (const auto& room : view.rooms) {
        view.live += room.live;
        view.held += room.held;
    }
    view.load_known = server.is_up;
    const auto node = wiring.rooms->nodes().find(server.name);
    if (node == wiring.rooms->nodes().end()) return view;
    view.seats = node->second.seats;
    view.cpu = node->second.load.cpu();
    view.resident_bytes = node->second.load.resident_bytes();
    view.version = node->second.version;
    return view;
}

FleetView Keeper::State::view() {
    FleetView all;
    all.now = wiring.clock.now();
    all.keeps = keeps;
    all.cloud_known = is_cloud_known();
    all.cloud_seen = cloud_seen_at;
    all.trouble = trouble;
    all.up_for = std::chrono::duration_cast<std::chrono::seconds>(all.now - began);
    all.boots_failed = boots_failed;
    all.scaling_held = scaling_held;
    all.held_by = held_by;
    all.policy = policy;
    all.standby_boot = standby_boots.times();
    all.template_boot = template_boots.times();
    all.recent_starts = static_cast<std::uint32_t>(starts.size());
    all.euros_today = wiring.ledger ? wiring.ledger->euros_today() : 0;
    all.look_again = last_plan.look_again;
    all.next_bell = next_bell(demand, all.now);
    for (const auto& [name, server] : servers) all.nodes.push_back(node_view(server));
    for (const auto& wanted : wiring.rooms->wanted())
        all.waiting.push_back({wanted.room, wanted.waiting.seats, wanted.waiting.since,
                               estimate(wanted.room).value_or(least_estimate)});
    all.assignments = last_plan.assignments;
    all.strangers = strangers;
    all.orphans = orphans;
    return all;
}

/// The nodes on their way fill in the order in which rooms have waited.
std::optional<std::chrono::seconds> Keeper::State::estimate(const std::string& room) {
    if (!keeps) return std::nullopt;
    const WallTime now = wiring.clock.now();
    fleet::Seats before = 0;
    for (const auto& wanted : wiring.rooms->wanted()) {
        before += wanted.waiting.seats;
        if (wanted.room == room) break;
    }
    std::vector<std::pair<WallTime, fleet::Seats>> coming;
    for (const auto& [name, server] : servers) {
        if (state_of(server, now) != fleet::ServerState::starting || server.is_foreign) continue;
        const auto boots = (server.is_first_boot ? template_boots : standby_boots).times();
        coming.emplace_back(ready_at(server, boots, now), policy.seats_per_node);
    }
    std::sort(coming.begin(), coming.end());
    fleet::Seats there = 0;
    for (const auto& [when, seats] : coming) {
        there += seats;
        if (there < before) continue;
        return std::chrono::ceil<std::chrono::seconds>(wiring.clock.real(when - now));
    }
    // Nothing is ordered for it yet; the next look will.
    const bool has_standby = std::any_of(servers.begin(), servers.end(), [&](const auto& server) {
        return state_of(server.second, now) == fleet::ServerState::off;
    });
    const auto boots = (has_standby ? standby_boots : template_boots).times();
    return std::chrono::ceil<std::chrono::seconds>(wiring.clock.real(boots.median) + 1s);
}

}  // namespace aula::hub
