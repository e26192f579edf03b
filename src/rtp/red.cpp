// SPDX-License-Identifier: Apache-2.0
#include "rtp/red.hpp"

namespace aula::rtp {

namespace {
constexpr std::size_t redundant_header = 4, primary_header = 1;  // RFC 2198 section 3
constexpr std::uint8_t more_follow = 0x80;
}  // namespace

std::optional<Bytes> red_primary(Bytes payload) {
    std::size_t at = 0, redundant = 0;
    while (at < payload.size() && (payload[at] & more_follow) != 0) {
        if (payload.size() - at < redundant_header) return std::nullopt;
        redundant += load16(&payload[at + 2]) & 0x3ff;  // the lower 10 bits are the block's length
        at += redundant_header;
    }
    // The blocks stand in the order of their headers, the primary one last.
    const std::size_t primary = at + primary_header + redundant;
    if (primary >= payload.size()) return std::nullopt;
    return payload.subspan(primary);
}

}  // namespace aula::rtp
