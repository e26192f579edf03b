// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "net/address.hpp"
#include "transport/media_port.hpp"

namespace aula::transport {

/// Where the machine can be reached: its interfaces' addresses with port 0, without link-local
/// ones, and with loopback only when there is nothing else.
std::vector<net::Address> interface_addresses(bool with_ipv6);

/// UDP candidates and, unless tcp_port is 0, TCP ones for the advertised addresses (port 0: ours),
/// else for the local address. An unspecified address stands for those of the interfaces.
std::vector<Candidate> local_candidates(const net::Address& local,
                                        const std::vector<net::Address>& advertised,
                                        std::uint16_t tcp_port);

}  // namespace aula::transport
