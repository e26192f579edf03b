// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <set>

#include "cloud/formats.hpp"
#include "cloud/handlers.hpp"
#include "cloud/links.hpp"
#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

// 198.18.0.0/15 (RFC 2544) and 2001:db8::/32 (RFC 3849) belong to nobody.
constexpr std::size_t pool_size = 2 * 65'534;

constexpr std::array ip_fields = {
    Field{.name = "name", .most = 64},
    Field{.name = "family",
          .type = FieldType::whole_or_text,
          .required = true,
          .least = 4,
          .most = 6,
          .changeable = false},
    Field{.name = "labels", .type = FieldType::texts, .preset = "[]"},
    Field{.name = "failover", .type = FieldType::boolean, .preset = "false"},
    Field{.name = "reverse_dns"},
};

void show_ip(const Datacenter& datacenter, const Object& ip, json::object& into) {
    into["relations"] = {{"servers", linked_servers(datacenter, ip)},
                         {"loadbalancers", json::array{}},
                         {"public_ips", json::array{}},
                         {"storages", json::array{}}};
}

std::optional<Answer> may_change_ip(const Datacenter& datacenter, const Object& ip,
                                    json::object& changes) {
    if (!bool_member(changes, "failover") || datacenter.inventory().links(ip.id).empty())
        return std::nullopt;
    return error_answer(424, "The address is linked to a server");
}

std::optional<Answer> may_remove_ip(const Datacenter& datacenter, const Object& ip) {
    if (datacenter.inventory().links(ip.id).empty()) return std::nullopt;
    return error_answer(424, "The address is linked to a server");
}

std::string address_text(std::int64_t family, std::size_t number) {
    std::array<char, 32> text{};
    if (family == 4) {
        std::snprintf(text.data(), text.size(), "198.%zu.%zu.%zu", 18 + number / 65'536,
                      number / 256 % 256, number % 256);
    } else {
        std::snprintf(text.data(), text.size(), "2001:db8:0:%zx::1", number & 0xffff);
    }
    return text.data();
}

std::string prefix_text(std::int64_t family, std::size_t number) {
    if (family == 4) return address_text(4, number) + "/32";
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "2001:db8:0:%zx::/64", number & 0xffff);
    return text.data();
}

/// The lowest number of the pool that is free; nullopt when none is.
std::optional<std::size_t> free_number(const Datacenter& datacenter, std::int64_t family) {
    std::set<std::string> used;
    for (const auto* ip : datacenter.inventory().all(Kind::ip)) used.insert(ip->text("ip"));
    const auto most = family == 4 ? pool_size : std::size_t{65'535};
    for (std::size_t number = 1; number <= most; ++number) {
        if (!used.contains(address_text(family, number))) return number;
    }
    return std::nullopt;
}

}  // namespace

Resource ip_resource() {
    return {Kind::ip, "ips", "ip", ip_fields, show_ip, may_change_ip, may_remove_ip};
}

Answer create_ip(Datacenter& datacenter, const Call& call) {
    auto fields = new_fields(call, ip_resource());
    if (!fields) return fields.error();
    const auto family = whole_member(*fields, "family");
    if (family == 5) return error_answer(400, "family must be 4 or 6");
    const auto number = free_number(datacenter, family);
    if (!number || datacenter.strike(FaultKind::no_addresses, {call.method, call.path, {}}))
        return error_answer(416, "There is no free address");
    (*fields)["ip"] = address_text(family, *number);
    (*fields)["prefix"] = prefix_text(family, *number);
    (*fields)["delete_block"] = false;
    json::object more{{"ip", (*fields)["ip"]}, {"prefix", (*fields)["prefix"]}};
    return created(datacenter, call, datacenter.add(Kind::ip, call.owner, *fields),
                   std::move(more));
}

}  // namespace aula::cloud
