// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cloud/formats.hpp"
#include "cloud/handlers.hpp"
#include "cloud/presets.hpp"
#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

constexpr std::array labelled_kinds = {
    Kind::server,          Kind::storage,     Kind::snapshot, Kind::snapshot_schedule,
    Kind::backup_schedule, Kind::os_template, Kind::network,  Kind::ip,
    Kind::firewall,        Kind::sshkey,      Kind::isoimage};

/// Labels come into being by use: {label: {label, relations ...}}.
std::map<std::string, json::object> labels_of(const Datacenter& datacenter,
                                              std::string_view owner) {
    std::map<std::string, json::object> labels;
    const auto add = [&](const Object& object, const std::string& label) {
        auto& entry = labels[label];
        if (entry.empty()) {
            entry = {{"label", label},
                     {"object_uuid", label},
                     {"status", "active"},
                     {"create_time", time_text(object.created)},
                     {"change_time", time_text(object.changed)},
                     {"relations", json::array{}}};
        }
        entry["relations"].as_array().push_back(
            {{"object_uuid", object.id}, {"object_type", resource_of(object.kind).item}});
    };
    for (const auto kind : labelled_kinds) {
        for (const auto* object : datacenter.inventory().all(kind, owner)) {
            const auto* list = object->fields.if_contains("labels");
            if (!list || !list->is_array()) continue;
            for (const auto& label : list->get_array()) {
                if (label.is_string()) add(*object, std::string(label.get_string()));
            }
        }
    }
    return labels;
}

/// Of a path with or without a slash at its end: after it a list is named.
std::string_view last_part(std::string_view path) {
    path = path.substr(0, path.find_last_not_of('/') + 1);
    return path.substr(path.rfind('/') + 1);
}

}  // namespace

Answer list_labels(Datacenter& datacenter, const Call& call) {
    std::vector<json::object> labels;
    for (auto& [name, label] : labels_of(datacenter, call.owner))
        labels.push_back(std::move(label));
    return shown_list(call, "labels", std::move(labels));
}

Answer get_label(Datacenter& datacenter, const Call& call) {
    const auto labels = labels_of(datacenter, call.owner);
    const auto at = labels.find(call.ids.front());
    if (at == labels.end()) return not_found(call.ids.front());
    return json_answer(200, json::object{{"label", at->second}});
}

Answer list_locations(Datacenter&, const Call& call) {
    return shown_list(call, "locations", {location()});
}

Answer get_location(Datacenter&, const Call& call) {
    if (call.ids.front() != location_id) return not_found(call.ids.front());
    return json_answer(200, json::object{{"location", location()}});
}

/// Backups would be kept where their storages are.
Answer list_backup_locations(Datacenter&, const Call& call) {
    return shown_list(call, "backup_locations",
                      {{{"object_uuid", location_id}, {"name", location_name}}});
}

/// Who comes this far has a valid token.
Answer validate_token(Datacenter&, const Call&) {
    return json_answer(200, json::object{{"valid", true}});
}

/// Products that this cloud does not have: the list is named as the path's last part.
Answer list_nothing(Datacenter&, const Call& call) {
    auto name = std::string(last_part(call.path));
    if (call.path.find("/deleted/") != std::string_view::npos) name.insert(0, "deleted_");
    if (call.path.find("/paas/") != std::string_view::npos) name.insert(0, "paas_");
    return shown_list(call, name, {});
}

Answer list_nothing_as_array(Datacenter&, const Call& call) {
    return shown_array(call, last_part(call.path), {});
}

Answer no_such_product(Datacenter&, const Call& call) { return not_found(call.ids.front()); }

Answer refuse_product(Datacenter&, const Call&) {
    return error_answer(403, "This cloud does not offer that product");
}

}  // namespace aula::cloud
