// SPDX-License-Identifier: Apache-2.0
#include "simulation/fleet_hands.hpp"

#include <algorithm>

#include "simulation/cost.hpp"

namespace aula::simulation {
namespace {

using fleet::Action;
using fleet::Server;
using fleet::ServerState;

constexpr auto job_time = std::chrono::seconds(20);     // until a failed job is seen
constexpr auto cut_off_time = std::chrono::seconds(1);  // of a power-off without shutdown
constexpr std::size_t boots_remembered = 64;
constexpr std::size_t enough_boots = 20;   // for quantiles to say more than what was set
constexpr unsigned calls_of_a_making = 4;  // storage, server, network, power

}  // namespace

FleetHands::FleetHands(const World& world, WallTime from, fleet::Snapshot& snapshot)
    : world_(world), snapshot_(snapshot), machines_(world_, from), today_(from) {
    standby_boots_.times = {world.standby_boot.median, world.standby_boot.quantile95()};
    template_boots_.times = {world.template_boot.median, world.template_boot.quantile95()};
    for (unsigned i = 0; i < world.standby_servers; ++i) add_server(true, from);
}

Server& FleetHands::add_server(bool is_standby, WallTime now) {
    Server server;
    server.key = next_server_++;
    server.since = now;
    server.seats = world_.seats_per_node;
    server.is_standby = is_standby;
    where_.emplace(server.key, snapshot_.servers.size());
    return snapshot_.servers.emplace_back(std::move(server));
}

Server* FleetHands::find(fleet::ServerKey server) {
    const auto found = where_.find(server);
    return found == where_.end() ? nullptr : &snapshot_.servers[found->second];
}

void FleetHands::set(Server& server, ServerState state, WallTime now) {
    server.state = state;
    server.since = now;
}

bool FleetHands::contradiction() {
    ++contradictions_;
    return true;
}

bool FleetHands::carry_out(const Action& action, WallTime now) {
    if (action.kind == Action::Kind::make) return make(action, now);
    auto* const server = find(action.server);
    if (server == nullptr) return contradiction();
    switch (action.kind) {
        case Action::Kind::start:
            if (server->state != ServerState::off) return contradiction();
            return start(*server, now);
        case Action::Kind::drain:
            if (server->state != ServerState::ready) return contradiction();
            set(*server, ServerState::draining, now);
            return true;
        case Action::Kind::undrain:
            if (server->state != ServerState::draining) return contradiction();
            set(*server, ServerState::ready, now);
            return true;
        case Action::Kind::stop:
        case Action::Kind::power_off:
            return switch_off(*server, action, now);
        case Action::Kind::remove:
            return remove(action.server, now);
        case Action::Kind::give_up:
            set(*server, ServerState::broken, now);
            return true;
        case Action::Kind::make:
            break;
    }
    return true;
}

bool FleetHands::start(Server& server, WallTime now) {
    if (!machines_.call(now)) return false;
    machines_.call(now);  // the request is followed
    const auto result = machines_.power_on(server.key, server.is_standby, now);
    set(server, ServerState::starting, now);
    server.powered_on = now;
    starts_.push_back(now);
    ++power_ons_;
    ++ons_[server.key];
    if (result.job_fails) {
        schedule(now + job_time, server.key, Known::job_failed);
        return true;
    }
    open_.emplace(server.key, now);
    if (!result.never_reports) schedule(now + result.boot, server.key, Known::ready);
    return true;
}

bool FleetHands::make(const Action& action, WallTime now) {
    for (unsigned i = 0; i < calls_of_a_making; ++i) {
        if (!machines_.call(now)) return false;
    }
    auto& server = add_server(action.reason.why == fleet::Why::pool_too_small, now);
    if (!start(server, now)) return false;  // it stays, off
    return true;
}

bool FleetHands::switch_off(Server& server, const Action& action, WallTime now) {
    if (!server.rooms.empty()) return contradiction();
    if (server.state == ServerState::off || server.state == ServerState::stopping) {
        return contradiction();
    }
    if (!machines_.call(now)) return false;
    machines_.call(now);
    if (action.reason.why == fleet::Why::boot_failed) ++server.strikes;
    const bool shuts_down = action.kind == Action::Kind::stop;
    set(server, ServerState::stopping, now);
    schedule(now + (shuts_down ? world_.shutdown : Duration(cut_off_time)), server.key, Known::off);
    return true;
}

bool FleetHands::remove(fleet::ServerKey key, WallTime now) {
    const auto index = where_.at(key);
    auto& servers = snapshot_.servers;
    const auto state = servers[index].state;
    if (state != ServerState::off && state != ServerState::broken) return contradiction();
    if (open_.contains(key)) return contradiction();
    if (!machines_.call(now)) return false;
    machines_.call(now);
    servers.erase(servers.begin() + static_cast<std::ptrdiff_t>(index));
    where_.erase(key);
    ons_.erase(key);
    for (auto i = index; i < servers.size(); ++i) where_[servers[i].key] = i;
    return true;
}

void FleetHands::schedule(WallTime at, fleet::ServerKey server, Known what) {
    // What is said of an earlier power-on is not for a later one.
    const std::uint64_t on = ons_[server] & 0xffffff;
    on_schedule(at, (std::uint64_t{server} << 32) | (on << 8) | static_cast<std::uint64_t>(what));
}

bool FleetHands::machine_event(std::uint64_t event, WallTime now) {
    auto* const server = find(static_cast<fleet::ServerKey>(event >> 32));
    if (server == nullptr || (ons_[server->key] & 0xffffff) != ((event >> 8) & 0xffffff)) {
        return false;
    }
    switch (static_cast<Known>(event & 0xff)) {
        case Known::ready:
            if (server->state != ServerState::starting) return false;
            (server->is_standby ? standby_boots_ : template_boots_).add(now - server->powered_on);
            set(*server, ServerState::ready, now);
            server->strikes = 0;
            return true;
        case Known::job_failed:
            if (server->state == ServerState::starting) set(*server, ServerState::off, now);
            return false;
        case Known::off:
            machines_.power_off(server->key, now);
            closed_ += now - open_.at(server->key);
            open_.erase(server->key);
            set(*server, ServerState::off, now);
            return false;
    }
    return false;
}

void FleetHands::Boots::add(Duration boot) {
    lately.push_back(boot);
    if (lately.size() > boots_remembered) lately.pop_front();
    if (lately.size() < enough_boots) return;
    std::vector<Duration> sorted(lately.begin(), lately.end());
    std::sort(sorted.begin(), sorted.end());
    times = {sorted[sorted.size() / 2], sorted[sorted.size() * 95 / 100]};
}

void FleetHands::look(WallTime now) {
    snapshot_.cloud_known = machines_.call(now);
    snapshot_.standby_boot = standby_boots_.times;
    snapshot_.template_boot = template_boots_.times;
    while (!starts_.empty() && starts_.front() <= now - std::chrono::minutes(10)) {
        starts_.pop_front();
    }
    snapshot_.recent_starts = static_cast<std::uint32_t>(starts_.size());
    snapshot_.euros_today = euros_of_nodes(ledger(now) - closed_before_today_);
}

void FleetHands::new_day() { closed_before_today_ = closed_; }

Duration FleetHands::ledger(WallTime now) const {
    auto sum = closed_;
    for (const auto& [server, since] : open_) sum += now - since;
    return sum;
}

}  // namespace aula::simulation
