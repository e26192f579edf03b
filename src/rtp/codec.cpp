// SPDX-License-Identifier: Apache-2.0
#include "rtp/codec.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "rtp/vp8.hpp"

namespace aula::rtp {

namespace {

constexpr std::array<std::pair<std::string_view, Codec>, 7> codec_names{{{"opus", Codec::opus},
                                                                         {"red", Codec::red},
                                                                         {"vp8", Codec::vp8},
                                                                         {"h264", Codec::h264},
                                                                         {"vp9", Codec::vp9},
                                                                         {"av1", Codec::av1},
                                                                         {"h265", Codec::h265}}};

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

bool h264_begins_picture(std::uint8_t nal_type) { return nal_type == 5 || nal_type == 7; }
bool h265_begins_picture(unsigned nal_type) {
    return (nal_type >= 16 && nal_type <= 23) || nal_type == 32 || nal_type == 33;
}

/// Walks the length-prefixed units of an aggregation packet.
template <class Wanted>
bool any_unit(Bytes units, Wanted wanted) {
    while (units.size() > 2) {
        const std::size_t size = load16(units.data());
        if (size == 0 || size > units.size() - 2) return false;
        if (wanted(units[2])) return true;
        units = units.subspan(2 + size);
    }
    return false;
}

}  // namespace

Codec codec_named(std::string_view encoding_name) {
    for (const auto& [name, codec] : codec_names) {
        if (equal_ignoring_case(name, encoding_name)) return codec;
    }
    return Codec::other;
}

bool starts_key_frame(Codec codec, Bytes payload) {
    switch (codec) {
        case Codec::vp8: {
            const auto descriptor = Vp8Descriptor::parse(payload);
            return descriptor && descriptor->key_frame;
        }
        case Codec::h264:
            return h264_starts_key_frame(payload);
        case Codec::vp9:
            return vp9_starts_key_frame(payload);
        case Codec::av1:
            return av1_starts_key_frame(payload);
        case Codec::h265:
            return h265_starts_key_frame(payload);
        case Codec::opus:
        case Codec::red:
        case Codec::other:
            return false;
    }
    return false;
}

bool h264_starts_key_frame(Bytes payload) {
    if (payload.empty()) return false;
    constexpr std::uint8_t stap_a = 24, fu_a = 28;
    const std::uint8_t type = payload[0] & 0x1f;
    if (type == stap_a) {
        return any_unit(payload.subspan(1),
                        [](std::uint8_t head) { return h264_begins_picture(head & 0x1f); });
    }
    if (type == fu_a) {
        const bool start = payload.size() > 1 && (payload[1] & 0x80) != 0;
        return start && h264_begins_picture(payload[1] & 0x1f);
    }
    return h264_begins_picture(type);
}

bool vp9_starts_key_frame(Bytes payload) {
    if (payload.empty()) return false;
    const std::uint8_t flags = payload[0];  // I P L F B E V Z, RFC 9628 section 4.2
    const bool inter_predicted = (flags & 0x40) != 0, has_layers = (flags & 0x20) != 0;
    const bool begins_frame = (flags & 0x08) != 0;
    if (inter_predicted || !begins_frame) return false;
    if (!has_layers) return true;
    std::size_t at = 1;
    if ((flags & 0x80) != 0) {  // I: picture id of 7 or 15 bits
        if (payload.size() <= at) return false;
        at += (payload[at] & 0x80) != 0 ? 2 : 1;
    }
    // TID U SID D: only the lowest spatial layer needs no other.
    return payload.size() > at && ((payload[at] >> 1) & 0x07) == 0;
}

bool av1_starts_key_frame(Bytes payload) {
    // Aggregation header Z Y W W N (AV1 RTP section 4.4); Z continues an earlier fragment.
    return !payload.empty() && (payload[0] & 0x08) != 0 && (payload[0] & 0x80) == 0;
}

bool h265_starts_key_frame(Bytes payload) {
    if (payload.size() < 3) return false;
    constexpr unsigned aggregation = 48, fragmentation = 49;
    const unsigned type = (payload[0] >> 1) & 0x3fu;
    if (type == aggregation) {
        return any_unit(payload.subspan(2),
                        [](std::uint8_t head) { return h265_begins_picture((head >> 1) & 0x3fu); });
    }
    if (type == fragmentation)
        return (payload[2] & 0x80) != 0 && h265_begins_picture(payload[2] & 0x3fu);
    return h265_begins_picture(type);
}

}  // namespace aula::rtp
