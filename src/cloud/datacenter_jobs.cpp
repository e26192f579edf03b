// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"
#include "cloud/datacenter.hpp"
#include "cloud/formats.hpp"
#include "cloud/metering.hpp"

namespace aula::cloud {

Answer Datacenter::accept(const Call& call, Change change) {
    Job job;
    job.id = make_uuid();
    job.owner = call.owner;
    job.kind = change.object->kind;
    job.object = change.object->id;
    job.activity = change.activity;
    job.created = now();
    job.due = job.created + options_.job_time;
    job.effects = std::move(change.effects);
    const Occasion occasion{call.method, call.path, job.object};
    if (const auto slow = strike(FaultKind::slow_job, occasion)) *job.due += slow->delay;
    if (const auto failed = strike(FaultKind::failed_job, occasion)) {
        *job.due += failed->delay;
        job.shall_fail = true;
    }
    if (strike(FaultKind::hung_job, occasion)) job.due.reset();
    const auto id = job.id;
    plan_job(inventory_.put_job(std::move(job)));
    change.body["request_uuid"] = id;
    return {change.status, change.status == 204 ? "" : json::serialize(change.body), id};
}

void Datacenter::plan_job(const Job& job) {
    if (!job.due) return;
    if (*job.due <= now()) return run_job(job.id);
    at(*job.due, job.id, [this, id = job.id] {
        run_job(id);
        save();
    });
}

void Datacenter::run_job(const std::string& id) {
    auto* job = inventory_.change_job(id);
    if (!job || job->state != Job::State::pending) return;
    if (job->shall_fail) return fail_job(*job, "The request could not be carried out");
    if (auto why = obstacle_to(*job); !why.empty()) return fail_job(*job, std::move(why));
    for (const auto& effect : job->effects) {
        if (!carry_out(*job, effect)) return;
    }
    job->state = Job::State::done;
    job->message = "Done";
    job->effects.clear();
}

/// What has changed since the job was accepted so that it cannot be done; empty: nothing.
std::string Datacenter::obstacle_to(const Job& job) const {
    for (const auto& effect : job.effects) {
        const auto* object = inventory_.find(effect.object);
        if (!object) return "Object " + effect.object + " not found";
        if (effect.what == Effect::What::remove && object->flag("power"))
            return "Object " + effect.object + " is on";
    }
    return {};
}

void Datacenter::fail_job(Job& job, std::string why) {
    job.state = Job::State::failed;
    job.message = std::move(why);
    // What was to be made never was.
    for (const auto& effect : job.effects) {
        const bool is_there = inventory_.find(effect.object) != nullptr;
        if (effect.what == Effect::What::activate && is_there) inventory_.forget(effect.object);
    }
    job.effects.clear();
}

bool Datacenter::carry_out(const Job& job, const Effect& effect) {
    switch (effect.what) {
        case Effect::What::activate: {
            auto* object = inventory_.change(effect.object);
            object->status = "active";
            run_meter(*object, now());
            return true;
        }
        case Effect::What::patch:
            patch(*inventory_.change(effect.object), effect.fields);
            return true;
        case Effect::What::remove:
            remove(*inventory_.find(effect.object));
            return true;
        case Effect::What::power_on:
            power_on(*inventory_.change(effect.object));
            return true;
        case Effect::What::power_off:
            return power_off(effect.object);
        case Effect::What::shut_down:
            press_power_button(job, effect.object);
            return true;
        case Effect::What::touch:
            return true;
    }
    return true;
}

void Datacenter::remove(const Object& object) {
    if (object.kind == Kind::server) machines_.clear_away(object.id);
    // Links have no history.
    if (object.kind == Kind::link) return inventory_.forget(std::string(object.id));
    inventory_.remove(object.id, now());
}

void Datacenter::patch(Object& object, const json::object& fields) {
    for (const auto& [name, value] : fields) object.fields[name] = value;
    object.changed = now();
    run_meter(object, now());
}

/// The jobs that waited for this server's guest to be gone.
void Datacenter::finish_waiting_jobs(const std::string& server) {
    const auto jobs = inventory_.jobs_in_order();
    for (const auto& id : jobs) {
        const auto* job = inventory_.job(id);
        const bool waits = job && job->state == Job::State::pending && job->object == server &&
                           job->activity == "power off" && job->due && *job->due <= now();
        if (waits) run_job(id);
    }
}

}  // namespace aula::cloud
