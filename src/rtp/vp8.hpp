// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace aula::rtp {

/// The VP8 payload descriptor (RFC 7741 section 4.2) and what the forwarder needs of the frame
/// behind it.
struct Vp8Descriptor {
    std::uint8_t size = 0;           // of the descriptor
    std::uint8_t picture_id_at = 0;  // offset of the picture id, 0: none
    std::uint8_t tl0picidx_at = 0;   // offset of TL0PICIDX, 0: none
    std::uint16_t picture_id = 0;
    std::uint8_t tl0picidx = 0;
    std::uint8_t temporal_id = 0;  // 0 also where the descriptor has none
    bool wide_picture_id = false;  // 15 bit instead of 7
    bool layer_sync = false;
    bool starts_picture = false;          // S bit, partition 0
    bool key_frame = false;               // this packet starts a key frame
    std::uint16_t width = 0, height = 0;  // only where key_frame

    static std::optional<Vp8Descriptor> parse(Bytes payload);

    bool has_picture_id() const { return picture_id_at != 0; }
    bool has_tl0picidx() const { return tl0picidx_at != 0; }
    std::uint16_t picture_id_mask() const { return wide_picture_id ? 0x7fff : 0x7f; }
};

/// Overwrites picture id and TL0PICIDX where the descriptor has them; the size does not change.
void rewrite_vp8(MutableBytes payload, const Vp8Descriptor& descriptor, std::uint16_t picture_id,
                 std::uint8_t tl0picidx);

}  // namespace aula::rtp
