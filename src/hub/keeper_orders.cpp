// SPDX-License-Identifier: Apache-2.0
// What an operator orders.
#include <algorithm>
#include <utility>

#include "hub/keeper_state.hpp"

namespace aula::hub {

namespace {

Error refused(std::string why) { return {ErrorCode::refused, std::move(why)}; }
Error not_keeping() { return refused("this hub does not keep the fleet"); }
Error unknown(const std::string& name) {
    return {ErrorCode::not_found, "there is no server " + name};
}

}  // namespace

void Keeper::start_node(const std::string& name, const std::string& who, Done done) {
    auto& self = *state_;
    KeptServer* server = name.empty() ? nullptr : self.find(name);
    if (!name.empty() && server == nullptr) return done(fail(unknown(name)));
    const fleet::Reason reason{.why = fleet::Why::least_nodes, .lessons = 1};
    if (!self.keeps) return done(fail(not_keeping()));
    if (self.starts.size() >= self.policy.most_starts)
        return done(fail(refused("the policy allows no more starts in these ten minutes")));
    const auto is_free = [&](const KeptServer& one) {
        return one.last_state == fleet::ServerState::off && one.doing == Doing::nothing &&
               !one.is_foreign;
    };
    if (name.empty()) {
        for (auto& [other, one] : self.servers)
            if (server == nullptr && is_free(one)) server = &one;
        if (server == nullptr) {
            if (self.servers.size() >= self.policy.most_nodes)
                return done(fail(refused("the policy allows no more nodes")));
            return self.make(
                {.reason = reason, .who = who, .words = {}, .written = std::move(done)});
        }
    }
    if (!is_free(*server)) return done(fail(refused("it is not off")));
    // Else the plan would stop it again at once.
    server->is_held = true;
    self.save_flags(*server);
    self.start(*server, {.reason = reason, .who = who, .words = {}, .written = std::move(done)});
}

void Keeper::drain_node(const std::string& name, const std::string& who, Done done) {
    KeptServer* server = state_->find(name);
    if (server == nullptr) return done(fail(unknown(name)));
    if (!state_->keeps) return done(fail(not_keeping()));
    if (!server->is_up) return done(fail(refused("its node is not there")));
    server->is_withdrawn = true;
    server->is_held = false;
    state_->save_flags(*server);
    state_->update_closed(*server);
    const auto row =
        state_->log.begin("drain", name, who, std::nullopt, "takes no new rooms", std::move(done));
    state_->log.finish(row, "done");
    state_->look_soon();
}

void Keeper::undrain_node(const std::string& name, const std::string& who, Done done) {
    KeptServer* server = state_->find(name);
    if (server == nullptr) return done(fail(unknown(name)));
    if (!state_->keeps) return done(fail(not_keeping()));
    if (server->doing != Doing::nothing) return done(fail(refused("it is being stopped")));
    server->is_withdrawn = false;
    server->is_draining = false;
    server->stop_for.clear();
    state_->save_flags(*server);
    state_->update_closed(*server);
    const auto row =
        state_->log.begin("undrain", name, who, std::nullopt, "takes rooms again", std::move(done));
    state_->log.finish(row, "done");
    state_->look_soon();
}

void Keeper::stop_node(const std::string& name, const std::string& who, Done done) {
    KeptServer* server = state_->find(name);
    if (server == nullptr) return done(fail(unknown(name)));
    if (server->is_foreign) return done(fail(refused("it is no server of this cloud")));
    // Its node may be there before the cloud has said that the start is done.
    if (server->doing != Doing::nothing && !server->is_up)
        return done(fail(refused("something is being done to it")));
    if (state_of(*server, state_->wiring.clock.now()) == fleet::ServerState::stopping)
        return done(fail(refused("it is being stopped")));
    if (!server->power && !server->is_up) return done(fail(refused("it is off")));
    if (!state_->keeps) return done(fail(not_keeping()));
    if (!server->is_up) {
        return state_->begin(*server,
                             {.doing = Doing::power_off,
                              .reason = {.why = fleet::Why::silent},
                              .who = who,
                              .words = {},
                              .written = std::move(done)},
                             &State::power_off);
    }
    server->is_withdrawn = true;
    server->is_held = false;
    server->stop_for = who.empty() ? "operator" : who;
    state_->save_flags(*server);
    state_->update_closed(*server);
    const auto row = state_->log.begin("drain", name, who, std::nullopt,
                                       "stops when its last room has closed", std::move(done));
    state_->log.finish(row, "done");
    state_->look_soon();
}

void Keeper::hold_node(const std::string& name, bool held, const std::string& who, Done done) {
    KeptServer* server = state_->find(name);
    if (server == nullptr) return done(fail(unknown(name)));
    if (!state_->keeps) return done(fail(not_keeping()));
    server->is_held = held;
    state_->save_flags(*server);
    const auto row =
        state_->log.begin("hold", name, who, std::nullopt,
                          held ? "is kept on" : "is no longer kept on", std::move(done));
    state_->log.finish(row, "done");
    state_->look_soon();
}

void Keeper::remove_node(const std::string& name, const std::string& who, const std::string& why,
                         Done done) {
    KeptServer* server = state_->find(name);
    if (server == nullptr) return done(fail(unknown(name)));
    if (server->is_foreign) return done(fail(refused("it is no server of this cloud")));
    if (!state_->keeps) return done(fail(not_keeping()));
    if (server->doing != Doing::nothing)
        return done(fail(refused("something is being done to it")));
    if (!state_->wiring.rooms->rooms_for_fleet(name).empty())
        return done(fail(refused("there are rooms on it")));
    if (server->power || server->is_up) return done(fail(refused("it is on; stop it first")));
    state_->begin(*server,
                  {.doing = Doing::remove,
                   .reason = {},
                   .who = who,
                   .words = why.empty() ? "removed by hand" : why,
                   .written = std::move(done)},
                  &State::remove);
}

}  // namespace aula::hub
