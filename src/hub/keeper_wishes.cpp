// SPDX-License-Identifier: Apache-2.0
// What operators wish for the whole fleet. They may ask any of several hubs; the one that keeps
// reads it from the store.
#include <utility>

#include "base/log.hpp"
#include "hub/keeper_policy.hpp"
#include "hub/keeper_state.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {

/// At each tick.
void Keeper::State::read_wishes() {
    if (!is_loaded) return;
    wiring.store->ask(
        [](soci::session& session) { return store::load_documents(session, fleet_documents); },
        [weak = weak_from_this(), said = wishes_said](const Expected<Documents, Error>& stored) {
            const auto self = weak.lock();
            // What was said here meanwhile is newer than what was read.
            if (!self || !stored || self->wishes_said != said) return;
            if (self->take_wishes(*stored)) self->look_soon();
        });
}

/// Whether anything is different now.
bool Keeper::State::take_wishes(const Documents& stored) {
    std::string holder, wished;
    for (const auto& [key, json] : stored) {
        if (key == "held_by") holder = json;
        if (key == "policy") wished = json;
    }
    const bool is_changed = holder != held_by || wished != stored_policy;
    held_by = holder;
    scaling_held = !held_by.empty();
    if (std::exchange(stored_policy, wished) == wished) return is_changed;
    if (wished.empty()) {
        policy = wiring.policy;
    } else if (const auto read = read_policy(wished, policy)) {
        policy = *read;
    } else {
        log::warning("the stored policy is not used", {{"why", read.error().text}});
    }
    return is_changed;
}

/// Done: it is stored. What is not, the next tick takes back.
void Keeper::State::save_wish(const std::string& key, const std::string& json, Done done) {
    ++wishes_said;
    look_soon();
    wiring.store->ask(
        [key, json](soci::session& session) {
            store::save_document(session, fleet_documents, key, json);
        },
        std::move(done));
}

void Keeper::hold_scaling(bool held, const std::string& who, Done done) {
    auto& self = *state_;
    self.scaling_held = held;
    self.held_by = held ? (who.empty() ? "operator" : who) : std::string{};
    self.save_wish("held_by", self.held_by, std::move(done));
    const auto row =
        self.log.begin("hold", {}, who, std::nullopt,
                       held ? "the fleet is held as it is" : "the fleet breathes again",
                       [](const Expected<void, Error>&) {});
    self.log.finish(row, "done");
}

void Keeper::set_policy(const fleet::Policy& policy, const std::string& who, Done done) {
    auto& self = *state_;
    const auto words = policy_changes(self.policy, policy);
    self.policy = policy;
    self.stored_policy = write_policy(policy);
    self.save_wish("policy", self.stored_policy, std::move(done));
    const auto row =
        self.log.begin("policy", {}, who, std::nullopt, words, [](const Expected<void, Error>&) {});
    self.log.finish(row, "done");
}

}  // namespace aula::hub
