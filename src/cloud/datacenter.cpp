// SPDX-License-Identifier: Apache-2.0
#include "cloud/datacenter.hpp"

#include <csignal>

#include "base/log.hpp"
#include "cloud/formats.hpp"
#include "cloud/presets.hpp"
#include "crypto/random.hpp"

namespace aula::cloud {

double throw_dice() { return static_cast<double>(crypto::random64() >> 11) * 0x1.0p-53; }

Expected<std::unique_ptr<Datacenter>, Error> Datacenter::open(net::Loop& loop,
                                                              DatacenterOptions options) {
    auto inventory = Inventory::open(options.data_dir / "cloud.journal");
    if (!inventory) return fail(inventory.error());
    std::unique_ptr<Datacenter> datacenter(
        new Datacenter(loop, std::move(options), std::move(*inventory)));
    datacenter->add_presets();
    datacenter->resume();
    if (const auto saved = datacenter->commit(); !saved) return fail(saved.error());
    return datacenter;
}

Datacenter::Datacenter(net::Loop& loop, DatacenterOptions options, Inventory inventory)
    : loop_(loop),
      options_(std::move(options)),
      inventory_(std::move(inventory)),
      machines_(loop, options_.program, options_.data_dir / "servers",
                [this](const std::string& server) { on_stopped(server); }) {}

Datacenter::~Datacenter() { stop(); }

void Datacenter::stop() {
    for (const auto& [name, timer] : timers_) loop_.cancel(timer);
    timers_.clear();
}

WallTime Datacenter::now() const {
    return std::chrono::floor<std::chrono::milliseconds>(options_.clock.now());
}

void Datacenter::add_presets() {
    for (auto& object : preset_objects(now())) {
        if (!inventory_.find(object.id)) inventory_.put(std::move(object));
    }
}

/// Takes up what was under way when the cloud ended.
void Datacenter::resume() {
    std::vector<std::string> gone;
    for (const auto* server : inventory_.all(Kind::server)) {
        if (!server->guest) continue;
        if (server->guest->pid == 0) {
            plan_boot(*server);
        } else if (!machines_.find_again(server->id, *server->guest)) {
            gone.push_back(server->id);
        }
    }
    for (const auto& server : gone) set_off(server);
    const auto jobs = inventory_.jobs_in_order();
    for (const auto& id : jobs) {
        const auto* job = inventory_.job(id);
        if (job && job->state == Job::State::pending) plan_job(*job);
    }
}

std::optional<Fault> Datacenter::strike(FaultKind kind, const Occasion& occasion) {
    return faults_.strike(kind, occasion, now(), throw_dice());
}

Object& Datacenter::add(Kind kind, std::string_view owner, json::object fields) {
    Object object;
    object.id = make_uuid();
    object.owner = owner;
    object.kind = kind;
    object.status = "in-provisioning";
    object.created = object.changed = now();
    object.fields = std::move(fields);
    return inventory_.put(std::move(object));
}

Expected<void, Error> Datacenter::commit() { return inventory_.commit(); }

void Datacenter::save() {
    if (const auto saved = commit(); !saved)
        log::error("cloud state not saved", {{"why", saved.error().text}});
}

void Datacenter::at(WallTime when, const std::string& name, std::function<void()> task) {
    loop_.cancel(timers_[name]);
    const auto left = std::max(when - now(), WallClock::duration(0));
    timers_[name] = loop_.after(options_.clock.real(left), [this, name, task = std::move(task)] {
        timers_.erase(name);
        task();
    });
}

}  // namespace aula::cloud
