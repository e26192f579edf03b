// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/address.hpp"

namespace aula::ice {

enum class Protocol : std::uint8_t { udp, tcp };
enum class CandidateType : std::uint8_t { host, srflx, prflx, relay };
enum class TcpType : std::uint8_t { none, active, passive, so };

/// unsupported: well-formed, but nothing we could send to (a name instead of an address, another
/// transport).
enum class CandidateError : std::uint8_t { syntax, unsupported };

/// One line of RFC 8839 section 5.1.
struct Candidate {
    std::string foundation;
    std::uint16_t component = 1;
    Protocol protocol = Protocol::udp;
    std::uint32_t priority = 0;
    net::Address address;
    CandidateType type = CandidateType::host;
    TcpType tcp_type = TcpType::none;

    /// "candidate:..." without "a=".
    std::string to_line() const;
    /// Takes the line with or without "a=". Related addresses and extensions are skipped.
    static Expected<Candidate, CandidateError> parse(std::string_view line);
};

/// RFC 8445 section 5.1.2.1 for a host candidate; rank counts down from 0, the best.
std::uint32_t host_priority(Protocol protocol, std::uint16_t rank);

}  // namespace aula::ice
