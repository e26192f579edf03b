// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace aula::rtp {

enum class Codec : std::uint8_t { opus, red, vp8, h264, vp9, av1, h265, other };

/// By the encoding name of SDP's rtpmap ("VP8", "opus"), in any case.
Codec codec_named(std::string_view encoding_name);
constexpr bool is_video(Codec codec) { return codec >= Codec::vp8 && codec <= Codec::h265; }

/// Whether this payload is the start of a key frame, from which a decoder can begin. False for
/// short or odd ones.
bool starts_key_frame(Codec codec, Bytes payload);

bool h264_starts_key_frame(Bytes payload);  // RFC 6184: an SPS, or the start of an IDR slice
bool vp9_starts_key_frame(
    Bytes payload);  // RFC 9628: not inter-predicted, start of the lowest layer's frame
bool av1_starts_key_frame(
    Bytes payload);  // AV1 RTP: N bit, the start of a new coded video sequence
bool h265_starts_key_frame(Bytes payload);  // RFC 7798: VPS, SPS or an IRAP slice's start

}  // namespace aula::rtp
