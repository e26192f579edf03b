// SPDX-License-Identifier: Apache-2.0
#include "cloud/handlers.hpp"
#include "cloud/presets.hpp"
#include "cloud/resource.hpp"
#include "cloud/snapshots.hpp"

namespace aula::cloud {
namespace {

std::vector<json::object> all_shown(const Datacenter& datacenter,
                                    const std::vector<const Object*>& objects) {
    std::vector<json::object> out;
    out.reserve(objects.size());
    for (const auto* object : objects) out.push_back(shown(datacenter, *object));
    return out;
}

}  // namespace

Answer list_objects(Datacenter& datacenter, const Call& call) {
    const auto objects = datacenter.inventory().all(call.kind, call.owner);
    return shown_list(call, resource_of(call.kind).collection, all_shown(datacenter, objects));
}

Answer list_in_location(Datacenter& datacenter, const Call& call) {
    if (call.ids.front() != location_id) return not_found(call.ids.front());
    return list_objects(datacenter, call);
}

Answer list_deleted(Datacenter& datacenter, const Call& call) {
    const auto objects = datacenter.inventory().deleted(call.kind, call.owner);
    return shown_list(call, "deleted_" + std::string(resource_of(call.kind).collection),
                      all_shown(datacenter, objects));
}

Answer get_object(Datacenter& datacenter, const Call& call) {
    const auto object = named(datacenter, call, call.kind);
    if (!object) return object.error();
    const auto item = resource_of(call.kind).item;
    return json_answer(200,
                       json::object{{{item.data(), item.size()}, shown(datacenter, **object)}});
}

Answer change_object(Datacenter& datacenter, const Call& call) {
    const auto found = named(datacenter, call, call.kind);
    if (!found) return found.error();
    const auto& object = **found;
    if (object.owner.empty()) return error_answer(403, "This object is everybody's");
    if (object.status != "active")
        return error_answer(424, "Object " + object.id + " is " + object.status);
    const auto body = body_of(call);
    if (!body) return body.error();
    const auto resource = resource_of(call.kind);
    auto changes = read_changes(resource.fields, *body);
    if (!changes) return error_answer(400, changes.error());
    if (resource.may_change) {
        if (auto refusal = resource.may_change(datacenter, object, *changes)) return *refusal;
    }
    return datacenter.accept(
        call, {204, &object, "update", {{Effect::What::patch, object.id, std::move(*changes)}}});
}

Answer delete_object(Datacenter& datacenter, const Call& call) {
    const auto found = named(datacenter, call, call.kind);
    if (!found) return found.error();
    const auto& object = **found;
    if (object.owner.empty()) return error_answer(403, "This object is everybody's");
    if (const auto may_remove = resource_of(call.kind).may_remove) {
        if (auto refusal = may_remove(datacenter, object)) return *refusal;
    }
    std::vector<Effect> effects;
    for (const auto* link : datacenter.inventory().links(object.id))
        effects.push_back({Effect::What::remove, link->id});
    if (call.kind == Kind::storage) {
        for (const auto* hanging : hanging_on(datacenter, object))
            effects.push_back({Effect::What::remove, hanging->id});
    }
    effects.push_back({Effect::What::remove, object.id});
    return datacenter.accept(call, {204, &object, "delete", std::move(effects)});
}

}  // namespace aula::cloud
