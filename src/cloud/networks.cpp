// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cloud/handlers.hpp"
#include "cloud/links.hpp"
#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

constexpr std::array network_fields = {
    Field{.name = "name", .required = true, .least = 1, .most = 64},
    Field{.name = "labels", .type = FieldType::texts, .preset = "[]"},
    Field{.name = "l2security", .type = FieldType::boolean, .preset = "false"},
    Field{.name = "network_type",
          .type = FieldType::choice,
          .preset = "\"network_high\"",
          .choices = "network|network_high|network_insane",
          .changeable = false},
    Field{.name = "dhcp_active", .type = FieldType::boolean, .preset = "false"},
    Field{.name = "dhcp_range"},
    Field{.name = "dhcp_gateway"},
    Field{.name = "dhcp_dns"},
    Field{.name = "dhcp_reserved_subnet", .type = FieldType::texts, .preset = "[]"},
};

json::array pinned_servers(const Object& network) {
    const auto* pinned = network.fields.if_contains("pinned");
    json::array out;
    if (!pinned) return out;
    for (const auto& [server, ip] : pinned->as_object())
        out.push_back({{"server_uuid", server}, {"ip", ip}});
    return out;
}

void show_network(const Datacenter& datacenter, const Object& network, json::object& into) {
    auto servers = linked_servers(datacenter, network);
    // Of the public network everybody sees only its own servers; the deleted show none.
    if (network.owner.empty()) servers.clear();
    into.erase("pinned");
    into["pinned_servers"] = pinned_servers(network);
    into["auto_assigned_servers"] = json::array{};
    into["relations"] = {{"servers", std::move(servers)},
                         {"vlans", json::array{}},
                         {"paas_security_zones", json::array{}},
                         {"paas_services", json::array{}}};
}

std::optional<Answer> may_remove_network(const Datacenter& datacenter, const Object& network) {
    if (datacenter.inventory().links(network.id).empty()) return std::nullopt;
    return error_answer(424, "The network is linked to a server");
}

Expected<const Object*, Answer> own_network(const Datacenter& datacenter, const Call& call) {
    const auto network = named(datacenter, call, Kind::network);
    if (network && (*network)->owner.empty())
        return fail(error_answer(403, "This object is everybody's"));
    return network;
}

json::object pins_of(const Object& network) {
    const auto* pinned = network.fields.if_contains("pinned");
    return pinned ? pinned->as_object() : json::object{};
}

}  // namespace

Resource network_resource() {
    return {Kind::network, "networks", "network",         network_fields,
            show_network,  nullptr,    may_remove_network};
}

Answer create_network(Datacenter& datacenter, const Call& call) {
    auto fields = new_fields(call, network_resource());
    if (!fields) return fields.error();
    (*fields)["public_net"] = false;
    (*fields)["delete_block"] = false;
    return created(datacenter, call, datacenter.add(Kind::network, call.owner, *fields));
}

Answer list_pinned_servers(Datacenter& datacenter, const Call& call) {
    const auto network = named(datacenter, call, Kind::network);
    if (!network) return network.error();
    return json_answer(200, json::object{{"pinned_servers", pinned_servers(**network)}});
}

Answer pin_server(Datacenter& datacenter, const Call& call) {
    const auto network = own_network(datacenter, call);
    if (!network) return network.error();
    if (!datacenter.inventory().find(call.ids[1], Kind::server, call.owner))
        return not_found(call.ids[1]);
    const auto body = body_of(call);
    const auto ip = body ? text_member(*body, "ip") : std::string();
    if (ip.empty()) return error_answer(400, "ip is required");
    auto pinned = pins_of(**network);
    pinned[call.ids[1]] = ip;
    return datacenter.accept(
        call, {204,
               *network,
               "pin server",
               {{Effect::What::patch, (*network)->id, {{"pinned", std::move(pinned)}}}}});
}

Answer unpin_server(Datacenter& datacenter, const Call& call) {
    const auto network = own_network(datacenter, call);
    if (!network) return network.error();
    auto pinned = pins_of(**network);
    if (pinned.erase(call.ids[1]) == 0) return not_found(call.ids[1]);
    return datacenter.accept(
        call, {204,
               *network,
               "unpin server",
               {{Effect::What::patch, (*network)->id, {{"pinned", std::move(pinned)}}}}});
}

}  // namespace aula::cloud
