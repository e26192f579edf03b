// SPDX-License-Identifier: Apache-2.0
#include "hub/keeper.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "base/log.hpp"
#include "hub/keeper_state.hpp"
#include "store/fleet_tables.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {

namespace {

constexpr const char* flag_documents = "fleet_server";
constexpr Duration lease_length = 30s;
constexpr Duration lease_renewal = 10s;
constexpr Duration least_tick = 400ms;  // also when the city's clock is fast
constexpr unsigned ticks_unseen = 4;    // without an answer of the cloud: it is not known
constexpr Duration starts_counted = 10min;
constexpr Duration looked_ahead = 3h;

}  // namespace

std::string_view action_name(fleet::Action::Kind kind) {
    using Kind = fleet::Action::Kind;
    switch (kind) {
        case Kind::start:
            return "start";
        case Kind::make:
            return "make";
        case Kind::drain:
            return "drain";
        case Kind::undrain:
            return "undrain";
        case Kind::stop:
            return "stop";
        case Kind::power_off:
            return "power_off";
        case Kind::remove:
            return "remove";
        case Kind::give_up:
            return "give_up";
    }
    return "";
}

Keeper::Keeper(Wiring wiring) : state_(std::make_shared<State>(std::move(wiring))) {}
Keeper::~Keeper() = default;
void Keeper::start() { state_->start(); }
void Keeper::stop() { state_->stop(); }
void Keeper::look_soon() { state_->look_soon(); }
void Keeper::on_node_up(const std::string& node) { state_->on_node_up(node); }
void Keeper::on_node_down(const std::string& node) { state_->on_node_down(node); }

Keeper::State::~State() {
    wiring.loop->cancel(timer);
    wiring.loop->cancel(soon);
}

/// Looks leave two thirds of the API's calls to others.
Duration Keeper::State::real_tick() const {
    const auto allowed = wiring.cloud->connection().calls_a_minute();
    const Duration fair = allowed == 0 ? Duration(0) : Duration(180s) / allowed;
    return std::max({wiring.clock.real(wiring.tick), least_tick, fair});
}

void Keeper::State::start() {
    began = wiring.clock.now();
    // Nodes that dialled in before; their servers are found in the cloud's list.
    for (const auto& [node, known] : wiring.rooms->nodes()) on_node_up(node);
    wiring.store->ask(
        [](soci::session& session) {
            return Stored{store::load_documents(session, flag_documents),
                          store::load_documents(session, fleet_documents)};
        },
        [weak = weak_from_this()](Expected<Stored, Error> stored) {
            if (const auto self = weak.lock()) self->on_loaded(std::move(stored));
        });
}

void Keeper::State::stop() {
    is_loaded = false;
    wiring.loop->cancel(timer);
    wiring.loop->cancel(soon);
    if (!std::exchange(keeps, false)) return;
    wiring.store->ask(
        [holder = wiring.hub_id](soci::session& session) {
            store::take_lease(session, "keeper", holder, unix_ms(WallClock::now()), 0);
        },
        [](const Expected<void, Error>&) {});
}

void Keeper::State::on_loaded(Expected<Stored, Error> stored) {
    if (!stored) {
        trouble = stored.error().text;
        log::error("the fleet's state cannot be read, nothing is kept", {{"why", trouble}});
        return;
    }
    for (auto& [name, flags] : stored->flags) {
        if (auto* server = find(name)) read_flags(*server, flags);
        stored_flags[name] = std::move(flags);
    }
    for (const auto& [key, json] : stored->fleet) {
        if (key == "standby_boots") standby_boots.read(json);
        if (key == "template_boots") template_boots.read(json);
    }
    take_wishes(stored->fleet);
    is_loaded = true;
    tick();
}

/// One of several hubs keeps: whoever has the lease.
void Keeper::State::tick() {
    const Time now = wiring.loop->now();
    if (lease_until - now < lease_length - lease_renewal) renew_lease();
    keeps = keeps && now < lease_until;
    read_wishes();
    if (keeps) look();
    timer = wiring.loop->after(real_tick(), [this] { tick(); });
}

void Keeper::State::renew_lease() {
    if (std::exchange(asking_lease, true)) return;
    // Real time: the city's clock may be anybody's.
    const auto now = WallClock::now();
    wiring.store->ask(
        [holder = wiring.hub_id, now](soci::session& session) {
            return store::take_lease(session, "keeper", holder, unix_ms(now),
                                     unix_ms(now + lease_length));
        },
        [weak = weak_from_this(), asked = wiring.loop->now()](const Expected<bool, Error>& got) {
            if (const auto self = weak.lock()) self->on_lease(asked, got);
        });
}

void Keeper::State::on_lease(Time asked, const Expected<bool, Error>& got) {
    asking_lease = false;
    if (!is_loaded) return;
    if (!got) {
        trouble = got.error().text;
        return;
    }
    if (!*got) {
        keeps = false;
        another_kept = true;
        trouble = "another hub keeps the fleet";
        return;
    }
    lease_until = asked + lease_length;
    if (keeps) return;
    if (!another_kept) {  // the lease ran out, and nobody took it
        keeps = true;
        return look();
    }
    if (!wiring.ledger) return begin_to_keep({});
    wiring.ledger->take_over([weak = weak_from_this()](const Expected<void, Error>& taken) {
        if (const auto self = weak.lock()) self->begin_to_keep(taken);
    });
}

void Keeper::State::begin_to_keep(const Expected<void, Error>& has_ledger) {
    if (!is_loaded || keeps) return;
    if (!has_ledger) {
        trouble = has_ledger.error().text;  // tried again with the lease's renewal
        return;
    }
    keeps = true;
    another_kept = false;
    log.finish_all("the hub was restarted meanwhile");
    look();
}

void Keeper::State::look_soon() {
    if (!is_loaded || soon != net::TimerId::none) return;
    const auto pause = std::min<Duration>(wiring.cloud->connection().options().poll, 1s);
    soon = wiring.loop->after(pause, [this] {
        soon = net::TimerId::none;
        if (keeps) look();
    });
}

/// One GET, then the plan. Also when the cloud does not answer: then from what was known.
void Keeper::State::look() {
    if (std::exchange(listing, true)) {
        look_again = true;
        // A cloud that hangs keeps nobody from deciding.
        if (cloud_seen) plan_and_act();
        return;
    }
    const Asked asked{wiring.loop->now(), wiring.clock.now()};
    wiring.cloud->servers.list([weak = weak_from_this(), asked](
                                   const Expected<std::vector<gridscale::Server>, Error>& list) {
        const auto self = weak.lock();
        if (!self) return;
        self->listing = false;
        self->on_list(asked, list);
        if (std::exchange(self->look_again, false)) self->look_soon();
    });
}

bool Keeper::State::is_cloud_known() const {
    return cloud_seen && wiring.loop->now() - *cloud_seen <= ticks_unseen * real_tick();
}

fleet::Server Keeper::State::server_for_fleet(const KeptServer& server) const {
    const auto& nodes = wiring.rooms->nodes();
    const auto node = nodes.find(server.name);
    fleet::Server out;
    out.key = server.key;
    out.state = server.last_state;
    out.since = server.since;
    out.powered_on = server.powered_on;
    out.seats = node != nodes.end() ? node->second.seats : policy.seats_per_node;
    out.is_standby = server.is_standby;
    out.is_held = server.is_held || server.is_foreign;
    out.load_known = server.is_up || server.last_state != fleet::ServerState::silent;
    out.strikes = server.strikes;
    out.is_withdrawn = server.is_withdrawn;
    out.rooms = wiring.rooms->rooms_for_fleet(server.name);
    return out;
}

fleet::Snapshot Keeper::State::snapshot() {
    const WallTime now = wiring.clock.now();
    while (!starts.empty() && starts.front() < now - starts_counted) starts.pop_front();
    fleet::Snapshot all;
    for (auto& [name, server] : servers) {
        const auto state = state_of(server, now);
        if (state != server.last_state) server.since = now;
        server.last_state = state;
        all.servers.push_back(server_for_fleet(server));
    }
    for (auto& wanted : wiring.rooms->wanted()) all.waiting.push_back(wanted.waiting);
    all.cloud_known = is_cloud_known();
    all.standby_boot = standby_boots.times();
    all.template_boot = template_boots.times();
    all.recent_starts = static_cast<std::uint32_t>(starts.size());
    all.euros_today = wiring.ledger ? wiring.ledger->euros_today() : 0;
    all.scaling_held = scaling_held;
    return all;
}

void Keeper::State::plan_and_act() {
    const WallTime now = wiring.clock.now();
    demand = wiring.demand ? wiring.demand(now, now + looked_ahead) : KnownDemand{};
    const auto& planner = wiring.plan ? wiring.plan : Planner(fleet::plan);
    last_plan = planner(snapshot(), demand.demand(), policy, now);
    wiring.rooms->hold(last_plan.assignments);
    note_busy();
    for (const auto& action : last_plan.actions) perform(action, {});
    for (auto& [name, server] : servers) {
        // An operator's stop does not wait for the plan's consent.
        if (server.stop_for.empty() || server.doing != Doing::nothing || !server.is_up) continue;
        if (!wiring.rooms->rooms_for_fleet(name).empty()) continue;
        perform({fleet::Action::Kind::stop, server.key, {.why = fleet::Why::drained}},
                server.stop_for);
    }
    if (wiring.loop->now() < next_tidy || !is_cloud_known()) return;
    next_tidy = wiring.loop->now() + std::max<Duration>(wiring.clock.real(wiring.tidy), 5s);
    tidy();
}

void Keeper::State::note_busy() {
    if (!wiring.ledger) return;
    for (const auto& [name, server] : servers) {
        if (server.id.empty() || !server.power) continue;
        const auto rooms = wiring.rooms->rooms_for_fleet(name);
        wiring.ledger->busy(server.id, std::any_of(rooms.begin(), rooms.end(),
                                                   [](const auto& r) { return r.live > 0; }));
    }
}

void Keeper::State::on_node_up(const std::string& node) {
    KeptServer& server = add(node);
    // Until the cloud's list says that it has it: somebody else's.
    if (server.id.empty() && server.doing == Doing::nothing) server.is_foreign = true;
    server.is_up = true;
    server.said_hello = true;
    update_closed(server);
    if (std::exchange(server.is_measured, false)) {
        auto& record = server.is_first_boot ? template_boots : standby_boots;
        record.add(wiring.clock.now() - server.powered_on);
        save_document(server.is_first_boot ? "template_boots" : "standby_boots", record.to_json());
        if (std::exchange(server.strikes, 0) != 0) save_flags(server);
    }
    if (wiring.ledger && !server.id.empty()) wiring.ledger->ready(server.id);
    look_soon();
}

void Keeper::State::on_node_down(const std::string& node) {
    KeptServer* server = find(node);
    if (server == nullptr) return;
    server->is_up = false;
    if (server->is_foreign) forget(node);
    look_soon();
}

void Keeper::State::save_document(const std::string& key, const std::string& json) {
    wiring.store->ask(
        [key, json](soci::session& session) {
            store::save_document(session, fleet_documents, key, json);
        },
        [](const Expected<void, Error>&) {});
}

void Keeper::State::save_flags(const KeptServer& server) {
    stored_flags[server.name] = flags_json(server);
    wiring.store->ask(
        [name = server.name, json = stored_flags[server.name]](soci::session& session) {
            store::save_document(session, flag_documents, name, json);
        },
        [](const Expected<void, Error>&) {});
}

/// Names are not given again, so nothing of it is worth keeping. The name may be the server's own.
void Keeper::State::forget(std::string name) {
    servers.erase(name);
    wiring.rooms->forget_key(name);
    if (stored_flags.erase(name) == 0) return;
    wiring.store->ask(
        [name = std::move(name)](soci::session& session) {
            store::delete_document(session, flag_documents, name);
        },
        [](const Expected<void, Error>&) {});
}

}  // namespace aula::hub
