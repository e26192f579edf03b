// SPDX-License-Identifier: Apache-2.0
#include "cloud/servers_resource.hpp"

#include <optional>

#include <boost/json.hpp>

#include "base/encoding.hpp"
#include "base/log.hpp"

namespace aula::cloud {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_server_name = 64;
constexpr std::size_t largest_user_data = 256 * 1024;

json::object shown_server(const Server& server) {
    return {{"object_uuid", server.id},
            {"name", server.name},
            {"status", "active"},
            {"labels", json::value_from(server.labels)},
            {"create_time", time_text(server.created)},
            {"change_time", time_text(server.changed)},
            {"location_uuid", "00000000-0000-4000-8000-000000000001"},
            {"location_name", "local/one"},
            {"location_country", "local"},
            {"location_iata", "one"},
            {"current_price", 0.0},
            {"cores", server.cores},
            {"memory", server.memory_gb},
            {"power", server.power},
            {"legacy", false},
            {"auto_recovery", server.auto_recovery},
            {"availability_zone", "a"},
            {"hardware_profile", "default"},
            {"console_token", ""},
            {"user_data", server.user_data},
            {"usage_in_minutes_cores", 0},
            {"usage_in_minutes_memory", 0},
            {"relations",
             {{"storages", json::array{}},
              {"networks", json::array{}},
              {"public_ips", json::array{}},
              {"isoimages", json::array{}}}}};
}

std::optional<json::object> read_body(std::string_view body) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 16;
    auto value = json::parse({body.data(), body.size()}, error, {}, options);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

/// Takes over what the body gives; the sentence says what is wrong with it.
std::optional<std::string> apply_text(Server& server, const json::object& given) {
    if (const auto* name = given.if_contains("name")) {
        if (!name->is_string() || name->get_string().empty() ||
            name->get_string().size() > longest_server_name) {
            return "name must be a string of 1 to 64 characters";
        }
        server.name = name->get_string().c_str();
    }
    if (const auto* data = given.if_contains("user_data")) {
        if (!data->is_string() || data->get_string().size() > largest_user_data ||
            !from_base64(std::string_view(data->get_string()))) {
            return "user_data must be base64";
        }
        server.user_data = data->get_string().c_str();
    }
    if (const auto* recovery = given.if_contains("auto_recovery")) {
        if (!recovery->is_bool()) return "auto_recovery must be a boolean";
        server.auto_recovery = recovery->get_bool();
    }
    return std::nullopt;
}

std::optional<std::string> apply_sizes(Server& server, const json::object& given) {
    const auto size = [&](const char* name, std::int64_t& into, std::int64_t most) -> bool {
        const auto* value = given.if_contains(name);
        if (!value) return true;
        if (!value->is_int64() || value->get_int64() < 1 || value->get_int64() > most) return false;
        into = value->get_int64();
        return true;
    };
    if (!size("cores", server.cores, 256)) return "cores must be a whole number";
    if (!size("memory", server.memory_gb, 4096)) return "memory must be a whole number";
    if (const auto* labels = given.if_contains("labels")) {
        if (!labels->is_array() || labels->get_array().size() > 100) return "labels must be a list";
        server.labels.clear();
        for (const auto& label : labels->get_array()) {
            if (!label.is_string()) return "a label must be a string";
            server.labels.emplace_back(label.get_string());
        }
    }
    return std::nullopt;
}

std::optional<std::string> apply(Server& server, const json::object& given) {
    auto fault = apply_text(server, given);
    return fault ? fault : apply_sizes(server, given);
}

}  // namespace

Answer ServersResource::answer(const ServerCall& call) {
    if (call.path.empty()) {
        if (call.method == "GET") return list(call.owner);
        if (call.method == "POST") return create(call);
        return error_answer(405, "Method not allowed");
    }
    auto* server = inventory_.find(call.path[0], call.owner);
    if (!server) return not_found(call.path[0]);
    if (call.path.size() == 1) {
        if (call.method == "GET")
            return {200, json::serialize(json::object{{"server", shown_server(*server)}}), {}};
        if (call.method == "PATCH") return change(*server, call);
        if (call.method == "DELETE") return remove(*server);
        return error_answer(405, "Method not allowed");
    }
    const auto& part = call.path[1];
    if (call.path.size() == 2 && part == "power") return power(*server, call);
    if (call.path.size() == 2 && part == "shutdown" && call.method == "PATCH")
        return shut_down(*server);
    return error_answer(404, "No such path");
}

Answer ServersResource::list(std::string_view owner) const {
    json::object servers;
    for (const auto& [id, server] : inventory_.all()) {
        if (server.owner == owner) servers[id] = shown_server(server);
    }
    return {200, json::serialize(json::object{{"servers", std::move(servers)}}), {}};
}

Answer ServersResource::create(const ServerCall& call) {
    const auto given = read_body(call.body);
    if (!given) return error_answer(400, "The body is not a JSON object");
    for (const auto* needed : {"name", "cores", "memory"}) {
        if (!given->contains(needed))
            return error_answer(400, std::string(needed) + " is required");
    }
    Server server;
    server.id = make_uuid();
    server.owner = call.owner;
    server.created = server.changed = WallClock::now();
    if (const auto fault = apply(server, *given)) return error_answer(400, *fault);
    const auto id = inventory_.add(std::move(server)).id;
    auto answer = done(call.owner);
    answer.status = 202;
    answer.body = json::serialize(json::object{{"object_uuid", id},
                                               {"server_uuid", id},
                                               {"request_uuid", answer.request_id},
                                               {"network_uuids", json::array{}},
                                               {"storage_uuids", json::array{}},
                                               {"ipaddr_uuids", json::array{}}});
    return answer;
}

Answer ServersResource::change(Server& server, const ServerCall& call) {
    const auto given = read_body(call.body);
    if (!given) return error_answer(400, "The body is not a JSON object");
    auto changed = server;
    if (const auto fault = apply(changed, *given)) return error_answer(400, *fault);
    changed.changed = WallClock::now();
    server = std::move(changed);
    return done(call.owner);
}

Answer ServersResource::remove(const Server& server) {
    if (server.power) return error_answer(424, "The server must be off before it is deleted");
    const auto owner = server.owner;
    inventory_.remove(std::string(server.id));
    return done(owner);
}

Answer ServersResource::power(Server& server, const ServerCall& call) {
    if (call.method == "GET")
        return {200, json::serialize(json::object{{"power", server.power}}), {}};
    if (call.method != "PATCH") return error_answer(405, "Method not allowed");
    const auto given = read_body(call.body);
    const auto* wanted = given ? given->if_contains("power") : nullptr;
    if (!wanted || !wanted->is_bool()) return error_answer(400, "power must be true or false");
    if (wanted->get_bool() == server.power) {
        return error_answer(400, "The server is already in the requested power state");
    }
    return {204, {}, wanted->get_bool() ? switch_on(server) : switch_off(server)};
}

std::string ServersResource::switch_on(const Server& server) {
    auto request = requests_.open(server.owner);
    machines_.boot(server, [this, id = server.id, request](const Expected<void, Error>& booted) {
        if (!booted) return requests_.failed(request, booted.error().text);
        set_power(id, true);
        requests_.done(request);
    });
    return request;
}

std::string ServersResource::switch_off(const Server& server) {
    auto request = requests_.open(server.owner);
    machines_.kill(server.id, [this, id = server.id, request] {
        set_power(id, false);
        requests_.done(request);
    });
    return request;
}

Answer ServersResource::shut_down(const Server& server) {
    // The button was pressed; whether the guest obeys is its own affair.
    machines_.press_power_button(server.id);
    return {204, {}, done(server.owner).request_id};
}

void ServersResource::on_machine_stopped(const std::string& id) { set_power(id, false); }

void ServersResource::set_power(const std::string& id, bool power) {
    const auto at = inventory_.all().find(id);
    if (at == inventory_.all().end()) return;
    auto* server = inventory_.find(id, at->second.owner);
    server->power = power;
    server->changed = WallClock::now();
    if (const auto saved = inventory_.save(); !saved)
        log::error("cloud state not saved", {{"why", saved.error().text}});
}

/// A change that is complete: saved, with a request that says so.
Answer ServersResource::done(std::string_view owner) {
    auto request = requests_.open(owner);
    const auto saved = inventory_.save();
    if (saved) {
        requests_.done(request);
    } else {
        requests_.failed(request, saved.error().text);
    }
    return {204, {}, std::move(request)};
}

}  // namespace aula::cloud
