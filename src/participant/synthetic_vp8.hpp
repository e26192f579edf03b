// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/units.hpp"

namespace aula::participant {

/// The shape of one simulcast layer.
struct VideoLayer {
    const char* rid = "";
    std::uint16_t width = 0, height = 0;
    BitRate rate;
};

inline constexpr unsigned synthetic_frame_rate = 30;
inline constexpr std::array<VideoLayer, 3> synthetic_layers{{
    {"q", 320, 180, BitRate::kbps(150)},
    {"h", 640, 360, BitRate::kbps(500)},
    {"f", 1280, 720, BitRate::kbps(1200)},
}};

/// Frames that look like VP8 to everything but a decoder: payload descriptors (RFC 7741 section
/// 4.2) with picture id, TL0PICIDX and three temporal layers, and true key frame headers; the
/// pictures are noise. Pure: the caller has the clock.
class SyntheticVp8 {
public:
    static constexpr std::size_t largest_payload = 1200;
    /// The payload of one packet, where a frame's packets have nearly equal sizes, as libwebrtc
    /// makes them.
    struct Packet {
        Bytes payload;  // valid until the next call
        bool marker = false;
    };

    explicit SyntheticVp8(const VideoLayer& layer);

    /// Starts the next frame: a key frame at first and when one was asked for.
    void begin_frame(bool key_frame);
    /// The frame's packets one by one.
    std::optional<Packet> next_packet();

private:
    void write_descriptor(bool starts_frame);
    void write_frame_header();

    VideoLayer layer_;
    std::array<std::uint8_t, largest_payload> payload_{};
    std::uint16_t picture_id_ = 0;
    std::uint8_t tl0picidx_ = 0;
    std::uint8_t temporal_ = 0;
    unsigned in_pattern_ = 0;
    bool key_frame_ = false;
    bool started_ = false;
    std::size_t left_ = 0;  // of the frame's bytes
    std::size_t packets_left_ = 0;
    bool first_packet_ = false;
};

}  // namespace aula::participant
