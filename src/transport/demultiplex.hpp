// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace aula::transport {

enum class PacketKind : std::uint8_t { stun, dtls, media, unknown };

/// By the first byte (RFC 7983 section 7).
inline PacketKind kind_of(Bytes packet) {
    if (packet.empty()) return PacketKind::unknown;
    const std::uint8_t first = packet[0];
    if (first <= 3) return PacketKind::stun;
    if (first >= 20 && first <= 63) return PacketKind::dtls;
    return first >= 128 && first <= 191 ? PacketKind::media : PacketKind::unknown;
}

/// By the second byte (RFC 5761 section 4): RTP payload types 64 to 95 are not used beside RTCP.
inline bool is_rtcp(Bytes media) { return media.size() >= 2 && media[1] >= 192 && media[1] <= 223; }

}  // namespace aula::transport
