// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cloud/datacenter.hpp"

/// The relations of servers: links to storages, networks, IPs and ISO images, seen from both ends.
namespace aula::cloud {

/// "relations" of a server.
json::object server_relations(const Datacenter& datacenter, const Object& server);
/// [{object_uuid, object_name, ...}]: the servers that a storage, network or ISO image is linked
/// to.
json::array linked_servers(const Datacenter& datacenter, const Object& target);

}  // namespace aula::cloud
