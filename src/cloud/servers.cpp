// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cloud/handlers.hpp"
#include "cloud/linking.hpp"
#include "cloud/links.hpp"
#include "cloud/resource.hpp"
#include "crypto/random.hpp"

namespace aula::cloud {
namespace {

constexpr std::array server_fields = {
    Field{.name = "name", .required = true, .least = 1, .most = 64},
    Field{.name = "cores", .type = FieldType::whole, .required = true, .least = 1, .most = 256},
    Field{.name = "memory", .type = FieldType::whole, .required = true, .least = 1, .most = 4096},
    Field{.name = "labels", .type = FieldType::texts, .preset = "[]"},
    Field{.name = "availability_zone",
          .type = FieldType::choice,
          .preset = "\"a\"",
          .choices = "a|b|c"},
    Field{.name = "auto_recovery", .type = FieldType::boolean, .preset = "true"},
    Field{.name = "hardware_profile",
          .type = FieldType::choice,
          .preset = "\"default\"",
          .choices = "default|nested|legacy|cisco_csr|sophos_utm|f5_bigip|q35|q35_nested|custom"},
    Field{.name = "hardware_profile_config", .type = FieldType::object, .preset = "{}"},
    Field{.name = "user_data", .type = FieldType::base64},
};

constexpr std::array hardware_fields = {
    Field{.name = "machinetype", .type = FieldType::choice, .choices = "i440fx|q35_bios|q35_uefi"},
    Field{.name = "storage_device",
          .type = FieldType::choice,
          .choices = "ide|sata|virtio_scsi|virtio_block"},
    Field{.name = "usb_controller", .type = FieldType::choice, .choices = "nec_xhci|piix3_uhci"},
    Field{.name = "nested_virtualization", .type = FieldType::boolean},
    Field{.name = "hyperv_extensions", .type = FieldType::boolean},
    Field{.name = "network_model",
          .type = FieldType::choice,
          .choices = "e1000|e1000e|virtio|vmxnet3"},
    Field{.name = "serial_interface", .type = FieldType::boolean},
    Field{.name = "server_renice", .type = FieldType::boolean},
};

/// `given` as the client wrote it; fields: what was read of it.
std::optional<Answer> refuse_hardware(const json::object& given, json::object& fields) {
    auto* config = fields.if_contains("hardware_profile_config");
    if (!config || config->as_object().empty()) return std::nullopt;
    if (!text_member(given, "hardware_profile").empty()) {
        return error_answer(400,
                            "hardware_profile and hardware_profile_config cannot be used together");
    }
    auto read = read_changes(hardware_fields, config->as_object());
    if (!read) return error_answer(400, read.error());
    *config = std::move(*read);
    return std::nullopt;
}

void show_server(const Datacenter& datacenter, const Object& server, json::object& into) {
    into["relations"] = server_relations(datacenter, server);
}

std::optional<Answer> may_change_server(const Datacenter&, const Object& server,
                                        json::object& changes) {
    if (auto refusal = refuse_hardware(changes, changes)) return refusal;
    if (!server.flag("power")) return std::nullopt;
    for (const auto* size : {"cores", "memory"}) {
        const auto* wanted = changes.if_contains(size);
        if (wanted && wanted->as_int64() < server.whole(size))
            return error_answer(424, "The server must be off before it gets smaller");
    }
    for (const auto* profile : {"hardware_profile", "hardware_profile_config"}) {
        const auto* wanted = changes.if_contains(profile);
        if (wanted && *wanted != server.fields.at(profile))
            return error_answer(424, "The server must be off before its hardware is changed");
    }
    return std::nullopt;
}

std::optional<Answer> may_remove_server(const Datacenter&, const Object& server) {
    if (!server.flag("power")) return std::nullopt;
    return error_answer(424, "The server must be off before it is deleted");
}

/// The objects that the deprecated member "relations" of a new server wants linked.
struct Wanted {
    Kind kind;
    const char* list;
    const char* id;
    const char* answered;  // under which name the answer tells them
};
constexpr std::array wanted_links = {
    Wanted{Kind::storage, "storages", "storage_uuid", "storage_uuids"},
    Wanted{Kind::network, "networks", "network_uuid", "network_uuids"},
    Wanted{Kind::ip, "public_ips", "ipaddr_uuid", "ipaddr_uuids"},
    Wanted{Kind::isoimage, "isoimages", "isoimage_uuid", nullptr},
};

struct WantedLink {
    const Wanted* kind;
    const Object* target;
    json::object parts;
};

/// Those of one kind, after what was read before.
std::optional<Answer> read_list(const Datacenter& datacenter, const Call& call,
                                std::string_view profile, const Wanted& wanted,
                                const json::array& list, std::vector<WantedLink>& links) {
    for (const auto& entry : list) {
        if (!entry.is_object()) return error_answer(400, "A relation must be an object");
        const auto id = text_member(entry.get_object(), wanted.id);
        const auto* target = datacenter.inventory().find(id, wanted.kind, call.owner);
        if (!target) return not_found(id);
        std::vector<const Object*> before;
        for (const auto& link : links) before.push_back(link.target);
        if (auto refusal = refuse_link(datacenter, profile, before, *target)) return refusal;
        auto parts = read_link(datacenter, call.owner, entry.get_object());
        if (!parts) return parts.error();
        links.push_back({&wanted, target, std::move(*parts)});
    }
    return std::nullopt;
}

Expected<std::vector<WantedLink>, Answer> read_wanted(const Datacenter& datacenter,
                                                      const Call& call, std::string_view profile,
                                                      const json::object& body) {
    std::vector<WantedLink> links;
    const auto* relations = body.if_contains("relations");
    if (!relations || relations->is_null()) return links;
    if (!relations->is_object()) return fail(error_answer(400, "relations must be an object"));
    for (const auto& wanted : wanted_links) {
        const auto* list = relations->get_object().if_contains(wanted.list);
        if (!list || list->is_null()) continue;
        if (!list->is_array())
            return fail(error_answer(400, std::string(wanted.list) + " must be a list"));
        const auto refusal = read_list(datacenter, call, profile, wanted, list->get_array(), links);
        if (refusal) return fail(*refusal);
    }
    return links;
}

}  // namespace

Resource server_resource() {
    return {Kind::server, "servers",         "server",         server_fields,
            show_server,  may_change_server, may_remove_server};
}

Answer create_server(Datacenter& datacenter, const Call& call) {
    auto fields = new_fields(call, server_resource());
    if (!fields) return fields.error();
    const auto body = body_of(call);
    if (const auto refusal = refuse_hardware(*body, *fields)) return *refusal;
    auto wanted = read_wanted(datacenter, call, text_member(*fields, "hardware_profile"), *body);
    if (!wanted) return wanted.error();
    (*fields)["power"] = false;
    (*fields)["legacy"] = false;
    (*fields)["console_token"] = crypto::random_text(32);
    const auto& server = datacenter.add(Kind::server, call.owner, std::move(*fields));
    json::object more{{"server_uuid", server.id},
                      {"network_uuids", json::array{}},
                      {"storage_uuids", json::array{}},
                      {"ipaddr_uuids", json::array{}}};
    std::vector<Effect> effects;
    for (auto& link : *wanted) {
        auto linked = add_link(datacenter, server, *link.target, std::move(link.parts));
        effects.insert(effects.end(), linked.begin(), linked.end());
        if (link.kind->answered)
            more[link.kind->answered].as_array().push_back(json::string(link.target->id));
    }
    return created(datacenter, call, server, std::move(more), std::move(effects));
}

}  // namespace aula::cloud
