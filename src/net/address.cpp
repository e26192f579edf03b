// SPDX-License-Identifier: Apache-2.0
#include "net/address.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

namespace aula::net {
namespace {

std::optional<std::uint16_t> port_number(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return port;
}

std::uint64_t mixed(std::uint64_t value) {
    value ^= value >> 33;
    value *= 0xff51afd7ed558ccdULL;  // MurmurHash3's finaliser
    return value ^ (value >> 33);
}

}  // namespace

Address::Address(const sockaddr* address, socklen_t size) {
    if (size >= sizeof(sockaddr_in) && address->sa_family == AF_INET) {
        std::memcpy(&storage_.v4, address, sizeof(sockaddr_in));
        return;
    }
    if (size < sizeof(sockaddr_in6) || address->sa_family != AF_INET6) return;
    sockaddr_in6 v6;
    std::memcpy(&v6, address, sizeof(v6));
    if (!IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
        storage_.v6 = v6;
        return;
    }
    storage_.v4.sin_family = AF_INET;
    storage_.v4.sin_port = v6.sin6_port;
    std::memcpy(&storage_.v4.sin_addr, &v6.sin6_addr.s6_addr[12], 4);
}

std::optional<Address> Address::parse(std::string_view host_and_port) {
    const std::size_t colon = host_and_port.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = port_number(host_and_port.substr(colon + 1));
    std::string_view host = host_and_port.substr(0, colon);
    if (!port || host.empty()) return std::nullopt;
    const bool bracketed = host.front() == '[';
    if (bracketed != (host.find(':') != std::string_view::npos)) return std::nullopt;
    if (bracketed) {
        if (host.back() != ']') return std::nullopt;
        host = host.substr(1, host.size() - 2);
    }
    return of(host, *port);
}

std::optional<Address> Address::of(std::string_view ip, std::uint16_t port) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    // A NUL inside would end the text early for inet_pton.
    if (ip.size() >= text.size() || ip.find('\0') != std::string_view::npos) return std::nullopt;
    std::copy(ip.begin(), ip.end(), text.begin());
    if (sockaddr_in v4{}; inet_pton(AF_INET, text.data(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        return Address(reinterpret_cast<const sockaddr*>(&v4), sizeof(v4));
    }
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET6, text.data(), &v6.sin6_addr) != 1) return std::nullopt;
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    return Address(reinterpret_cast<const sockaddr*>(&v6), sizeof(v6));
}

bool Address::is_loopback() const {
    if (is_ipv6()) return IN6_IS_ADDR_LOOPBACK(&storage_.v6.sin6_addr) != 0;
    return ntohl(storage_.v4.sin_addr.s_addr) >> 24 == 127;
}

bool Address::is_unspecified() const {
    if (is_ipv6()) return IN6_IS_ADDR_UNSPECIFIED(&storage_.v6.sin6_addr) != 0;
    return storage_.v4.sin_addr.s_addr == 0;
}

std::string Address::ip() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (is_ipv6()) {
        inet_ntop(AF_INET6, &storage_.v6.sin6_addr, text.data(), text.size());
    } else {
        inet_ntop(AF_INET, &storage_.v4.sin_addr, text.data(), text.size());
    }
    return text.data();
}

std::string Address::text() const {
    const std::string port_text = ":" + std::to_string(port());
    return is_ipv6() ? "[" + ip() + "]" + port_text : ip() + port_text;
}

Address Address::with_port(std::uint16_t port) const {
    Address changed = *this;
    changed.storage_.v4.sin_port = htons(port);  // at the same place in both forms
    return changed;
}

sockaddr_in6 Address::as_ipv6() const {
    if (is_ipv6()) return storage_.v6;
    sockaddr_in6 mapped{};
    mapped.sin6_family = AF_INET6;
    mapped.sin6_port = storage_.v4.sin_port;
    mapped.sin6_addr.s6_addr[10] = 0xff;
    mapped.sin6_addr.s6_addr[11] = 0xff;
    std::memcpy(&mapped.sin6_addr.s6_addr[12], &storage_.v4.sin_addr, 4);
    return mapped;
}

std::string network_of(std::string_view ip) {
    const auto address = Address::of(ip, 0);
    if (!address) return std::string(ip);
    if (!address->is_ipv6()) return address->ip();
    sockaddr_in6 network = address->as_ipv6();
    std::memset(&network.sin6_addr.s6_addr[8], 0, 8);
    return Address(reinterpret_cast<const sockaddr*>(&network), sizeof(network)).ip() + "/64";
}

bool Address::operator==(const Address& other) const {
    if (storage_.v4.sin_family != other.storage_.v4.sin_family) return false;
    if (storage_.v4.sin_port != other.storage_.v4.sin_port) return false;
    if (!is_ipv6()) return storage_.v4.sin_addr.s_addr == other.storage_.v4.sin_addr.s_addr;
    return std::memcmp(&storage_.v6.sin6_addr, &other.storage_.v6.sin6_addr, 16) == 0;
}

std::size_t Address::hash() const {
    const std::uint64_t port_bits = storage_.v4.sin_port;
    if (!is_ipv6()) return mixed((port_bits << 32) | storage_.v4.sin_addr.s_addr);
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, &storage_.v6.sin6_addr.s6_addr[0], 8);
    std::memcpy(&low, &storage_.v6.sin6_addr.s6_addr[8], 8);
    return mixed(mixed(high ^ port_bits) ^ low);
}

}  // namespace aula::net
