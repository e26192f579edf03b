// SPDX-License-Identifier: Apache-2.0
#include "cloud/linking.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "cloud/body.hpp"
#include "cloud/firewalls.hpp"
#include "crypto/random.hpp"

namespace aula::cloud {
namespace {

constexpr std::array link_fields = {
    Field{.name = "bootdevice", .type = FieldType::boolean, .preset = "false"},
    Field{.name = "ordering", .type = FieldType::whole, .preset = "0", .least = 0, .most = 65'535},
    Field{.name = "l3security", .type = FieldType::texts, .preset = "null"},  // []: blocks all
    Field{.name = "firewall", .type = FieldType::object, .preset = "{}"},
    Field{.name = "firewall_template_uuid", .preset = "null"},
};

std::string make_mac() {
    const auto random = crypto::random32();
    std::array<char, 18> text{};
    std::snprintf(text.data(), text.size(), "02:aa:%02x:%02x:%02x:%02x", (random >> 24) & 0xff,
                  (random >> 16) & 0xff, (random >> 8) & 0xff, random & 0xff);
    return text.data();
}

std::optional<Answer> refuse_firewall(const Datacenter& datacenter, std::string_view owner,
                                      json::object& parts) {
    if (auto* rules = parts.if_contains("firewall")) {
        if (auto refusal = tidy_rules(rules->as_object())) return refusal;
    }
    auto* id = parts.if_contains("firewall_template_uuid");
    if (!id || id->is_null()) return std::nullopt;
    const std::string name(id->as_string());
    if (name.empty()) {
        *id = nullptr;
        return std::nullopt;
    }
    if (datacenter.inventory().find(name, Kind::firewall, owner)) return std::nullopt;
    return not_found(name);
}

/// gridscale's most of what a server may be linked to.
std::size_t most_links(std::string_view profile, const Object& target) {
    switch (target.kind) {
        case Kind::storage:
            return profile == "default" || profile == "nested" || profile.starts_with("q35") ? 8
                                                                                             : 2;
        case Kind::network:
            return target.flag("public_net") ? 1 : 7;
        default:
            return 1;
    }
}

/// Both are private networks, IPv4 addresses ...
bool are_alike(const Object& a, const Object& b) {
    return a.kind == b.kind && a.flag("public_net") == b.flag("public_net") &&
           a.whole("family") == b.whole("family");
}

/// The links of the server to this kind of target.
std::vector<const Object*> links_to(const Datacenter& datacenter, const Object& server, Kind kind) {
    auto links = datacenter.inventory().links(server.id);
    std::erase_if(links, [&](const Object* link) {
        const auto* target = datacenter.inventory().find(link->text("target"));
        return !target || target->kind != kind;
    });
    return links;
}

/// The lowest SCSI target, or place of an interface, that is free.
std::int64_t free_slot(const std::vector<const Object*>& links) {
    std::set<std::int64_t> taken;
    for (const auto* link : links) taken.insert(link->whole("slot"));
    std::int64_t slot = 0;
    while (taken.contains(slot)) ++slot;
    return slot;
}

}  // namespace

Expected<json::object, Answer> read_link(const Datacenter& datacenter, std::string_view owner,
                                         const json::object& given) {
    auto parts = read_new(link_fields, given);
    if (!parts) return fail(error_answer(400, parts.error()));
    if (auto refusal = refuse_firewall(datacenter, owner, *parts)) return fail(*refusal);
    const auto* boots = given.if_contains("bootdevice");
    if (!boots || boots->is_null()) parts->erase("bootdevice");
    return std::move(*parts);
}

Expected<json::object, Answer> read_link_changes(const Datacenter& datacenter,
                                                 std::string_view owner,
                                                 const json::object& given) {
    auto parts = read_changes(link_fields, given);
    if (!parts) return fail(error_answer(400, parts.error()));
    if (auto refusal = refuse_firewall(datacenter, owner, *parts)) return fail(*refusal);
    const auto is_null = [&](const char* name) {
        const auto* value = given.if_contains(name);
        return value && value->is_null();
    };
    if (is_null("firewall")) (*parts)["firewall"] = json::object{};
    for (const auto* name : {"l3security", "firewall_template_uuid"}) {
        if (is_null(name)) (*parts)[name] = nullptr;
    }
    return std::move(*parts);
}

std::vector<const Object*> linked_targets(const Datacenter& datacenter, const Object& server) {
    std::vector<const Object*> targets;
    for (const auto* link : datacenter.inventory().links(server.id)) {
        if (const auto* target = datacenter.inventory().find(link->text("target")))
            targets.push_back(target);
    }
    return targets;
}

std::optional<Answer> refuse_link(const Datacenter& datacenter, std::string_view hardware_profile,
                                  const std::vector<const Object*>& linked, const Object& target) {
    const bool is_here = std::find(linked.begin(), linked.end(), &target) != linked.end();
    if (is_here)
        return error_answer(409, "Object " + target.id + " is linked to this server already");
    const bool is_exclusive = target.kind == Kind::storage || target.kind == Kind::ip;
    if (is_exclusive && !datacenter.inventory().links(target.id).empty())
        return error_answer(409, "Object " + target.id + " is linked to a server already");
    if (target.flag("failover"))
        return error_answer(409, "A failover address cannot be linked to a server");
    const auto alike = std::count_if(linked.begin(), linked.end(), [&](const Object* other) {
        return are_alike(*other, target);
    });
    if (static_cast<std::size_t>(alike) >= most_links(hardware_profile, target))
        return error_answer(416, "The server cannot be linked to more of this kind");
    return std::nullopt;
}

std::vector<Effect> other_boot_devices(const Datacenter& datacenter, const Object& server,
                                       const Object& target) {
    std::vector<Effect> effects;
    for (const auto* link : links_to(datacenter, server, target.kind)) {
        if (link->flag("bootdevice") && link->text("target") != target.id)
            effects.push_back({Effect::What::patch, link->id, {{"bootdevice", false}}});
    }
    return effects;
}

std::vector<Effect> add_link(Datacenter& datacenter, const Object& server, const Object& target,
                             json::object parts) {
    const auto beside = links_to(datacenter, server, target.kind);
    parts["server"] = server.id;
    parts["target"] = target.id;
    parts["slot"] = free_slot(beside);
    if (target.kind == Kind::network) parts["mac"] = make_mac();
    // Clients leave it out and count on booting from the first storage.
    if (!parts.contains("bootdevice"))
        parts["bootdevice"] = target.kind == Kind::storage && beside.empty();
    auto effects = parts.at("bootdevice").as_bool() ? other_boot_devices(datacenter, server, target)
                                                    : std::vector<Effect>{};
    const auto& link = datacenter.add(Kind::link, server.owner, std::move(parts));
    effects.push_back({Effect::What::activate, link.id});
    return effects;
}

}  // namespace aula::cloud
