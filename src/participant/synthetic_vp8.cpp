// SPDX-License-Identifier: Apache-2.0
#include "participant/synthetic_vp8.hpp"

#include <algorithm>

namespace aula::participant {

namespace {

constexpr std::size_t descriptor_size = 6;
constexpr std::size_t key_frame_header_size = 10;  // RFC 6386 section 9.1
constexpr std::size_t key_frame_factor = 4;        // against the mean frame
// Three temporal layers over four frames, as libwebrtc orders them.
constexpr std::array<std::uint8_t, 4> temporal_pattern{0, 2, 1, 2};

std::size_t mean_frame_size(const VideoLayer& layer) {
    const auto bytes = static_cast<std::size_t>(layer.rate.bps()) / 8 / synthetic_frame_rate;
    return std::max(bytes, key_frame_header_size);
}

}  // namespace

SyntheticVp8::SyntheticVp8(const VideoLayer& layer) : layer_(layer) {
    std::uint32_t noise = 0x9e3779b9;
    for (std::uint8_t& byte : payload_) {
        noise = noise * 1664525 + 1013904223;
        byte = static_cast<std::uint8_t>(noise >> 24);
    }
}

void SyntheticVp8::begin_frame(bool key_frame) {
    key_frame_ = key_frame || !started_;
    if (key_frame_) in_pattern_ = 0;
    temporal_ = temporal_pattern[in_pattern_];
    in_pattern_ = (in_pattern_ + 1) % temporal_pattern.size();
    if (started_) picture_id_ = (picture_id_ + 1) & 0x7fff;
    if (started_ && temporal_ == 0) ++tl0picidx_;
    started_ = true;
    left_ = mean_frame_size(layer_) * (key_frame_ ? key_frame_factor : 1);
    constexpr std::size_t room = largest_payload - descriptor_size;
    packets_left_ = (left_ + room - 1) / room;
    first_packet_ = true;
}

std::optional<SyntheticVp8::Packet> SyntheticVp8::next_packet() {
    if (packets_left_ == 0) return std::nullopt;
    const std::size_t share = (left_ + packets_left_ - 1) / packets_left_;
    write_descriptor(first_packet_);
    if (first_packet_) write_frame_header();
    first_packet_ = false;
    left_ -= share;
    --packets_left_;
    return Packet{Bytes(payload_).first(descriptor_size + share), packets_left_ == 0};
}

void SyntheticVp8::write_descriptor(bool starts_frame) {
    // X; N where no other frame needs this one; S at the start of partition 0.
    payload_[0] =
        static_cast<std::uint8_t>(0x80 | (temporal_ == 2 ? 0x20 : 0) | (starts_frame ? 0x10 : 0));
    payload_[1] = 0xe0;  // I, L, T
    store16(&payload_[2], static_cast<std::uint16_t>(0x8000 | picture_id_));
    payload_[4] = tl0picidx_;
    // Y: a frame of an upper layer here refers to the lowest one only.
    payload_[5] = static_cast<std::uint8_t>((temporal_ << 6) | (temporal_ != 0 ? 0x20 : 0));
}

void SyntheticVp8::write_frame_header() {
    std::uint8_t* frame = &payload_[descriptor_size];
    frame[0] = key_frame_ ? 0x10 : 0x11;  // show_frame; the last bit is zero in a key frame
    frame[1] = frame[2] = 0;
    if (!key_frame_) return;
    frame[3] = 0x9d;
    frame[4] = 0x01;
    frame[5] = 0x2a;
    frame[6] = static_cast<std::uint8_t>(layer_.width);
    frame[7] = static_cast<std::uint8_t>(layer_.width >> 8);
    frame[8] = static_cast<std::uint8_t>(layer_.height);
    frame[9] = static_cast<std::uint8_t>(layer_.height >> 8);
}

}  // namespace aula::participant
