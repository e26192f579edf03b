// SPDX-License-Identifier: Apache-2.0
#include <array>

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

std::optional<std::string> fault_of_rule(const json::value& given) {
    if (!given.is_object()) return "A rule must be an object";
    const auto& rule = given.get_object();
    const auto* order = rule.if_contains("order");
    if (!order || !order->is_int64()) return "A rule's order must be a whole number";
    const auto action = text_member(rule, "action");
    if (action != "accept" && action != "drop") return "A rule's action must be accept or drop";
    const auto protocol = text_member(rule, "protocol");
    if (!is_text_or_absent(rule, "protocol") ||
        (!protocol.empty() && protocol != "udp" && protocol != "tcp"))
        return "A rule's protocol must be udp or tcp";
    for (const auto* name : {"dst_port", "src_port", "src_cidr", "dst_cidr", "comment"}) {
        if (!is_text_or_absent(rule, name)) return std::string(name) + " must be a string";
    }
    return std::nullopt;
}

std::optional<Answer> refuse_rules(const json::object& rules) {
    for (const auto* name : rule_lists) {
        const auto* list = rules.if_contains(name);
        if (!list || list->is_null()) continue;
        if (!list->is_array() || list->get_array().size() > 1000)
            return error_answer(400, std::string(name) + " must be a list of rules");
        for (const auto& rule : list->get_array()) {
            if (const auto fault = fault_of_rule(rule)) return error_answer(400, *fault);
        }
    }
    return std::nullopt;
}

void show_firewall(const Datacenter&, const Object& firewall, json::object& into) {
    into["private"] = !firewall.owner.empty();
    into["description"] = "";
    auto& rules = into["rules"].as_object();
    for (const auto* name : rule_lists) {
        auto& list = rules[name];
        if (!list.is_array()) list = json::array{};
    }
    into["relations"] = {{"networks", json::array{}}};
}

std::optional<Answer> may_change_firewall(const Datacenter&, const Object&, json::object& changes) {
    const auto* rules = changes.if_contains("rules");
    return rules ? refuse_rules(rules->as_object()) : std::nullopt;
}

}  // namespace

Resource firewall_resource() {
    return {Kind::firewall,  "firewalls",   "firewall",
            firewall_fields, show_firewall, may_change_firewall};
}

Answer create_firewall(Datacenter& datacenter, const Call& call) {
    auto fields = new_fields(call, firewall_resource());
    if (!fields) return fields.error();
    if (const auto refusal = refuse_rules(fields->at("rules").as_object())) return *refusal;
    return created(datacenter, call, datacenter.add(Kind::firewall, call.owner, *fields));
}

}  // namespace aula::cloud
