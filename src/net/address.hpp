// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <netinet/in.h>
#include <sys/socket.h>

namespace aula::net {

/// An IPv4 or IPv6 address with a port. A value; comparing ignores scope and flow.
/// An IPv4 address is always IPv4: the mapped form in which a dual-stack socket shows it
/// (::ffff:a.b.c.d) is undone when an Address is made, and whoever sends from an IPv6 socket maps
/// it back by as_ipv6().
class Address {
public:
    Address() = default;
    Address(const sockaddr* address, socklen_t size);

    /// "127.0.0.1:80", "[::1]:80"; names are not looked up here.
    static std::optional<Address> parse(std::string_view host_and_port);
    static std::optional<Address> of(std::string_view ip, std::uint16_t port);

    bool is_ipv6() const { return storage_.v4.sin_family == AF_INET6; }
    bool is_loopback() const;
    bool is_unspecified() const;
    std::uint16_t port() const { return ntohs(storage_.v4.sin_port); }
    std::string ip() const;
    std::string text() const;
    Address with_port(std::uint16_t port) const;

    const sockaddr* raw() const { return &storage_.any; }
    socklen_t size() const { return is_ipv6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in); }

    /// For an IPv6 socket: an IPv4 address in its mapped form (RFC 4291 section 2.5.5.2).
    sockaddr_in6 as_ipv6() const;

    bool operator==(const Address& other) const;
    std::size_t hash() const;

private:
    union {
        sockaddr any;
        sockaddr_in v4;
        sockaddr_in6 v6;
    } storage_{};
};

/// By which a client is counted: an IPv4 address by itself, of an IPv6 address the /64 in which one
/// client may take any address it likes (RFC 4291 section 2.5.4). What is no address stays.
std::string network_of(std::string_view ip);

struct AddressHash {
    std::size_t operator()(const Address& address) const { return address.hash(); }
};

}  // namespace aula::net
