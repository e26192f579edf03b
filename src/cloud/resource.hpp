// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "cloud/answer.hpp"
#include "cloud/body.hpp"
#include "cloud/datacenter.hpp"

namespace aula::cloud {

/// What one kind of object is to the API, where it is not like all others.
struct Resource {
    Kind kind{};
    std::string_view collection;  // "servers": of paths and lists
    std::string_view item;        // "server": of a single one
    std::span<const Field> fields;
    /// Adds what is not a field: relations, usage.
    void (*show)(const Datacenter&, const Object&, json::object& into) = nullptr;
    /// The answer why not; may also complete the changes.
    std::optional<Answer> (*may_change)(const Datacenter&, const Object&,
                                        json::object& changes) = nullptr;
    std::optional<Answer> (*may_remove)(const Datacenter&, const Object&) = nullptr;
};

// One in the file of each resource.
Resource server_resource();
Resource storage_resource();
Resource snapshot_resource();
Resource snapshot_schedule_resource();
Resource backup_schedule_resource();
Resource template_resource();
Resource network_resource();
Resource ip_resource();
Resource firewall_resource();
Resource sshkey_resource();
Resource isoimage_resource();
Resource resource_of(Kind kind);

/// An object as its GET shows it.
json::object shown(const Datacenter& datacenter, const Object& object);

/// The body, or the answer that it is none.
Expected<json::object, Answer> body_of(const Call& call);
/// The fields of a new object in the call's body.
Expected<json::object, Answer> new_fields(const Call& call, const Resource& resource);
/// The object of this kind that the call's path names first, or the 404.
Expected<const Object*, Answer> named(const Datacenter& datacenter, const Call& call, Kind kind);

/// Opens the job that activates a new object. The answer's body has object_uuid and what `more`
/// says.
Answer created(Datacenter& datacenter, const Call& call, const Object& object,
               json::object more = {}, std::vector<Effect> effects = {});
/// {collection: {uuid: object}} with _meta and _links when the query asks for a page.
Answer shown_list(const Call& call, std::string_view collection, std::vector<json::object> objects);
/// The same with an array.
Answer shown_array(const Call& call, std::string_view collection,
                   std::vector<json::object> objects);

}  // namespace aula::cloud
