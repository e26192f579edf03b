// SPDX-License-Identifier: Apache-2.0
#include "cloud/resource.hpp"

#include "cloud/formats.hpp"
#include "cloud/listing.hpp"
#include "cloud/metering.hpp"
#include "cloud/presets.hpp"

namespace aula::cloud {
namespace {

Answer paged(const Call& call, std::string_view collection, std::vector<json::object> objects,
             bool is_map) {
    const auto listing = Listing::parse(call.query);
    if (!listing) return error_answer(400, listing.error());
    auto page = listing->apply(std::move(objects), call.path);
    json::object map;
    json::array list;
    for (std::size_t i = 0; i < page.objects.size(); ++i) {
        if (is_map) {
            map[page.ids[i]] = std::move(page.objects[i]);
        } else {
            list.push_back(std::move(page.objects[i]));
        }
    }
    json::object body;
    const json::string_view name{collection.data(), collection.size()};
    if (is_map) {
        body[name] = std::move(map);
    } else {
        body[name] = std::move(list);
    }
    if (page.meta) body["_meta"] = std::move(*page.meta);
    if (page.links) body["_links"] = std::move(*page.links);
    return json_answer(200, body);
}

void show_usage(const Datacenter& datacenter, const Object& object, json::object& into) {
    const Window window{object.created, datacenter.now()};
    if (object.kind == Kind::server) {
        into["usage_in_minutes_cores"] = object.meter.amount_minutes(0, window);
        into["usage_in_minutes_memory"] = object.meter.amount_minutes(1, window);
    } else {
        into["usage_in_minutes"] = object.meter.minutes(window);
    }
    into["current_usage_per_minute"] = usage_per_minute(object);
    into["accumulated_usage"] = usage_in(object, window);
}

}  // namespace

Resource resource_of(Kind kind) {
    switch (kind) {
        case Kind::server:
            return server_resource();
        case Kind::storage:
            return storage_resource();
        case Kind::snapshot:
            return snapshot_resource();
        case Kind::snapshot_schedule:
            return snapshot_schedule_resource();
        case Kind::backup_schedule:
            return backup_schedule_resource();
        case Kind::os_template:
            return template_resource();
        case Kind::network:
            return network_resource();
        case Kind::ip:
            return ip_resource();
        case Kind::firewall:
            return firewall_resource();
        case Kind::sshkey:
            return sshkey_resource();
        case Kind::isoimage:
            return isoimage_resource();
        case Kind::link:
            break;
    }
    return {kind, "links", "link", {}};
}

json::object shown(const Datacenter& datacenter, const Object& object) {
    json::object out = object.fields;
    out["object_uuid"] = object.id;
    out["status"] = object.deleted ? "deleted" : object.status;
    out["create_time"] = time_text(object.created);
    out["change_time"] = time_text(object.changed);
    if (object.deleted) out["delete_time"] = time_text(*object.deleted);
    show_location(out);
    out["current_price"] = 0;
    if (!products_of(object).empty()) show_usage(datacenter, object, out);
    if (const auto show = resource_of(object.kind).show) show(datacenter, object, out);
    return out;
}

Expected<json::object, Answer> body_of(const Call& call) {
    auto body = read_object(call.body);
    if (!body) return fail(error_answer(400, "The body is not a JSON object"));
    return std::move(*body);
}

Expected<json::object, Answer> new_fields(const Call& call, const Resource& resource) {
    const auto body = body_of(call);
    if (!body) return fail(body.error());
    auto fields = read_new(resource.fields, *body);
    if (!fields) return fail(error_answer(400, fields.error()));
    return std::move(*fields);
}

Expected<const Object*, Answer> named(const Datacenter& datacenter, const Call& call, Kind kind) {
    const auto* object = datacenter.inventory().find(call.ids.front(), kind, call.owner);
    if (!object) return fail(not_found(call.ids.front()));
    return object;
}

Answer created(Datacenter& datacenter, const Call& call, const Object& object, json::object more,
               std::vector<Effect> effects) {
    effects.insert(effects.begin(), Effect{Effect::What::activate, object.id});
    more["object_uuid"] = object.id;
    return datacenter.accept(call, {202, &object, "create", std::move(effects), std::move(more)});
}

Answer shown_list(const Call& call, std::string_view collection,
                  std::vector<json::object> objects) {
    return paged(call, collection, std::move(objects), true);
}

Answer shown_array(const Call& call, std::string_view collection,
                   std::vector<json::object> objects) {
    return paged(call, collection, std::move(objects), false);
}

}  // namespace aula::cloud
