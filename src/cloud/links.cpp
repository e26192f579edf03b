// SPDX-License-Identifier: Apache-2.0
#include "cloud/links.hpp"

#include <algorithm>
#include <array>

#include "cloud/formats.hpp"
#include "cloud/handlers.hpp"
#include "cloud/linking.hpp"
#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

/// How a kind of target is called in paths and lists.
struct LinkWords {
    Kind kind;
    const char* list;       // of GET .../storages
    const char* item;       // of GET .../storages/{id}
    const char* relations;  // in the server itself
};
constexpr std::array link_words = {
    LinkWords{Kind::storage, "storage_relations", "storage_relation", "storages"},
    LinkWords{Kind::network, "network_relations", "network_relation", "networks"},
    LinkWords{Kind::ip, "ip_relations", "ip_relation", "public_ips"},
    LinkWords{Kind::isoimage, "isoimage_relations", "isoimage_relation", "isoimages"},
};

const LinkWords& words_of(Kind kind) {
    for (const auto& words : link_words) {
        if (words.kind == kind) return words;
    }
    return link_words.front();
}

json::object shown_storage(const Object& link, const Object& storage) {
    return {{"object_uuid", storage.id},
            {"object_name", storage.text("name")},
            {"storage_type", storage.text("storage_type")},
            {"capacity", storage.whole("capacity")},
            {"bootdevice", link.flag("bootdevice")},
            {"controller", 0},
            {"bus", 0},
            {"target", link.whole("slot")},
            {"lun", 0},
            {"last_used_template", storage.text("last_used_template")},
            {"license_product_no", 0}};
}

json::object shown_network(const Object& link, const Object& network) {
    json::object out{{"object_uuid", network.id},
                     {"network_uuid", network.id},
                     {"object_name", network.text("name")},
                     {"network_type", network.text("network_type")},
                     {"l2security", network.flag("l2security")},
                     {"public_net", network.flag("public_net")},
                     {"mcast", nullptr},
                     {"vlan", nullptr},
                     {"vxlan", nullptr},
                     {"dhcp_ip", nullptr},
                     {"partner_uuid", link.owner}};
    for (const auto* part :
         {"mac", "ordering", "bootdevice", "l3security", "firewall", "firewall_template_uuid"}) {
        out[part] = link.fields.at(part);
    }
    return out;
}

json::object shown_ip(const Object& ip) {
    return {{"object_uuid", ip.id},
            {"family", ip.whole("family")},
            {"ip", ip.text("ip")},
            {"prefix", ip.text("prefix")}};
}

json::object shown_isoimage(const Object& link, const Object& image) {
    return {{"object_uuid", image.id},
            {"object_name", image.text("name")},
            {"bootdevice", link.flag("bootdevice")},
            {"private", image.flag("private")}};
}

/// A link as its server shows it.
json::object shown_link(const Object& link, const Object& target) {
    auto out = target.kind == Kind::storage   ? shown_storage(link, target)
               : target.kind == Kind::network ? shown_network(link, target)
               : target.kind == Kind::ip      ? shown_ip(target)
                                              : shown_isoimage(link, target);
    out["server_uuid"] = link.text("server");
    out["create_time"] = time_text(link.created);
    return out;
}

/// In the order of the interfaces and disks.
json::array links_of(const Datacenter& datacenter, const Object& server, Kind kind) {
    auto links = datacenter.inventory().links(server.id);
    const auto place = [](const Object* link) {
        return std::pair(link->whole("ordering"), link->whole("slot"));
    };
    std::stable_sort(links.begin(), links.end(),
                     [&](const auto* a, const auto* b) { return place(a) < place(b); });
    json::array out;
    for (const auto* link : links) {
        const auto* target = datacenter.inventory().find(link->text("target"));
        if (target && target->kind == kind) out.push_back(shown_link(*link, *target));
    }
    return out;
}

const Object* link_between(const Datacenter& datacenter, std::string_view server,
                           std::string_view target) {
    for (const auto* link : datacenter.inventory().links(server)) {
        if (link->text("target") == target) return link;
    }
    return nullptr;
}

/// The server, target and link that a call's path names; the answer when one is not there.
struct NamedLink {
    const Object* server = nullptr;
    const Object* link = nullptr;
};
Expected<NamedLink, Answer> named_link(const Datacenter& datacenter, const Call& call) {
    const auto server = named(datacenter, call, Kind::server);
    if (!server) return fail(server.error());
    const auto* target = datacenter.inventory().find(call.ids[1], call.kind, call.owner);
    const auto* link = target ? link_between(datacenter, (*server)->id, target->id) : nullptr;
    if (!link) return fail(not_found(call.ids[1]));
    return NamedLink{*server, link};
}

}  // namespace

json::object server_relations(const Datacenter& datacenter, const Object& server) {
    json::object relations;
    for (const auto& words : link_words)
        relations[words.relations] = links_of(datacenter, server, words.kind);
    return relations;
}

json::array linked_servers(const Datacenter& datacenter, const Object& target) {
    json::array servers;
    for (const auto* link : datacenter.inventory().links(target.id)) {
        const auto* server = datacenter.inventory().find(link->text("server"));
        if (!server) continue;
        auto out = shown_link(*link, target);
        out["object_uuid"] = server->id;
        out["object_name"] = server->text("name");
        out["server_name"] = server->text("name");
        servers.push_back(std::move(out));
    }
    return servers;
}

Answer list_links(Datacenter& datacenter, const Call& call) {
    const auto server = named(datacenter, call, Kind::server);
    if (!server) return server.error();
    return json_answer(
        200, json::object{{words_of(call.kind).list, links_of(datacenter, **server, call.kind)}});
}

Answer create_link(Datacenter& datacenter, const Call& call) {
    const auto server = named(datacenter, call, Kind::server);
    if (!server) return server.error();
    const auto body = body_of(call);
    if (!body) return body.error();
    const auto id = text_member(*body, "object_uuid");
    if (id.empty()) return error_answer(400, "object_uuid is required");
    const auto* target = datacenter.inventory().find(id, call.kind, call.owner);
    if (!target) return not_found(id);
    if (const auto refusal = refuse_link(datacenter, (*server)->text("hardware_profile"),
                                         linked_targets(datacenter, **server), *target))
        return *refusal;
    auto parts = read_link(datacenter, call.owner, *body);
    if (!parts) return parts.error();
    return datacenter.accept(call, {202,
                                    *server,
                                    "link",
                                    add_link(datacenter, **server, *target, std::move(*parts)),
                                    {{"object_uuid", id}}});
}

Answer get_link(Datacenter& datacenter, const Call& call) {
    const auto found = named_link(datacenter, call);
    if (!found) return found.error();
    const auto* target = datacenter.inventory().find(call.ids[1]);
    return json_answer(200,
                       json::object{{words_of(call.kind).item, shown_link(*found->link, *target)}});
}

Answer change_link(Datacenter& datacenter, const Call& call) {
    const auto found = named_link(datacenter, call);
    if (!found) return found.error();
    const auto body = body_of(call);
    if (!body) return body.error();
    auto changes = read_link_changes(datacenter, call.owner, *body);
    if (!changes) return changes.error();
    std::vector<Effect> effects;
    if (bool_member(*changes, "bootdevice")) {
        effects = other_boot_devices(datacenter, *found->server,
                                     *datacenter.inventory().find(call.ids[1]));
    }
    effects.push_back({Effect::What::patch, found->link->id, std::move(*changes)});
    return datacenter.accept(
        call,
        {202, found->server, "update link", std::move(effects), {{"object_uuid", call.ids[1]}}});
}

Answer delete_link(Datacenter& datacenter, const Call& call) {
    const auto found = named_link(datacenter, call);
    if (!found) return found.error();
    return datacenter.accept(call, {202,
                                    found->server,
                                    "unlink",
                                    {{Effect::What::remove, found->link->id}},
                                    {{"object_uuid", call.ids[1]}}});
}

}  // namespace aula::cloud
