// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cloud/handlers.hpp"
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

void show_server(const Datacenter& datacenter, const Object& server, json::object& into) {
    into["relations"] = server_relations(datacenter, server);
}

std::optional<Answer> may_change_server(const Datacenter&, const Object& server,
                                        json::object& changes) {
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
    std::string target;
    json::object given;
};

Expected<std::vector<WantedLink>, Answer> read_wanted(const Datacenter& datacenter,
                                                      const Call& call, const json::object& body) {
    std::vector<WantedLink> links;
    const auto* relations = body.if_contains("relations");
    if (!relations || !relations->is_object()) return links;
    for (const auto& wanted : wanted_links) {
        const auto* list = relations->get_object().if_contains(wanted.list);
        if (!list || !list->is_array()) continue;
        for (const auto& entry : list->get_array()) {
            if (!entry.is_object()) return fail(error_answer(400, "A relation must be an object"));
            const auto id = text_member(entry.get_object(), wanted.id);
            const auto* target = datacenter.inventory().find(id, wanted.kind, call.owner);
            if (!target) return fail(not_found(id));
            if (const auto refusal = refuse_link(datacenter, nullptr, *target))
                return fail(*refusal);
            links.push_back({&wanted, id, entry.get_object()});
        }
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
    const auto wanted = read_wanted(datacenter, call, *body_of(call));
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
    for (const auto& link : *wanted) {
        const auto& made = datacenter.add(
            Kind::link, call.owner,
            link_fields(server, *datacenter.inventory().find(link.target), link.given));
        effects.push_back({Effect::What::activate, made.id});
        if (link.kind->answered)
            more[link.kind->answered].as_array().push_back(json::string(link.target));
    }
    return created(datacenter, call, server, std::move(more), std::move(effects));
}

}  // namespace aula::cloud
