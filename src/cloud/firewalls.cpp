// SPDX-License-Identifier: Apache-2.0
#include "cloud/firewalls.hpp"

#include <array>
#include <charconv>

#include "cloud/formats.hpp"
#include "cloud/handlers.hpp"
#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

constexpr std::array firewall_fields = {
    Field{.name = "name", .required = true, .least = 1, .most = 64},
    Field{.name = "labels", .type = FieldType::texts, .preset = "[]"},
    Field{.name = "rules", .type = FieldType::object, .preset = "{}"},
};
constexpr std::array rule_lists = {"rules-v4-in", "rules-v4-out", "rules-v6-in", "rules-v6-out"};

bool is_text_or_absent(const json::object& rule, const char* name) {
    const auto* value = rule.if_contains(name);
    return !value || value->is_null() || value->is_string();
}

/// From 1 to 65535.
bool is_port(std::string_view text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65'536;
}

/// "80" or a range "20:80"; a number becomes such a text, as readers expect no other.
bool tidy_port(json::object& rule, const char* name) {
    auto* value = rule.if_contains(name);
    if (!value || value->is_null()) return true;
    if (value->is_int64()) *value = json::string(std::to_string(value->get_int64()));
    if (!value->is_string()) return false;
    const std::string_view text = value->get_string();
    const auto colon = text.find(':');
    return text.empty() || (is_port(text.substr(0, colon)) &&
                            (colon == std::string_view::npos || is_port(text.substr(colon + 1))));
}

std::optional<std::string> fault_of_rule(json::value& given) {
    if (!given.is_object()) return "A rule must be an object";
    auto& rule = given.get_object();
    const auto* order = rule.if_contains("order");
    if (!order || !order->is_int64()) return "A rule's order must be a whole number";
    const auto action = text_member(rule, "action");
    if (action != "accept" && action != "drop") return "A rule's action must be accept or drop";
    const auto protocol = text_member(rule, "protocol");
    if (!is_text_or_absent(rule, "protocol") ||
        (!protocol.empty() && protocol != "udp" && protocol != "tcp"))
        return "A rule's protocol must be udp or tcp";
    for (const auto* name : {"dst_port", "src_port"}) {
        if (!tidy_port(rule, name)) return std::string(name) + " must be like 80 or 20:80";
    }
    for (const auto* name : {"src_cidr", "dst_cidr", "comment"}) {
        if (!is_text_or_absent(rule, name)) return std::string(name) + " must be a string";
    }
    return std::nullopt;
}

/// The links of servers to networks that this firewall is the template of.
std::vector<const Object*> links_with(const Datacenter& datacenter, const Object& firewall) {
    auto links = datacenter.inventory().all(Kind::link, firewall.owner);
    std::erase_if(links, [&](const Object* link) {
        return link->text("firewall_template_uuid") != firewall.id;
    });
    return links;
}

json::array networks_with(const Datacenter& datacenter, const Object& firewall) {
    json::array networks;
    for (const auto* link : links_with(datacenter, firewall)) {
        const auto* network = datacenter.inventory().find(link->text("target"));
        const auto* server = datacenter.inventory().find(link->text("server"));
        if (!network || !server) continue;
        networks.push_back({{"object_uuid", server->id},
                            {"object_name", server->text("name")},
                            {"server_uuid", server->id},
                            {"server_name", server->text("name")},
                            {"network_uuid", network->id},
                            {"network_name", network->text("name")},
                            {"network_type", network->text("network_type")},
                            {"mac", link->text("mac")},
                            {"create_time", time_text(link->created)}});
    }
    return networks;
}

void show_firewall(const Datacenter& datacenter, const Object& firewall, json::object& into) {
    into["private"] = !firewall.owner.empty();
    into["description"] = "";
    auto& rules = into["rules"].as_object();
    for (const auto* name : rule_lists) {
        auto& list = rules[name];
        if (!list.is_array()) list = json::array{};
    }
    into["relations"] = {{"networks", networks_with(datacenter, firewall)}};
}

std::optional<Answer> may_change_firewall(const Datacenter&, const Object&, json::object& changes) {
    auto* rules = changes.if_contains("rules");
    return rules ? tidy_rules(rules->as_object()) : std::nullopt;
}

std::optional<Answer> may_remove_firewall(const Datacenter& datacenter, const Object& firewall) {
    if (links_with(datacenter, firewall).empty()) return std::nullopt;
    return error_answer(424, "The firewall is the template of a server's network");
}

}  // namespace

std::optional<Answer> tidy_rules(json::object& rules) {
    for (const auto* name : rule_lists) {
        auto* list = rules.if_contains(name);
        if (!list || list->is_null()) continue;
        if (!list->is_array() || list->get_array().size() > 1000)
            return error_answer(400, std::string(name) + " must be a list of rules");
        for (auto& rule : list->get_array()) {
            if (const auto fault = fault_of_rule(rule)) return error_answer(400, *fault);
        }
    }
    return std::nullopt;
}

Resource firewall_resource() {
    return {Kind::firewall, "firewalls",         "firewall",         firewall_fields,
            show_firewall,  may_change_firewall, may_remove_firewall};
}

Answer create_firewall(Datacenter& datacenter, const Call& call) {
    auto fields = new_fields(call, firewall_resource());
    if (!fields) return fields.error();
    if (const auto refusal = tidy_rules(fields->at("rules").as_object())) return *refusal;
    return created(datacenter, call, datacenter.add(Kind::firewall, call.owner, *fields));
}

}  // namespace aula::cloud
