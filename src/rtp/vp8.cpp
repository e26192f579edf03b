// SPDX-License-Identifier: Apache-2.0
#include "rtp/vp8.hpp"

namespace aula::rtp {

namespace {

/// Reads bytes one by one; ok turns false past the end.
struct Vp8Cursor {
    Bytes bytes;
    std::size_t at = 0;
    bool ok = true;
    std::uint8_t take() {
        if (at >= bytes.size()) {
            ok = false;
            return 0;
        }
        return bytes[at++];
    }
};

void read_picture_id(Vp8Cursor& cursor, Vp8Descriptor& descriptor) {
    descriptor.picture_id_at = static_cast<std::uint8_t>(cursor.at);
    const std::uint8_t first = cursor.take();
    descriptor.wide_picture_id = (first & 0x80) != 0;  // M
    descriptor.picture_id = first & 0x7f;
    if (descriptor.wide_picture_id) {
        descriptor.picture_id =
            static_cast<std::uint16_t>((descriptor.picture_id << 8) | cursor.take());
    }
}

void read_extension(Vp8Cursor& cursor, Vp8Descriptor& descriptor) {
    const std::uint8_t flags = cursor.take();
    const bool has_picture_id = (flags & 0x80) != 0, has_tl0picidx = (flags & 0x40) != 0;
    const bool has_tid = (flags & 0x20) != 0, has_keyidx = (flags & 0x10) != 0;
    if (has_picture_id) read_picture_id(cursor, descriptor);
    if (has_tl0picidx) {
        descriptor.tl0picidx_at = static_cast<std::uint8_t>(cursor.at);
        descriptor.tl0picidx = cursor.take();
    }
    if (has_tid || has_keyidx) {
        const std::uint8_t last = cursor.take();
        if (has_tid) {
            descriptor.temporal_id = static_cast<std::uint8_t>(last >> 6);
            descriptor.layer_sync = (last & 0x20) != 0;
        }
    }
}

/// RFC 6386 section 9.1: frame tag of three bytes, start code, then 14 bits of each side.
void read_frame_header(Bytes frame, Vp8Descriptor& descriptor) {
    if (frame.empty() || (frame[0] & 1) != 0) return;  // P: inter frame
    descriptor.key_frame = true;
    if (frame.size() < 10) return;
    descriptor.width = static_cast<std::uint16_t>(((frame[7] << 8) | frame[6]) & 0x3fff);
    descriptor.height = static_cast<std::uint16_t>(((frame[9] << 8) | frame[8]) & 0x3fff);
}

}  // namespace

std::optional<Vp8Descriptor> Vp8Descriptor::parse(Bytes payload) {
    Vp8Cursor cursor{payload};
    Vp8Descriptor descriptor;
    const std::uint8_t first = cursor.take();
    const bool extended = (first & 0x80) != 0;
    descriptor.starts_picture = (first & 0x10) != 0 && (first & 0x07) == 0;  // S, PID
    if (extended) read_extension(cursor, descriptor);
    // A descriptor with no frame behind it is malformed too.
    if (!cursor.ok || cursor.at == payload.size()) return std::nullopt;
    descriptor.size = static_cast<std::uint8_t>(cursor.at);
    if (descriptor.starts_picture) read_frame_header(payload.subspan(cursor.at), descriptor);
    return descriptor;
}

void rewrite_vp8(MutableBytes payload, const Vp8Descriptor& descriptor, std::uint16_t picture_id,
                 std::uint8_t tl0picidx) {
    if (descriptor.has_picture_id() && descriptor.wide_picture_id) {
        store16(&payload[descriptor.picture_id_at],
                static_cast<std::uint16_t>(0x8000 | picture_id));
    } else if (descriptor.has_picture_id()) {
        payload[descriptor.picture_id_at] = static_cast<std::uint8_t>(picture_id & 0x7f);
    }
    if (descriptor.has_tl0picidx()) payload[descriptor.tl0picidx_at] = tl0picidx;
}

}  // namespace aula::rtp
