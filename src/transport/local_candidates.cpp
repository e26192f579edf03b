// SPDX-License-Identifier: Apache-2.0
#include "transport/local_candidates.hpp"

#include <algorithm>
#include <string>

#include <ifaddrs.h>
#include <net/if.h>

#include "ice/candidate.hpp"

namespace aula::transport {

namespace {

constexpr std::size_t advertised_limit = 16;  // each becomes two lines of every answer

bool is_link_local(const net::Address& address) {
    if (address.is_ipv6()) {
        return IN6_IS_ADDR_LINKLOCAL(
            &reinterpret_cast<const sockaddr_in6*>(address.raw())->sin6_addr);
    }
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address.raw());
    return ntohl(v4->sin_addr.s_addr) >> 16 == 0xa9fe;  // 169.254/16
}

socklen_t size_of(const sockaddr& address) {
    return address.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

/// The addresses, each once and at most advertised_limit, with the interfaces' in the place of an
/// unspecified one.
std::vector<net::Address> expanded(const std::vector<net::Address>& given) {
    std::vector<net::Address> addresses;
    const auto add = [&](const net::Address& address) {
        const bool known = std::ranges::find(addresses, address) != addresses.end();
        if (!known && addresses.size() < advertised_limit) addresses.push_back(address);
    };
    for (const net::Address& address : given) {
        if (!address.is_unspecified()) {
            add(address);
            continue;
        }
        for (const net::Address& own : interface_addresses(address.is_ipv6()))
            add(own.with_port(address.port()));
    }
    return addresses;
}

}  // namespace

std::vector<net::Address> interface_addresses(bool with_ipv6) {
    std::vector<net::Address> outside;
    std::vector<net::Address> loopback;
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0) return outside;
    for (const ifaddrs* at = list; at != nullptr; at = at->ifa_next) {
        if (at->ifa_addr == nullptr || (at->ifa_flags & IFF_UP) == 0) continue;
        const bool is_ipv4 = at->ifa_addr->sa_family == AF_INET;
        if (!is_ipv4 && !(with_ipv6 && at->ifa_addr->sa_family == AF_INET6)) continue;
        const net::Address address(at->ifa_addr, size_of(*at->ifa_addr));
        if (is_link_local(address)) continue;
        auto& kind = address.is_loopback() ? loopback : outside;
        if (std::find(kind.begin(), kind.end(), address) == kind.end()) kind.push_back(address);
    }
    freeifaddrs(list);
    return outside.empty() ? loopback : outside;
}

std::vector<Candidate> local_candidates(const net::Address& local,
                                        const std::vector<net::Address>& advertised,
                                        std::uint16_t tcp_port) {
    const std::vector<net::Address> addresses =
        expanded(advertised.empty() ? std::vector{local.with_port(0)} : advertised);
    std::vector<Candidate> candidates;
    for (const bool tcp : {false, true}) {
        if (tcp && tcp_port == 0) continue;
        const auto protocol = tcp ? ice::Protocol::tcp : ice::Protocol::udp;
        std::uint16_t rank = 0;
        for (const net::Address& address : addresses) {
            const std::uint16_t own_port = tcp ? tcp_port : local.port();
            candidates.push_back({address.with_port(address.port() ? address.port() : own_port),
                                  tcp, ice::host_priority(protocol, rank++),
                                  std::to_string(candidates.size() + 1)});
        }
    }
    return candidates;
}

std::string Candidate::line() const {
    ice::Candidate line;
    line.foundation = foundation;
    line.protocol = tcp ? ice::Protocol::tcp : ice::Protocol::udp;
    line.priority = priority;
    line.address = address;
    line.tcp_type = tcp ? ice::TcpType::passive : ice::TcpType::none;
    return line.to_line();
}

}  // namespace aula::transport
