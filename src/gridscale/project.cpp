// SPDX-License-Identifier: Apache-2.0
#include "gridscale/project.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "gridscale/calls.hpp"
#include "gridscale/creation.hpp"

namespace aula::gridscale {
namespace {

const std::string storages_path = "/objects/storages";
const std::string templates_path = "/objects/templates";
const std::string networks_path = "/objects/networks";
const std::string addresses_path = "/objects/ips";
const std::string ssh_keys_path = "/objects/sshkeys";

std::string snapshots_path(const std::string& storage) {
    return storages_path + '/' + storage + "/snapshots";
}

/// With an op the lost answer is looked for, without it is an error.
void create_by_op(Connection& connection, Creation creation, Answered<std::string> answered) {
    if (!creation.label.empty())
        return create_once(connection, std::move(creation), std::move(answered));
    create(connection, creation.path, std::move(creation.body), std::move(answered),
           creation.urgency);
}

}  // namespace

void Storages::list(Answered<std::vector<Storage>> answered, Urgency urgency) {
    get_parsed(connection_, storages_path, parse_storages, std::move(answered), urgency);
}

void Storages::get(const std::string& id, Answered<Storage> answered) {
    get_parsed(connection_, storages_path + '/' + id, parse_storage, std::move(answered));
}

void Storages::create(const NewStorage& storage, Answered<std::string> answered, Urgency urgency) {
    boost::json::object body{{"name", storage.name},
                             {"capacity", storage.capacity_gb},
                             {"labels", boost::json::value_from(storage.labels)}};
    if (!storage.template_id.empty()) {
        boost::json::object from{{"template_uuid", storage.template_id}};
        if (!storage.hostname.empty()) from["hostname"] = storage.hostname;
        if (!storage.ssh_keys.empty()) from["sshkeys"] = boost::json::value_from(storage.ssh_keys);
        body["template"] = std::move(from);
    }
    create_by_op(connection_,
                 {storages_path, "storages", storage.op, boost::json::serialize(body), urgency},
                 std::move(answered));
}

void Storages::remove(const std::string& id, Answered<void> answered) {
    gridscale::remove(connection_, storages_path + '/' + id, std::move(answered));
}

void Storages::list_snapshots(const std::string& storage,
                              Answered<std::vector<Snapshot>> answered) {
    get_parsed(connection_, snapshots_path(storage), parse_snapshots, std::move(answered));
}

void Storages::create_snapshot(const std::string& storage, const std::string& name,
                               Answered<std::string> answered) {
    gridscale::create(connection_, snapshots_path(storage),
                      boost::json::serialize(boost::json::object{{"name", name}}),
                      std::move(answered));
}

void Storages::roll_back(const std::string& storage, const std::string& snapshot,
                         Answered<void> answered) {
    patch(connection_, snapshots_path(storage) + '/' + snapshot + "/rollback",
          R"({"rollback":true})", std::move(answered));
}

void Storages::remove_snapshot(const std::string& storage, const std::string& snapshot,
                               Answered<void> answered) {
    gridscale::remove(connection_, snapshots_path(storage) + '/' + snapshot, std::move(answered));
}

void Templates::list(Answered<std::vector<Template>> answered) {
    get_parsed(connection_, templates_path, parse_templates, std::move(answered));
}

void Templates::create(const std::string& name, const std::string& snapshot,
                       Answered<std::string> answered) {
    gridscale::create(
        connection_, templates_path,
        boost::json::serialize(boost::json::object{{"name", name}, {"snapshot_uuid", snapshot}}),
        std::move(answered));
}

void Templates::remove(const std::string& id, Answered<void> answered) {
    gridscale::remove(connection_, templates_path + '/' + id, std::move(answered));
}

void Networks::list(Answered<std::vector<Network>> answered) {
    get_parsed(connection_, networks_path, parse_networks, std::move(answered));
}

void Networks::find_public(Answered<std::string> answered) {
    list([answered = std::move(answered)](const Expected<std::vector<Network>, Error>& networks) {
        if (!networks) return answered(fail(networks.error()));
        const auto found = std::find_if(networks->begin(), networks->end(),
                                        [](const Network& one) { return one.is_public; });
        if (found == networks->end())
            return answered(fail(Error{ErrorCode::not_found, "there is no public network"}));
        answered(found->id);
    });
}

void Networks::create(const std::string& name, const std::vector<std::string>& labels,
                      Answered<std::string> answered) {
    gridscale::create(connection_, networks_path,
                      boost::json::serialize(boost::json::object{
                          {"name", name}, {"labels", boost::json::value_from(labels)}}),
                      std::move(answered));
}

void Networks::remove(const std::string& id, Answered<void> answered) {
    gridscale::remove(connection_, networks_path + '/' + id, std::move(answered));
}

void Addresses::list(Answered<std::vector<IpAddress>> answered, Urgency urgency) {
    get_parsed(connection_, addresses_path, parse_addresses, std::move(answered), urgency);
}

void Addresses::create(const NewAddress& address, Answered<std::string> answered, Urgency urgency) {
    auto body = boost::json::serialize(
        boost::json::object{{"name", address.name},
                            {"family", address.family},
                            {"labels", boost::json::value_from(address.labels)}});
    create_by_op(connection_, {addresses_path, "ips", address.op, std::move(body), urgency},
                 std::move(answered));
}

void Addresses::remove(const std::string& id, Answered<void> answered) {
    gridscale::remove(connection_, addresses_path + '/' + id, std::move(answered));
}

void SshKeys::list(Answered<std::vector<SshKey>> answered) {
    get_parsed(connection_, ssh_keys_path, parse_ssh_keys, std::move(answered));
}

void SshKeys::create(const std::string& name, const std::string& text,
                     Answered<std::string> answered) {
    gridscale::create(connection_, ssh_keys_path,
                      boost::json::serialize(boost::json::object{{"name", name}, {"sshkey", text}}),
                      std::move(answered));
}

void SshKeys::remove(const std::string& id, Answered<void> answered) {
    gridscale::remove(connection_, ssh_keys_path + '/' + id, std::move(answered));
}

Project::Project(Connection& connection)
    : servers(connection),
      storages(connection),
      templates(connection),
      networks(connection),
      addresses(connection),
      ssh_keys(connection),
      connection_(connection) {}

void Project::find_public_network(Answered<std::string> answered) {
    if (!public_network_.empty()) return answered(public_network_);
    networks.find_public(
        [this, answered = std::move(answered)](const Expected<std::string, Error>& id) {
            if (id) public_network_ = *id;
            answered(id);
        });
}

void Project::list_labels(Answered<std::vector<std::string>> answered) {
    get_parsed(connection_, "/objects/labels", parse_labels, std::move(answered));
}

void Project::list_events(Answered<std::vector<Event>> answered) {
    get_parsed(connection_, "/objects/events", parse_events, std::move(answered));
}

void Project::usage(WallTime from, WallTime until,
                    Answered<std::map<std::string, Usage>> answered) {
    get_parsed(connection_,
               "/projects/usage?from_time=" + time_text(from) + "&to_time=" + time_text(until) +
                   "&interval_variable=H",
               parse_usage, std::move(answered));
}

}  // namespace aula::gridscale
