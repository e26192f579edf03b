// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cloud/formats.hpp"
#include "cloud/handlers.hpp"
#include "cloud/links.hpp"
#include "cloud/resource.hpp"
#include "cloud/snapshots.hpp"

namespace aula::cloud {
namespace {

constexpr std::array storage_fields = {
    Field{.name = "name", .required = true, .least = 1, .most = 64},
    Field{.name = "capacity",
          .type = FieldType::whole_or_text,
          .required = true,
          .least = 1,
          .most = 4096},
    Field{.name = "labels", .type = FieldType::texts, .preset = "[]"},
    Field{.name = "storage_type",
          .type = FieldType::choice,
          .preset = "\"storage\"",
          .choices = "storage|storage_high|storage_insane"},
    Field{.name = "storage_variant",
          .type = FieldType::choice,
          .preset = "\"distributed\"",
          .choices = "distributed|local",
          .changeable = false},
};

int rank_of(std::string_view storage_type) {
    return storage_type == "storage_insane" ? 2 : storage_type == "storage_high" ? 1 : 0;
}

void show_storage(const Datacenter& datacenter, const Object& storage, json::object& into) {
    into["snapshots"] = snapshots_of(datacenter, storage);
    into["backups"] = json::array{};
    into["license_product_no"] = 0;
    into["relations"] = {
        {"servers", linked_servers(datacenter, storage)},
        {"snapshot_schedules", schedules_of(datacenter, storage, Kind::snapshot_schedule)},
        {"backup_schedules", schedules_of(datacenter, storage, Kind::backup_schedule)}};
}

std::optional<Answer> may_change_storage(const Datacenter&, const Object& storage,
                                         json::object& changes) {
    if (const auto* capacity = changes.if_contains("capacity");
        capacity && capacity->as_int64() < storage.whole("capacity"))
        return error_answer(400, "A storage cannot get smaller");
    if (const auto* type = changes.if_contains("storage_type");
        type && rank_of(type->as_string()) < rank_of(storage.text("storage_type")))
        return error_answer(400, "A storage cannot get slower");
    return std::nullopt;
}

std::optional<Answer> may_remove_storage(const Datacenter& datacenter, const Object& storage) {
    if (datacenter.inventory().links(storage.id).empty()) return std::nullopt;
    return error_answer(424, "The storage is linked to a server");
}

/// What is wrong with the member "template" of a new storage.
std::optional<Answer> refuse_template(const Datacenter& datacenter, const Call& call,
                                      const json::object& given, std::int64_t capacity) {
    const auto id = text_member(given, "template_uuid");
    const auto* found = datacenter.inventory().find(id, Kind::os_template, call.owner);
    if (!found) return not_found(id);
    const bool has_password = !text_member(given, "password").empty();
    const auto type = text_member(given, "password_type");
    if (!type.empty() && type != "plain" && type != "crypt")
        return error_answer(400, "password_type must be plain or crypt");
    const auto* keys = given.if_contains("sshkeys");
    if (keys && !keys->is_null() && !keys->is_array())
        return error_answer(400, "sshkeys must be a list of UUIDs");
    const bool has_keys = keys && keys->is_array() && !keys->get_array().empty();
    if (found->flag("private") && has_password)
        return error_answer(400, "password is valid only for public templates");
    if (!found->flag("private") && !has_password && !has_keys)
        return error_answer(400, "A public template needs sshkeys or a password");
    if (capacity < found->whole("capacity"))
        return error_answer(400, "capacity is smaller than the template");
    if (!has_keys) return std::nullopt;
    for (const auto& key : keys->get_array()) {
        if (!key.is_string()) return error_answer(400, "sshkeys must be a list of UUIDs");
        const std::string key_id(key.get_string());
        if (!datacenter.inventory().find(key_id, Kind::sshkey, call.owner))
            return not_found(key_id);
    }
    return std::nullopt;
}

}  // namespace

Resource storage_resource() {
    return {Kind::storage, "storages",         "storage",         storage_fields,
            show_storage,  may_change_storage, may_remove_storage};
}

Answer create_storage(Datacenter& datacenter, const Call& call) {
    auto fields = new_fields(call, storage_resource());
    if (!fields) return fields.error();
    const auto body = body_of(call);
    (*fields)["parent_uuid"] = nullptr;
    (*fields)["last_used_template"] = nullptr;
    if (const auto* given = body->if_contains("template"); given && !given->is_null()) {
        if (!given->is_object()) return error_answer(400, "template must be an object");
        const auto capacity = whole_member(*fields, "capacity");
        if (const auto refusal = refuse_template(datacenter, call, given->get_object(), capacity))
            return *refusal;
        (*fields)["last_used_template"] = given->get_object().at("template_uuid");
    }
    return created(datacenter, call, datacenter.add(Kind::storage, call.owner, *fields));
}

Answer clone_storage(Datacenter& datacenter, const Call& call) {
    const auto storage = named(datacenter, call, Kind::storage);
    if (!storage) return storage.error();
    auto fields = (*storage)->fields;
    fields["parent_uuid"] = (*storage)->id;
    return created(datacenter, call, datacenter.add(Kind::storage, call.owner, std::move(fields)));
}

}  // namespace aula::cloud
