// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gridscale/connection.hpp"
#include "gridscale/objects.hpp"
#include "gridscale/servers.hpp"

namespace aula::gridscale {

struct NewStorage {
    std::string name;
    std::int64_t capacity_gb = 10;
    std::string template_id = {};            // empty: an empty disk
    std::string hostname = {};               // of the system that the template installs
    std::vector<std::string> ssh_keys = {};  // ids; for public templates only
    std::vector<std::string> labels = {};
    std::string op = {};  // the one of `labels` that nothing else has
};

/// /objects/storages, with the snapshots of each.
class Storages {
public:
    explicit Storages(Connection& connection) : connection_(connection) {}

    void list(Answered<std::vector<Storage>> answered, Urgency urgency = Urgency::look);
    void get(const std::string& id, Answered<Storage> answered);
    void create(const NewStorage& storage, Answered<std::string> answered,
                Urgency urgency = Urgency::change);
    void remove(const std::string& id, Answered<void> answered);

    void list_snapshots(const std::string& storage, Answered<std::vector<Snapshot>> answered);
    void create_snapshot(const std::string& storage, const std::string& name,
                         Answered<std::string> answered);
    void roll_back(const std::string& storage, const std::string& snapshot,
                   Answered<void> answered);
    void remove_snapshot(const std::string& storage, const std::string& snapshot,
                         Answered<void> answered);

private:
    Connection& connection_;
};

/// /objects/templates: what a snapshot becomes for making storages of it.
class Templates {
public:
    explicit Templates(Connection& connection) : connection_(connection) {}
    void list(Answered<std::vector<Template>> answered);
    void create(const std::string& name, const std::string& snapshot,
                Answered<std::string> answered);
    void remove(const std::string& id, Answered<void> answered);

private:
    Connection& connection_;
};

/// /objects/networks
class Networks {
public:
    explicit Networks(Connection& connection) : connection_(connection) {}
    void list(Answered<std::vector<Network>> answered);
    /// The id of the one network that leads to the Internet.
    void find_public(Answered<std::string> answered);
    void create(const std::string& name, const std::vector<std::string>& labels,
                Answered<std::string> answered);
    void remove(const std::string& id, Answered<void> answered);

private:
    Connection& connection_;
};

struct NewAddress {
    std::string name;
    int family = 4;
    std::vector<std::string> labels = {};
    std::string op = {};  // as of NewStorage
};

/// /objects/ips
class Addresses {
public:
    explicit Addresses(Connection& connection) : connection_(connection) {}
    void list(Answered<std::vector<IpAddress>> answered, Urgency urgency = Urgency::look);
    void create(const NewAddress& address, Answered<std::string> answered,
                Urgency urgency = Urgency::change);
    void remove(const std::string& id, Answered<void> answered);

private:
    Connection& connection_;
};

/// /objects/sshkeys
class SshKeys {
public:
    explicit SshKeys(Connection& connection) : connection_(connection) {}
    void list(Answered<std::vector<SshKey>> answered);
    void create(const std::string& name, const std::string& text, Answered<std::string> answered);
    void remove(const std::string& id, Answered<void> answered);

private:
    Connection& connection_;
};

/// A server with everything that hangs on it.
struct ServerOrder {
    std::string name;
    std::int64_t cores = 1;
    std::int64_t memory_gb = 1;
    std::vector<std::string> labels;  // of all that is made
    std::string op;                   // "aula-op:<uuid>", added to them
    std::string user_data;            // base64
    std::string template_id;          // empty: no storage
    std::int64_t storage_gb = 20;
    bool public_network = false;  // with an IPv4 address
    bool ipv6 = false;            // and an IPv6 address
};

/// All of one project. Lives as long as its connection, on the same loop.
class Project {
public:
    explicit Project(Connection& connection);

    Servers servers;
    Storages storages;
    Templates templates;
    Networks networks;
    Addresses addresses;
    SshKeys ssh_keys;

    void list_labels(Answered<std::vector<std::string>> answered);
    void list_events(Answered<std::vector<Event>> answered);
    void usage(WallTime from, WallTime until, Answered<std::map<std::string, Usage>> answered);

    /// Storage, addresses, and last the server, which is off then; answers its id. When a step
    /// fails those before it are taken back as far as the cloud lets us: all have the order's
    /// labels.
    void order_server(ServerOrder order, Answered<std::string> answered,
                      Urgency urgency = Urgency::change);
    /// The server, which is off, then its storages and addresses.
    void remove_server(const Server& server, Answered<void> answered);

    Connection& connection() { return connection_; }
    /// As Networks::find_public, asked once.
    void find_public_network(Answered<std::string> answered);

private:
    Connection& connection_;
    std::string public_network_;
};

}  // namespace aula::gridscale
