// SPDX-License-Identifier: Apache-2.0
// What the cloud's list says, against what the keeper knows.
#include <algorithm>
#include <set>
#include <utility>

#include "base/log.hpp"
#include "hub/keeper_state.hpp"

namespace aula::hub {

namespace {

constexpr const char* pool_label = "aula-pool:";
constexpr const char* spare_label = "aula-kind:spare";

}  // namespace

KeptServer* Keeper::State::find(const std::string& name) {
    const auto at = servers.find(name);
    return at == servers.end() ? nullptr : &at->second;
}

KeptServer* Keeper::State::find(fleet::ServerKey key) {
    const auto at = std::find_if(servers.begin(), servers.end(),
                                 [&](const auto& server) { return server.second.key == key; });
    return at == servers.end() ? nullptr : &at->second;
}

KeptServer& Keeper::State::add(const std::string& name) {
    const auto [at, is_new] = servers.try_emplace(name);
    KeptServer& server = at->second;
    if (!is_new) return server;
    server.name = name;
    server.key = wiring.rooms->key_of(name);
    server.since = wiring.clock.now();
    if (const auto flags = stored_flags.find(name); flags != stored_flags.end())
        read_flags(server, flags->second);
    return server;
}

bool Keeper::State::is_ours(const std::vector<std::string>& labels) const {
    return std::find(labels.begin(), labels.end(), pool_label + wiring.pool.name) != labels.end();
}

LedgerKeeping::Machine Keeper::State::machine(const KeptServer& server) const {
    const bool is_seen = !server.seen.id.empty();
    const auto cores = is_seen ? server.seen.cores : wiring.pool.cores;
    const auto memory = is_seen ? server.seen.memory_gb : wiring.pool.memory_gb;
    return {server.id, server.name, static_cast<std::uint32_t>(cores),
            static_cast<std::uint32_t>(memory)};
}

/// Into the ledger goes what the cloud shows.
void Keeper::State::book(const KeptServer& server, WallTime asked) {
    if (!wiring.ledger) return;
    const auto& seen = server.seen;
    wiring.ledger->seen(machine(server), {.power = seen.power,
                                          .changed = unix_ms(seen.changed),
                                          .asked = unix_ms(asked),
                                          .meter = {seen.core_minutes, seen.memory_minutes}});
}

void Keeper::State::on_list(Asked asked,
                            const Expected<std::vector<gridscale::Server>, Error>& list) {
    if (list) {
        cloud_seen = wiring.loop->now();
        cloud_seen_at = wiring.clock.now();
        trouble.clear();
        strangers = 0;
        for (const auto& seen : *list) {
            if (is_ours(seen.labels))
                merge(seen, asked);
            else
                ++strangers;
        }
        forget_missing(*list, asked.at);
        close_books_of_missing(*list);
    } else {
        if (trouble.empty())
            log::warning("the cloud does not list its servers", {{"why", list.error().text}});
        trouble = list.error().text;
    }
    // What was never seen is not known to be nothing.
    if (cloud_seen && keeps) plan_and_act();
}

void Keeper::State::merge(const gridscale::Server& seen, Asked asked) {
    KeptServer* server = find(seen.name);
    const bool is_known = server != nullptr && !server->is_foreign;
    if (is_known && !server->id.empty() && server->id != seen.id) {
        // Two of one name: one node's certificate cannot be used twice.
        log::error("two servers of one name, the second is not used",
                   {{"name", seen.name}, {"server", seen.id}});
        return;
    }
    if (!is_known) {
        server = &adopt(seen, asked.shown);
    } else if (server->touched >= asked.at) {
        return;  // the list is older than what we did
    }
    server->id = seen.id;
    server->seen = seen;
    if (wiring.ledger)
        wiring.ledger->metered(machine(*server), {seen.core_minutes, seen.memory_minutes});
    // While an order is on its way a server that is still off is none that never came on.
    if (seen.power || server->doing == Doing::nothing) book(*server, asked.shown);
    see_power(*server, seen.power);
}

/// One that is ours by its label and that this process has not seen yet: made before its start, or
/// by hand.
KeptServer& Keeper::State::adopt(const gridscale::Server& seen, WallTime asked) {
    KeptServer& server = add(seen.name);
    server.is_foreign = false;
    server.is_standby = !has_label(seen, spare_label);
    server.id = seen.id;
    server.seen = seen;
    server.power = seen.power;
    if (!seen.power) return server;
    server.powered_on = wiring.clock.now();
    if (!wiring.ledger) {
        // Its node may be dialling in again: silent rather than never booted.
        server.said_hello = true;
        return server;
    }
    book(server, asked);
    if (server.is_up) wiring.ledger->ready(seen.id);
    const auto* interval = wiring.ledger->book().open_interval(seen.id);
    if (interval == nullptr) return server;
    server.said_hello |= interval->ready != 0;
    server.powered_on = WallTime(std::chrono::milliseconds(interval->ordered));
    if (server.said_hello) return server;
    // Its boot goes on: it is due when it would have been without our restart.
    server.last_state = fleet::ServerState::starting;
    server.since = server.powered_on;
    server.is_measured = !interval->was_found;
    server.is_first_boot = !server.is_standby;
    return server;
}

/// Something switched it without us, or what we ordered has come about.
void Keeper::State::see_power(KeptServer& server, bool power) {
    if (server.doing != Doing::nothing || power == server.power) return;
    server.power = power;
    log::warning(power ? "a server is on without our order" : "a server went off by itself",
                 {{"name", server.name}, {"server", server.id}});
    if (power) {
        server.said_hello = server.is_up;
        server.powered_on = wiring.clock.now();
    } else {
        if (!server.said_hello) strike(server);  // a boot that ends by itself has failed, too
        on_off(server.name);
    }
}

/// Servers of which the ledger has an open interval and which the cloud does not have any more.
void Keeper::State::close_books_of_missing(const std::vector<gridscale::Server>& list) {
    if (!wiring.ledger || asking_deleted) return;
    std::set<std::string> there;
    for (const auto& seen : list) there.insert(seen.id);
    for (const auto& [name, server] : servers) there.insert(server.id);
    std::set<std::string> gone;
    for (const auto* interval : wiring.ledger->book().open_intervals())
        if (!there.contains(interval->server)) gone.insert(interval->server);
    if (gone.empty()) return;
    asking_deleted = true;
    wiring.cloud->servers.list_deleted(
        [weak = weak_from_this(),
         gone](const Expected<std::vector<gridscale::Server>, Error>& deleted) {
            if (const auto self = weak.lock()) self->on_deleted(gone, deleted);
        });
}

/// The counter of a deleted server says how long it was on.
void Keeper::State::on_deleted(std::set<std::string> gone,
                               const Expected<std::vector<gridscale::Server>, Error>& deleted) {
    asking_deleted = false;
    // A cloud that answers nothing is asked again with the next list.
    if (!deleted && deleted.error().code != ErrorCode::not_found) return;
    for (const auto& seen : deleted ? *deleted : std::vector<gridscale::Server>()) {
        if (gone.erase(seen.id) == 0) continue;
        wiring.ledger->seen({seen.id, seen.name, static_cast<std::uint32_t>(seen.cores),
                             static_cast<std::uint32_t>(seen.memory_gb)},
                            {.power = false, .meter = {seen.core_minutes, seen.memory_minutes}},
                            seen.deleted);
    }
    for (const auto& id : gone) wiring.ledger->seen_off(id);
}

void Keeper::State::forget_missing(const std::vector<gridscale::Server>& list, Time asked) {
    std::set<std::string> there;
    for (const auto& seen : list) there.insert(seen.id);
    std::vector<std::string> gone;
    for (const auto& [name, server] : servers) {
        if (!server.id.empty() && !there.contains(server.id) && server.touched < asked &&
            server.doing == Doing::nothing)
            gone.push_back(name);
    }
    for (const std::string& name : gone) {
        log::info("a server is gone from the cloud", {{"name", name}});
        forget(name);
    }
}

}  // namespace aula::hub
