// SPDX-License-Identifier: Apache-2.0
// What is done to servers: logged, booked, ordered, followed to its end.
#include <algorithm>
#include <string_view>
#include <utility>

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "crypto/random.hpp"
#include "hub/keeper_state.hpp"

namespace aula::hub {

namespace {

using gridscale::Urgency;

// After an order that failed the server is left alone, longer each time.
constexpr Duration first_rest = 15s;
constexpr unsigned most_doublings = 5;

Duration rest_after(unsigned failures) {
    return first_rest * (1 << std::min(failures - 1, most_doublings));
}

std::string new_op() { return "aula-op:" + crypto::random_text(24); }

}  // namespace

void Keeper::State::perform(const fleet::Action& action, const std::string& who) {
    using Kind = fleet::Action::Kind;
    Order order{Doing::make, action.reason, who, {}, {}};
    if (action.kind == Kind::make) return make(std::move(order));
    KeptServer* server = find(action.server);
    if (server == nullptr || server->is_foreign || server->doing != Doing::nothing) return;
    const auto note = [&] {
        const auto row = log.begin(action_name(action.kind), server->name, who, action.reason, {},
                                   [](const Expected<void, Error>&) {});
        log.finish(row, "done");
    };
    switch (action.kind) {
        case Kind::drain:
        case Kind::undrain:
            note();
            return set_draining(*server, action.kind == Kind::drain);
        case Kind::give_up:
            note();
            server->is_broken = true;
            return save_flags(*server);
        case Kind::start:
            return start(*server, std::move(order));
        case Kind::stop:
            // From here on no room is put on it; one that came meanwhile keeps it.
            if (!wiring.rooms->rooms_for_fleet(server->name).empty()) return;
            order.doing = Doing::stop;
            return begin(*server, std::move(order), &State::stop);
        case Kind::power_off:
            if (action.reason.why == fleet::Why::boot_failed) strike(*server);
            order.doing = Doing::power_off;
            return begin(*server, std::move(order), &State::power_off);
        case Kind::remove:
            order.doing = Doing::remove;
            return begin(*server, std::move(order), &State::remove);
        case Kind::make:
            return;
    }
}

/// Marks what is being done, writes it down, and only then does it.
void Keeper::State::begin(KeptServer& server, Order order,
                          void (State::*next)(KeptServer&, const fleet::Reason&)) {
    server.doing = order.doing;
    server.touched = wiring.loop->now();
    update_closed(server);
    std::optional<fleet::Reason> reason;
    if (order.words.empty()) reason = order.reason;
    server.log_row = log.begin(
        doing_name(order.doing), server.name, order.who, reason, std::move(order.words),
        with(server.name, [why = order.reason, done = std::move(order.written), next](
                              State& self, KeptServer& kept, const Expected<void, Error>& written) {
            if (done) done(written);
            if (!written) return self.finish(kept.name, written.error().text);
            (self.*next)(kept, why);
        }));
}

void Keeper::State::start(KeptServer& server, Order order) {
    order.doing = Doing::start;
    starts.push_back(wiring.clock.now());
    server.powered_on = starts.back();
    server.said_hello = false;
    begin(server, std::move(order), &State::tell_and_power_on);
}

/// What was being done is over; hindered: empty when it is done.
void Keeper::State::finish(const std::string& name, const std::string& hindered) {
    KeptServer* server = find(name);
    if (server == nullptr) return;
    const auto doing = std::exchange(server->doing, Doing::nothing);
    server->touched = wiring.loop->now();
    log.finish(server->log_row, hindered.empty() ? "done" : hindered);
    if (hindered.empty()) {
        server->failures = 0;
    } else {
        log::warning("an order to the cloud failed",
                     {{"action", doing_name(doing)}, {"server", name}, {"why", hindered}});
        ++server->failures;
        server->rests_until = wiring.clock.now() + rest_after(server->failures);
    }
    update_closed(*server);
    // Never made; should it be there all the same, it is found in the list as one of ours that is
    // off.
    if (!hindered.empty() && server->id.empty() && !server->is_up) forget(name);
    look_soon();
}

void Keeper::State::make(Order order) {
    const WallTime now = wiring.clock.now();
    if (now < make_rests_until) {
        if (order.written)
            order.written(fail(Error{ErrorCode::refused, "the cloud did not make the last one"}));
        return;
    }
    const auto name = "node-" + crypto::random_text(8);
    KeptServer& server = add(name);
    server.is_standby = order.reason.why == fleet::Why::pool_too_small;
    server.is_first_boot = true;
    server.powered_on = now;
    starts.push_back(now);
    order.doing = Doing::make;
    begin(server, std::move(order), &State::order_server);
}

void Keeper::State::order_server(KeptServer& server, const fleet::Reason& reason) {
    const auto user_data = wiring.user_data(server.name);
    if (!user_data) return on_made(server.name, reason, fail(user_data.error()));
    const auto& pool = wiring.pool;
    gridscale::ServerOrder order;
    order.name = server.name;
    order.cores = pool.cores;
    order.memory_gb = pool.memory_gb;
    order.labels = {"aula-pool:" + pool.name,
                    server.is_standby ? "aula-kind:standby" : "aula-kind:spare"};
    order.op = new_op();
    order.user_data = base64(bytes_of(*user_data));
    order.template_id = pool.template_id;
    order.storage_gb = pool.storage_gb;
    order.public_network = pool.public_network;
    order.ipv6 = pool.ipv6;
    wiring.cloud->order_server(
        std::move(order),
        with(server.name,
             [reason](State& self, KeptServer& kept, const Expected<std::string, Error>& id) {
                 self.on_made(kept.name, reason, id);
             }),
        Urgency::start);
}

void Keeper::State::on_made(const std::string& name, const fleet::Reason& reason,
                            const Expected<std::string, Error>& id) {
    KeptServer& server = *find(name);
    if (!id) {
        ++make_failures;
        make_rests_until = wiring.clock.now() + rest_after(make_failures);
        return finish(name, id.error().text);
    }
    make_failures = 0;
    server.id = *id;
    server.touched = wiring.loop->now();
    power_on(server, reason);
}

/// A server reads its user data when it boots; one that was made for another hub's address would
/// dial in vain.
void Keeper::State::tell_and_power_on(KeptServer& server, const fleet::Reason& reason) {
    const auto bytes = from_base64(server.seen.user_data);
    const bool is_current =
        !wiring.is_current || (bytes && wiring.is_current(std::string(text_of(*bytes))));
    if (is_current) return power_on(server, reason);
    const auto user_data = wiring.user_data(server.name);
    if (!user_data) return finish(server.name, user_data.error().text);
    const auto text = base64(bytes_of(*user_data));
    wiring.cloud->servers.change(
        server.id, {.user_data = text},
        with(server.name,
             [reason, text](State& self, KeptServer& kept, const Expected<void, Error>& told) {
                 if (!told) return self.finish(kept.name, told.error().text);
                 kept.seen.user_data = text;
                 self.power_on(kept, reason);
             }),
        Urgency::start);
}

void Keeper::State::power_on(KeptServer& server, const fleet::Reason& reason) {
    const auto order =
        with(server.name, [](State& self, KeptServer& kept, const Expected<void, Error>& booked) {
            if (!booked) return self.finish(kept.name, booked.error().text);
            kept.is_measured = true;
            self.wiring.cloud->servers.set_power(
                kept.id, true,
                self.with(kept.name,
                          [](State& inner, KeptServer& started, const Expected<void, Error>& on) {
                              inner.on_powered_on(started.name, on);
                          }),
                Urgency::start);
        });
    if (!wiring.ledger) return order(Expected<void, Error>{});
    wiring.ledger->power_on_ordered(machine(server), reason, order);
}

void Keeper::State::on_powered_on(const std::string& name, const Expected<void, Error>& on) {
    KeptServer& server = *find(name);
    if (on) {
        server.power = true;
        if (wiring.ledger && server.is_up) wiring.ledger->ready(server.id);
        // The list that follows says since when.
        return finish(name, {});
    }
    // Refused, or only the answer lost? What it is now decides.
    wiring.cloud->servers.get(server.id,
                              with(name, [why = on.error().text, asked = wiring.clock.now()](
                                             State& self, KeptServer& kept,
                                             const Expected<gridscale::Server, Error>& seen) {
                                  kept.power = seen && seen->power;
                                  if (seen) kept.seen = *seen;
                                  if (seen) self.book(kept, asked);
                                  kept.is_measured = kept.is_measured && kept.power;
                                  self.finish(kept.name, kept.power ? std::string{} : why);
                              }));
}

void Keeper::State::stop(KeptServer& server, const fleet::Reason& reason) {
    const auto order =
        with(server.name, [](State& self, KeptServer& kept, const Expected<void, Error>& booked) {
            if (!booked) return self.finish(kept.name, booked.error().text);
            const Time deadline =
                self.wiring.loop->now() +
                std::max<Duration>(self.wiring.clock.real(self.wiring.shutdown_grace), 2s);
            self.wiring.cloud->servers.shut_down(
                kept.id, self.with(kept.name, [deadline](State& inner, KeptServer& told,
                                                         const Expected<void, Error>&) {
                    // Not told, or it does not listen: its power ends at the deadline.
                    inner.watch_off(told.name, deadline, inner.first_pause());
                }));
        });
    if (!wiring.ledger) return order(Expected<void, Error>{});
    wiring.ledger->power_off_ordered(server.id, reason, order);
}

Duration Keeper::State::first_pause() const {
    return wiring.cloud->connection().options().poll * 2;
}

/// Looks become rarer: a guest that does not listen costs few calls.
void Keeper::State::watch_off(const std::string& name, Time deadline, Duration pause) {
    if (wiring.loop->now() >= deadline) return cut_power(name);
    const auto look_at = [deadline, pause](State& self, KeptServer& server,
                                           const Expected<gridscale::Server, Error>& seen) {
        const bool is_off = seen ? !seen->power : seen.error().code == ErrorCode::not_found;
        if (seen) server.seen = *seen;
        if (seen) self.book(server, {});
        if (!is_off) return self.watch_off(server.name, deadline, pause * 5 / 4);
        self.on_off(server.name);
        self.finish(server.name, {});
    };
    wiring.loop->after(pause, with(name, [look_at](State& self, KeptServer& server) {
                           self.wiring.cloud->servers.get(server.id,
                                                          self.with(server.name, look_at));
                       }));
}

void Keeper::State::power_off(KeptServer& server, const fleet::Reason& reason) {
    const auto order =
        with(server.name, [](State& self, KeptServer& kept, const Expected<void, Error>& booked) {
            if (!booked) return self.finish(kept.name, booked.error().text);
            self.cut_power(kept.name);
        });
    if (!wiring.ledger) return order(Expected<void, Error>{});
    wiring.ledger->power_off_ordered(server.id, reason, order);
}

void Keeper::State::cut_power(const std::string& name) {
    KeptServer& server = *find(name);
    wiring.cloud->servers.set_power(
        server.id, false,
        with(name, [](State& self, KeptServer& kept, const Expected<void, Error>& off) {
            if (off) self.on_off(kept.name);
            self.finish(kept.name, off ? std::string{} : off.error().text);
        }));
}

void Keeper::State::strike(KeptServer& server) {
    ++server.strikes;
    ++boots_failed;
    save_flags(server);
}

/// Its power is gone, for whatever reason.
void Keeper::State::on_off(const std::string& name) {
    KeptServer& server = *find(name);
    if (wiring.ledger) wiring.ledger->seen_off(server.id);
    server.power = false;
    server.said_hello = false;
    server.is_measured = false;
    server.is_first_boot = false;
    server.is_draining = false;
    server.is_withdrawn = false;
    server.is_held = false;
    server.stop_for.clear();
    save_flags(server);
}

void Keeper::State::remove(KeptServer& server, const fleet::Reason&) {
    wiring.cloud->remove_server(
        server.seen,
        with(server.name, [](State& self, KeptServer& kept, const Expected<void, Error>& gone) {
            if (gone && self.wiring.ledger) {
                for (const auto& id : kept.seen.storages) self.wiring.ledger->released(id);
                for (const auto& id : kept.seen.addresses) self.wiring.ledger->released(id);
            }
            const auto name = kept.name;
            self.finish(name, gone ? std::string{} : gone.error().text);
            if (gone) self.forget(name);
        }));
}

void Keeper::State::set_draining(KeptServer& server, bool draining) {
    server.is_draining = draining;
    save_flags(server);
    update_closed(server);
}

/// Rooms are to know at once whether this node may get any.
void Keeper::State::update_closed(const KeptServer& server) {
    const bool is_ending = server.doing == Doing::stop || server.doing == Doing::power_off ||
                           server.doing == Doing::remove;
    wiring.rooms->set_closed(server.name, is_ending || server.is_draining || server.is_withdrawn);
}

}  // namespace aula::hub
