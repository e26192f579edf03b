// SPDX-License-Identifier: Apache-2.0
#include "control/dial.hpp"

#include <memory>

#include <netdb.h>

namespace aula::control {

Expected<Target, Error> find_hub(const std::string& host_and_port) {
    const auto colon = host_and_port.rfind(':');
    if (colon == std::string::npos || colon == 0) {
        return fail(Error{ErrorCode::invalid, "a hub is given as HOST:PORT"});
    }
    std::string host = host_and_port.substr(0, colon);
    if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (const auto numeric = net::Address::parse(host_and_port)) return Target{*numeric, host};

    const addrinfo hints{.ai_flags = 0,
                         .ai_family = AF_UNSPEC,
                         .ai_socktype = SOCK_STREAM,
                         .ai_protocol = 0,
                         .ai_addrlen = 0,
                         .ai_addr = nullptr,
                         .ai_canonname = nullptr,
                         .ai_next = nullptr};
    addrinfo* found = nullptr;
    const std::string port = host_and_port.substr(colon + 1);
    if (const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0) {
        return fail(Error{ErrorCode::unavailable, host + ": " + gai_strerror(error)});
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
    return Target{net::Address(found->ai_addr, static_cast<socklen_t>(found->ai_addrlen)), host};
}

}  // namespace aula::control
