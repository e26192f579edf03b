// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cloud/handlers.hpp"
#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

constexpr std::array template_fields_of_clients = {
    Field{.name = "name", .required = true, .least = 1, .most = 64},
    Field{.name = "snapshot_uuid", .required = true, .changeable = false},
    Field{.name = "labels", .type = FieldType::texts, .preset = "[]"},
};

/// The public template that a snapshot's storage was once made from.
const Object* origin_of(const Datacenter& datacenter, const Call& call, const Object& snapshot) {
    const auto* storage = datacenter.inventory().find(snapshot.text("parent_uuid"));
    if (!storage) return nullptr;
    return datacenter.inventory().find(storage->text("last_used_template"), Kind::os_template,
                                       call.owner);
}

}  // namespace

Resource template_resource() {
    return {Kind::os_template, "templates", "template", template_fields_of_clients};
}

Answer create_template(Datacenter& datacenter, const Call& call) {
    auto fields = new_fields(call, template_resource());
    if (!fields) return fields.error();
    const auto id = text_member(*fields, "snapshot_uuid");
    const auto* snapshot = datacenter.inventory().find(id, Kind::snapshot, call.owner);
    if (!snapshot) return not_found(id);
    const auto* origin = origin_of(datacenter, call, *snapshot);
    (*fields)["ostype"] = origin ? origin->text("ostype") : "Linux";
    (*fields)["distro"] = origin ? origin->text("distro") : "";
    (*fields)["version"] = origin ? origin->text("version") : "";
    (*fields)["description"] = "";
    (*fields)["private"] = true;
    (*fields)["published"] = false;
    (*fields)["capacity"] = snapshot->whole("capacity");
    (*fields)["license_product_no"] = 0;
    return created(datacenter, call, datacenter.add(Kind::os_template, call.owner, *fields));
}

}  // namespace aula::cloud
