// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "cloud/datacenter.hpp"

/// Making links of servers to storages, networks, IPs and ISO images: what may be linked, and what
/// a link says.
namespace aula::cloud {

/// What a client wrote of a new link beyond its ends; the answer when it is wrong.
Expected<json::object, Answer> read_link(const Datacenter& datacenter, std::string_view owner,
                                         const json::object& given);
/// Only what is given. Null takes the firewall, its template and l3security away.
Expected<json::object, Answer> read_link_changes(const Datacenter& datacenter,
                                                 std::string_view owner, const json::object& given);

/// What the server is linked to.
std::vector<const Object*> linked_targets(const Datacenter& datacenter, const Object& server);
/// The answer why the target cannot be linked beside these to a server with this hardware profile.
std::optional<Answer> refuse_link(const Datacenter& datacenter, std::string_view hardware_profile,
                                  const std::vector<const Object*>& linked, const Object& target);

/// Makes the link of what read_link() returned; the effects complete it.
std::vector<Effect> add_link(Datacenter& datacenter, const Object& server, const Object& target,
                             json::object parts);
/// A server boots from one device of each kind: the effects that take it from the others.
std::vector<Effect> other_boot_devices(const Datacenter& datacenter, const Object& server,
                                       const Object& target);

}  // namespace aula::cloud
