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
    std::vector<net::Address> addresses = advertised;
    if (addresses.empty() && local.is_unspecified()) {
        addresses = interface_addresses(local.is_ipv6());
    }
    if (addresses.empty()) addresses.push_back(local);
    addresses.resize(std::min(addresses.size(), advertised_limit));

    std::vector<Candidate> candidates;
    for (const bool tcp : {false, true}) {
        if (tcp && tcp_port == 0) continue;
        const auto protocol = tcp ? ice::Protocol::tcp : ice::Protocol::udp;
        const bool ports_given = !advertised.empty();
        std::uint16_t rank = 0;
        for (const net::Address& address : addresses) {
            const bool mapped = ports_given && address.port() != 0;
            const std::uint16_t own_port = tcp ? tcp_port : local.port();
            candidates.push_back({address.with_port(mapped ? address.port() : own_port), tcp,
                                  ice::host_priority(protocol, rank++),
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
