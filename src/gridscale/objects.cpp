// SPDX-License-Identifier: Apache-2.0
#include "gridscale/objects.hpp"

#include <algorithm>

#include "gridscale/reading.hpp"

namespace aula::gridscale {
namespace {

std::string id_of(const json::object& object) {
    return std::string(object.at("object_uuid").as_string());
}

Storage read_storage(const json::object& object) {
    return {id_of(object),
            optional_string(object, "name"),
            optional_string(object, "status"),
            optional_number(object, "capacity"),
            optional_number(object, "usage_in_minutes"),
            optional_strings(object, "labels"),
            relation_ids(object, "servers"),
            optional_time(object, "create_time")};
}

Snapshot read_snapshot(const json::object& object) {
    return {id_of(object),
            optional_string(object, "name"),
            optional_string(object, "status"),
            optional_number(object, "capacity"),
            optional_strings(object, "labels"),
            optional_time(object, "create_time")};
}

Template read_template(const json::object& object) {
    return {id_of(object),
            optional_string(object, "name"),
            optional_string(object, "status"),
            optional_number(object, "capacity"),
            optional_bool(object, "private"),
            optional_strings(object, "labels")};
}

Network read_network(const json::object& object) {
    return {id_of(object), optional_string(object, "name"), optional_bool(object, "public_net"),
            optional_strings(object, "labels"), relation_ids(object, "servers")};
}

IpAddress read_address(const json::object& object) {
    return {id_of(object),
            optional_string(object, "name"),
            optional_string(object, "ip"),
            optional_number(object, "family"),
            optional_number(object, "usage_in_minutes"),
            optional_strings(object, "labels"),
            relation_ids(object, "servers", "server_uuid"),
            optional_time(object, "create_time")};
}

SshKey read_ssh_key(const json::object& object) {
    return {id_of(object), optional_string(object, "name"), optional_string(object, "sshkey"),
            optional_strings(object, "labels")};
}

Event read_event(const json::object& object) {
    return {optional_string(object, "object_type"),  optional_string(object, "object_uuid"),
            optional_string(object, "request_uuid"), optional_string(object, "activity"),
            optional_string(object, "request_type"), optional_string(object, "request_status"),
            optional_string(object, "change"),       optional_time(object, "timestamp")};
}

/// [{"product_number":1,"value":2}]; null is none.
std::map<std::int64_t, std::int64_t> read_values(const json::object& object, const char* name) {
    std::map<std::int64_t, std::int64_t> values;
    const auto* list = object.if_contains(name);
    if (!list || !list->is_array()) return values;
    for (const auto& one : list->get_array()) {
        const auto& product = one.as_object();
        values[product.at("product_number").to_number<std::int64_t>()] +=
            product.at("value").to_number<std::int64_t>();
    }
    return values;
}

Usage read_usage(const json::object& object) {
    Usage usage{read_values(object, "current_usage_per_minute"), {}};
    const auto* intervals = object.if_contains("usage_per_interval");
    if (!intervals || !intervals->is_array()) return usage;
    for (const auto& one : intervals->get_array()) {
        const auto& interval = one.as_object();
        usage.intervals.push_back({optional_time(interval, "interval_start"),
                                   optional_time(interval, "interval_end"),
                                   read_values(interval, "accumulated_usage")});
    }
    return usage;
}

}  // namespace

Expected<std::vector<Storage>, Error> parse_storages(std::string_view text) {
    return reading_list(text, "storages", read_storage);
}
Expected<Storage, Error> parse_storage(std::string_view text) {
    return reading(text, [](const json::object& whole) {
        return read_storage(whole.at("storage").as_object());
    });
}
Expected<std::vector<Snapshot>, Error> parse_snapshots(std::string_view text) {
    return reading_list(text, "snapshots", read_snapshot);
}
Expected<std::vector<Template>, Error> parse_templates(std::string_view text) {
    return reading_list(text, "templates", read_template);
}
Expected<std::vector<Network>, Error> parse_networks(std::string_view text) {
    return reading_list(text, "networks", read_network);
}
Expected<std::vector<IpAddress>, Error> parse_addresses(std::string_view text) {
    return reading_list(text, "ips", read_address);
}
Expected<std::vector<SshKey>, Error> parse_ssh_keys(std::string_view text) {
    return reading_list(text, "sshkeys", read_ssh_key);
}

Expected<std::vector<std::string>, Error> parse_labels(std::string_view text) {
    return reading_list(text, "labels", [](const json::object& one) {
        return std::string(one.at("label").as_string());
    });
}

Expected<std::vector<Event>, Error> parse_events(std::string_view text) {
    return reading(text, [](const json::object& whole) {
        std::vector<Event> events;
        for (const auto& one : whole.at("events").as_array())
            events.push_back(read_event(one.as_object()));
        return events;
    });
}

Expected<std::map<std::string, Usage>, Error> parse_usage(std::string_view text) {
    return reading(text, [](const json::object& whole) {
        std::map<std::string, Usage> kinds;
        for (const auto& [kind, usage] : whole.at("products").as_object())
            kinds[std::string(kind)] = read_usage(usage.as_object());
        return kinds;
    });
}

Expected<std::optional<Labelled>, Error> find_labelled(std::string_view text,
                                                       std::string_view list_key,
                                                       std::string_view label) {
    return reading(text, [&](const json::object& whole) -> std::optional<Labelled> {
        for (const auto& [id, one] : whole.at({list_key.data(), list_key.size()}).as_object()) {
            const auto labels = optional_strings(one.as_object(), "labels");
            if (std::find(labels.begin(), labels.end(), label) == labels.end()) continue;
            return Labelled{id_of(one.as_object()),
                            optional_string(one.as_object(), "status") == "active"};
        }
        return std::nullopt;
    });
}

}  // namespace aula::gridscale
