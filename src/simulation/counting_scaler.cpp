// SPDX-License-Identifier: Apache-2.0
#include "simulation/counting_scaler.hpp"

#include <algorithm>
#include <unordered_set>

namespace aula::simulation {
namespace {

using fleet::Action;
using fleet::Server;
using fleet::ServerState;

// Each of these systems gives a node up that has not reported for so long (Cluster Autoscaler,
// Jitsi: 15 minutes).
constexpr auto boot_limit = std::chrono::minutes(15);
constexpr auto drained_check = std::chrono::seconds(30);

fleet::Seats people_on(const Server& server) {
    fleet::Seats sum = 0;
    for (const auto& room : server.rooms) sum += room.live;
    return sum;
}

fleet::Seats held_on(const Server& server) {
    fleet::Seats sum = 0;
    for (const auto& room : server.rooms) sum += room.held;
    return sum;
}

bool takes_rooms_soon(const Server& server) {
    return server.state == ServerState::ready || server.state == ServerState::starting;
}

}  // namespace

fleet::Plan CountingScaler::decide(const fleet::Snapshot& snapshot, const fleet::Demand& demand,
                                   WallTime now) {
    Load load;
    if (!snapshot.servers.empty()) load.seats_of_one = snapshot.servers.front().seats;
    bool is_any_draining = false;
    for (const auto& server : snapshot.servers) {
        load.people += people_on(server);
        load.rooms += static_cast<unsigned>(server.rooms.size());
        if (takes_rooms_soon(server)) ++load.nodes;
        if (server.state == ServerState::ready) load.seats += server.seats;
        is_any_draining |= server.state == ServerState::draining;
    }
    for (const auto& room : snapshot.waiting) {
        load.people += room.seats;
        ++load.rooms;
    }
    fleet::Plan plan;
    for (const auto& server : snapshot.servers) {
        if (server.state == ServerState::draining && server.rooms.empty()) {
            plan.actions.push_back({Action::Kind::stop, server.key, {fleet::Why::drained}});
        }
        if (server.state == ServerState::starting && now - server.since > boot_limit) {
            plan.actions.push_back(
                {Action::Kind::power_off, server.key, {fleet::Why::boot_failed}});
        }
    }
    if (now >= next_wish_) {
        wish_ = wished(load, demand, now);
        next_wish_ = now + tick_;
        if (snapshot.cloud_known && wish_ > load.nodes) grow(snapshot, wish_ - load.nodes, plan);
        if (snapshot.cloud_known && wish_ < load.nodes) {
            shrink(snapshot, load.nodes - wish_, now, plan);
        }
    }
    plan.look_again = is_any_draining ? std::min(next_wish_, now + drained_check) : next_wish_;
    return plan;
}

void CountingScaler::grow(const fleet::Snapshot& snapshot, unsigned missing,
                          fleet::Plan& plan) const {
    const auto take = [&](ServerState state, Action::Kind kind) {
        for (const auto& server : snapshot.servers) {
            if (missing == 0) return;
            if (server.state != state) continue;
            if (state == ServerState::draining && server.rooms.empty()) continue;  // is stopped
            plan.actions.push_back({kind, server.key, {fleet::Why::headroom}});
            --missing;
        }
    };
    take(ServerState::draining, Action::Kind::undrain);
    take(ServerState::off, Action::Kind::start);
    for (; missing > 0; --missing) {
        plan.actions.push_back({Action::Kind::make, 0, {fleet::Why::pool_too_small}});
    }
}

void CountingScaler::shrink(const fleet::Snapshot& snapshot, unsigned surplus, WallTime now,
                            fleet::Plan& plan) const {
    std::vector<const Server*> candidates;
    for (const auto& server : snapshot.servers) {
        if (server.state == ServerState::ready && now - server.powered_on >= least_life_) {
            candidates.push_back(&server);
        }
    }
    std::stable_sort(candidates.begin(), candidates.end(), [](const Server* a, const Server* b) {
        return a->rooms.size() < b->rooms.size();
    });
    candidates.resize(std::min<std::size_t>(candidates.size(), surplus));
    for (const auto* server : candidates) {
        const auto kind = server->rooms.empty() ? Action::Kind::stop : Action::Kind::drain;
        plan.actions.push_back({kind, server->key, {fleet::Why::idle}});
    }
}

std::optional<fleet::ServerKey> CountingScaler::place(const fleet::NewRoom& room,
                                                      const fleet::Snapshot& snapshot,
                                                      WallTime now) {
    const Server* best = nullptr;
    fleet::Seats fewest = 0;
    for (const auto& server : snapshot.servers) {
        if (server.state != ServerState::ready) continue;
        if (now - server.powered_on < counts_as_ready_) continue;
        const auto held = held_on(server);
        const bool fits = held + room.seats <= server.seats || held == 0;
        if (!fits || (best != nullptr && held >= fewest)) continue;
        best = &server;
        fewest = held;
    }
    return best == nullptr ? std::nullopt : std::optional(best->key);
}

}  // namespace aula::simulation
