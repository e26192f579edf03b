// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

/// What the API answers beside servers and requests. Pure, as answers.hpp.
namespace aula::gridscale {

struct Storage {
    std::string id;
    std::string name;
    std::string status;
    std::int64_t capacity_gb = 0;
    std::int64_t usage_minutes = 0;
    std::vector<std::string> labels;
    std::vector<std::string> servers;  // ids of those it hangs on
    WallTime created;
};
Expected<std::vector<Storage>, Error> parse_storages(std::string_view json);
Expected<Storage, Error> parse_storage(std::string_view json);

struct Snapshot {
    std::string id;
    std::string name;
    std::string status;
    std::int64_t capacity_gb = 0;
    std::vector<std::string> labels;
    WallTime created;
};
Expected<std::vector<Snapshot>, Error> parse_snapshots(std::string_view json);

struct Template {
    std::string id;
    std::string name;
    std::string status;
    std::int64_t capacity_gb = 0;
    bool is_private = false;
    std::vector<std::string> labels;
};
Expected<std::vector<Template>, Error> parse_templates(std::string_view json);

struct Network {
    std::string id;
    std::string name;
    bool is_public = false;
    std::vector<std::string> labels;
    std::vector<std::string> servers;
};
Expected<std::vector<Network>, Error> parse_networks(std::string_view json);

struct IpAddress {
    std::string id;
    std::string name;
    std::string address;
    std::int64_t family = 4;
    std::int64_t usage_minutes = 0;
    std::vector<std::string> labels;
    std::vector<std::string> servers;
    WallTime created;
};
Expected<std::vector<IpAddress>, Error> parse_addresses(std::string_view json);

struct SshKey {
    std::string id;
    std::string name;
    std::string text;
    std::vector<std::string> labels;
};
Expected<std::vector<SshKey>, Error> parse_ssh_keys(std::string_view json);

Expected<std::vector<std::string>, Error> parse_labels(std::string_view json);

struct Event {
    std::string object_type;
    std::string object_id;
    std::string request_id;
    std::string activity;
    std::string request_type;
    std::string request_status;
    std::string change;
    WallTime at;
};
Expected<std::vector<Event>, Error> parse_events(std::string_view json);

/// What one kind of product ("servers", "ip_addresses") used, by the cloud's product number.
struct Usage {
    struct Interval {
        WallTime start;
        WallTime end;
        std::map<std::int64_t, std::int64_t> used;  // product number to value
    };
    std::map<std::int64_t, std::int64_t> a_minute;  // now
    std::vector<Interval> intervals;
};
/// GET /projects/usage: by kind of product.
Expected<std::map<std::string, Usage>, Error> parse_usage(std::string_view json);

/// The object of a list of any kind ("servers") that has this label.
struct Labelled {
    std::string id;
    bool is_active = false;  // it is made and nothing is being done to it
};
Expected<std::optional<Labelled>, Error> find_labelled(std::string_view json,
                                                       std::string_view list_key,
                                                       std::string_view label);

}  // namespace aula::gridscale
