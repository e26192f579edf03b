// SPDX-License-Identifier: Apache-2.0
#include "net/socket.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <sys/socket.h>

namespace aula::net {

int open_socket(const Address& address, int type) {
    const int family = address.is_ipv6() ? AF_INET6 : AF_INET;
    const int fd = ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && address.is_ipv6()) {
        set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, address.is_unspecified() ? 0 : 1);
    }
    return fd;
}

bool set_option(int fd, int level, int option, int value) {
    return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

Address local_address(int fd) {
    sockaddr_in6 raw{};
    socklen_t size = sizeof(raw);
    auto* any = reinterpret_cast<sockaddr*>(&raw);
    if (getsockname(fd, any, &size) != 0) return {};
    return Address(any, size);
}

Error socket_error(const char* what, const Address& address) {
    const std::string why = std::generic_category().message(errno);
    return {ErrorCode::unavailable, std::string(what) + " " + address.text() + ": " + why};
}

}  // namespace aula::net
