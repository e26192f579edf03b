// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cloud/handlers.hpp"
#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

constexpr std::array sshkey_fields = {
    Field{.name = "name", .required = true, .least = 1, .most = 64},
    Field{.name = "sshkey", .required = true, .least = 1, .most = 16'384},
    Field{.name = "labels", .type = FieldType::texts, .preset = "[]"},
};

}  // namespace

Resource sshkey_resource() { return {Kind::sshkey, "sshkeys", "sshkey", sshkey_fields}; }

Answer create_sshkey(Datacenter& datacenter, const Call& call) {
    auto fields = new_fields(call, sshkey_resource());
    if (!fields) return fields.error();
    (*fields)["user_uuid"] = json::string(call.owner);
    return created(datacenter, call, datacenter.add(Kind::sshkey, call.owner, *fields));
}

}  // namespace aula::cloud
