// SPDX-License-Identifier: Apache-2.0
#include "gridscale/servers.hpp"

#include <boost/json.hpp>

#include "gridscale/calls.hpp"
#include "gridscale/creation.hpp"

namespace aula::gridscale {
namespace {

const std::string servers_path = "/objects/servers";

boost::json::array relations(const std::vector<std::string>& ids, const char* name, bool can_boot) {
    boost::json::array list;
    for (const auto& id : ids) {
        boost::json::object one{{name, id}};
        if (can_boot) one["bootdevice"] = list.empty();
        list.push_back(std::move(one));
    }
    return list;
}

std::string creation_body(const NewServer& server) {
    // auto_recovery would start a conference node again behind our back after a host failure, and
    // bill it.
    boost::json::object body{
        {"name", server.name},           {"cores", server.cores},
        {"memory", server.memory_gb},    {"labels", boost::json::value_from(server.labels)},
        {"user_data", server.user_data}, {"auto_recovery", false}};
    // All in one call, so that there is never half a server to be found after a crash.
    boost::json::object hangs_on_it;
    if (!server.storages.empty())
        hangs_on_it["storages"] = relations(server.storages, "storage_uuid", true);
    if (!server.networks.empty())
        hangs_on_it["networks"] = relations(server.networks, "network_uuid", false);
    if (!server.addresses.empty())
        hangs_on_it["public_ips"] = relations(server.addresses, "ipaddr_uuid", false);
    if (!hangs_on_it.empty()) body["relations"] = std::move(hangs_on_it);
    return boost::json::serialize(body);
}

}  // namespace

void Servers::list(Answered<std::vector<Server>> answered) {
    get_parsed(connection_, servers_path, parse_servers, std::move(answered), Urgency::look, 1);
}

void Servers::list_deleted(Answered<std::vector<Server>> answered) {
    get_parsed(connection_, "/objects/deleted/servers", parse_deleted_servers, std::move(answered));
}

void Servers::get(const std::string& id, Answered<Server> answered) {
    get_parsed(connection_, servers_path + '/' + id, parse_server, std::move(answered));
}

void Servers::create(const NewServer& server, Answered<std::string> answered, Urgency urgency) {
    auto body = creation_body(server);
    if (server.op.empty())
        return gridscale::create(connection_, servers_path, std::move(body), std::move(answered),
                                 urgency);
    create_once(connection_, {servers_path, "servers", server.op, std::move(body), urgency},
                std::move(answered));
}

void Servers::change(const std::string& id, const ServerChange& change, Answered<void> answered,
                     Urgency urgency) {
    boost::json::object body;
    if (change.name) body["name"] = *change.name;
    if (change.cores) body["cores"] = *change.cores;
    if (change.memory_gb) body["memory"] = *change.memory_gb;
    if (change.labels) body["labels"] = boost::json::value_from(*change.labels);
    if (change.user_data) body["user_data"] = *change.user_data;
    patch(connection_, servers_path + '/' + id, boost::json::serialize(body), std::move(answered),
          urgency);
}

void Servers::set_power(const std::string& id, bool power, Answered<void> answered,
                        Urgency urgency) {
    patch(
        connection_, servers_path + '/' + id + "/power",
        power ? R"({"power":true})" : R"({"power":false})",
        [answered = std::move(answered)](Expected<void, Error> outcome) {
            // A retry after a lost answer ends like this too.
            const bool already = !outcome && outcome.error().code == ErrorCode::invalid &&
                                 outcome.error().text.find(
                                     "already in the requested power state") != std::string::npos;
            answered(already ? Expected<void, Error>{} : std::move(outcome));
        },
        urgency);
}

void Servers::shut_down(const std::string& id, Answered<void> answered) {
    patch(connection_, servers_path + '/' + id + "/shutdown", "{}", std::move(answered));
}

void Servers::remove(const std::string& id, Answered<void> answered, Urgency urgency) {
    gridscale::remove(connection_, servers_path + '/' + id, std::move(answered), urgency);
}

void Servers::list_events(const std::string& id, Answered<std::vector<Event>> answered) {
    get_parsed(connection_, servers_path + '/' + id + "/events", parse_events, std::move(answered));
}

}  // namespace aula::gridscale
