// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cloud/handlers.hpp"
#include "cloud/links.hpp"
#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

constexpr std::array isoimage_fields = {
    Field{.name = "name", .required = true, .least = 1, .most = 64},
    Field{.name = "source_url", .required = true, .least = 1, .most = 2048, .changeable = false},
    Field{.name = "labels", .type = FieldType::texts, .preset = "[]"},
};

void show_isoimage(const Datacenter& datacenter, const Object& image, json::object& into) {
    into["relations"] = {{"servers", linked_servers(datacenter, image)}};
}

}  // namespace

Resource isoimage_resource() {
    return {Kind::isoimage, "isoimages", "isoimage", isoimage_fields, show_isoimage};
}

Answer create_isoimage(Datacenter& datacenter, const Call& call) {
    auto fields = new_fields(call, isoimage_resource());
    if (!fields) return fields.error();
    (*fields)["private"] = true;
    (*fields)["description"] = "";
    (*fields)["version"] = "";
    (*fields)["capacity"] = 1;
    (*fields)["license_product_no"] = 0;
    return created(datacenter, call, datacenter.add(Kind::isoimage, call.owner, *fields));
}

}  // namespace aula::cloud
