// SPDX-License-Identifier: Apache-2.0
#include "cloud/formats.hpp"
#include "cloud/handlers.hpp"
#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

/// Each job is an event of its object.
json::object shown_event(const Job& job) {
    return {{"object_type", resource_of(job.kind).item},
            {"object_uuid", job.object},
            {"request_uuid", job.id},
            {"activity", job.activity},
            {"request_type", job.activity},
            {"request_status", name_of(job.state)},
            {"change", job.message},
            {"timestamp", time_text(job.created)},
            {"user_uuid", job.owner},
            {"initiator", job.owner}};
}

/// The newest first.
std::vector<json::object> events_of(const Inventory& inventory, std::string_view owner,
                                    std::string_view object) {
    std::vector<json::object> events;
    const auto& order = inventory.jobs_in_order();
    for (auto id = order.rbegin(); id != order.rend(); ++id) {
        const auto& job = *inventory.job(*id);
        if (job.owner == owner && (object.empty() || job.object == object))
            events.push_back(shown_event(job));
    }
    return events;
}

}  // namespace

Answer list_events(Datacenter& datacenter, const Call& call) {
    return shown_array(call, "events", events_of(datacenter.inventory(), call.owner, {}));
}

Answer list_object_events(Datacenter& datacenter, const Call& call) {
    const auto object = named(datacenter, call, call.kind);
    if (!object) return object.error();
    return shown_array(call, "events",
                       events_of(datacenter.inventory(), call.owner, (*object)->id));
}

Answer get_request(Datacenter& datacenter, const Call& call) {
    const auto* job = datacenter.inventory().job(call.ids.front());
    if (!job || job->owner != call.owner) return not_found(call.ids.front());
    return json_answer(200, json::object{{job->id,
                                          {{"status", name_of(job->state)},
                                           {"message", job->message},
                                           {"create_time", time_text(job->created)}}}});
}

}  // namespace aula::cloud
