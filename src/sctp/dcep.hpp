// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// The data channel establishment protocol (RFC 8832 section 5).
namespace aula::sctp::dcep {

enum class ParseError : std::uint8_t { size, type, channel_type, text };

struct Open {
    bool ordered = true;
    bool reliable = true;
    std::uint32_t reliability = 0;  // retransmissions or milliseconds, by the channel type
    bool timed = false;             // reliability is a life time
    std::string label;
    std::string protocol;
};

constexpr std::size_t text_limit = 256;  // of label and protocol each; RFC 8832 allows 65535

bool is_ack(Bytes message);
Expected<Open, ParseError> parse_open(Bytes message);
Buffer write_open(const Open& open);
Buffer write_ack();

}  // namespace aula::sctp::dcep
