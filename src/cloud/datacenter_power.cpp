// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include "base/log.hpp"
#include "cloud/datacenter.hpp"
#include "cloud/metering.hpp"

namespace aula::cloud {

void Datacenter::power_on(Object& server) {
    if (server.flag("power")) return;
    server.fields["power"] = true;
    server.changed = now();
    run_meter(server, now());
    const Occasion boot{"", "", server.id};
    const bool is_silent = strike(FaultKind::silent_boot, boot).has_value();
    if (is_silent || !configures_node(server.text("user_data"))) return;
    auto& guest = server.guest.emplace();
    guest.boot_at = now() + options_.boot.draw(throw_dice());
    if (const auto slow = strike(FaultKind::slow_boot, boot)) guest.boot_at += slow->delay;
    if (strike(FaultKind::failed_boot, boot)) {
        guest.fate = BootFate::fails;
    } else if (strike(FaultKind::frozen_boot, boot)) {
        guest.fate = BootFate::freezes;
    }
    plan_boot(server);
}

void Datacenter::plan_boot(const Object& server) {
    // Not at once even without a boot time: the power-on is written down first.
    at(server.guest->boot_at, server.id, [this, id = server.id] { boot(id); });
}

void Datacenter::boot(const std::string& id) {
    auto* server = inventory_.change(id);
    if (!server || !server->guest || server->guest->pid != 0) return;
    Expected<void, Error> prepared = fail(Error{ErrorCode::internal, "a fault was ordered"});
    if (server->guest->fate != BootFate::fails)
        prepared = machines_.prepare(*server, *server->guest);
    if (!prepared) {
        log::warning("guest did not boot", {{"server", id}, {"why", prepared.error().text}});
        set_off(id);
        return save();
    }
    const bool freezes = server->guest->fate == BootFate::freezes;
    if (const auto saved = commit(); !saved) {
        // What is not written down would be started again.
        log::error("cloud state not saved", {{"why", saved.error().text}});
        return machines_.signal(id, SIGKILL);
    }
    if (freezes) machines_.signal(id, SIGSTOP);
    machines_.begin(id);
}

bool Datacenter::power_off(const std::string& server) {
    if (machines_.is_on(server)) {
        machines_.signal(server, SIGKILL);
        return false;
    }
    set_off(server);
    return true;
}

/// A guest that is still booting does not hear the button; a server without a process obeys at
/// once.
void Datacenter::press_power_button(const Job& job, const std::string& server) {
    if (strike(FaultKind::ignored_shutdown, {"PATCH", "/shutdown", job.object})) return;
    if (machines_.is_on(server)) return machines_.signal(server, SIGTERM);
    if (!inventory_.find(server)->guest) set_off(server);
}

void Datacenter::set_off(const std::string& id) {
    auto* server = inventory_.change(id);
    if (!server || !server->flag("power")) return;
    server->fields["power"] = false;
    server->changed = now();
    server->guest.reset();
    server->meter.stop(now());
    if (const auto timer = timers_.find(id); timer != timers_.end()) {
        loop_.cancel(timer->second);
        timers_.erase(timer);
    }
}

void Datacenter::on_stopped(const std::string& server) {
    set_off(server);
    finish_waiting_jobs(server);
    save();
}

}  // namespace aula::cloud
