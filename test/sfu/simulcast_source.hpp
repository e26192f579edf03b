// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "sfu/forwarder.hpp"
#include "sfu/track.hpp"

namespace aula::sfu::test {

inline constexpr std::uint8_t vp8_type = 96;
inline constexpr std::uint8_t rtx_type = 97;
inline constexpr std::uint8_t opus_type = 111;

/// What a simulated video packet says about itself behind its VP8 descriptor.
struct PacketNote {
    std::uint8_t layer = 0, tid = 0, part = 0, parts = 0;
    bool key = false;
    std::uint32_t frame = 0;
    std::array<std::uint32_t, 2> needs{};  // frames of the same layer it refers to, 0: none

    static constexpr std::size_t size = 17;
    void write(std::uint8_t* at) const;
    static PacketNote read(Bytes payload, std::size_t descriptor_size);
};

/// One encoding of a simulated camera: VP8 with three temporal layers, as libwebrtc makes it.
class LayerSource {
public:
    LayerSource(std::uint8_t layer, std::uint32_t stream, std::uint16_t first_number,
                std::uint32_t first_timestamp, std::size_t packets_a_frame)
        : ssrc(stream),
          layer_(layer),
          number_(first_number),
          start_(first_timestamp),
          packets_(packets_a_frame) {}

    /// The packets of the picture taken at this time; a key frame when one was asked for.
    std::vector<Buffer> picture(Time taken);
    void want_key_frame() { key_wanted_ = true; }
    std::uint32_t timestamp_at(Time taken) const;
    std::uint32_t key_frames() const { return key_frames_; }

    std::uint32_t ssrc;

private:
    Buffer packet(const PacketNote& note, std::uint32_t timestamp, bool sync);

    std::uint8_t layer_;
    std::uint16_t number_;
    std::uint32_t start_;
    std::size_t packets_;
    bool key_wanted_ = true;
    std::uint32_t frame_ = 0, in_pattern_ = 0, key_frames_ = 0;
    std::array<std::uint32_t, 2> last_of_tid_{};
    std::uint16_t picture_id_ = 0x7ff0;
    std::uint8_t tl0picidx_ = 250;
};

/// The track of such a camera, and a receiver of it with RTX on streams 1000 and 1001.
TrackOptions video_track();
ForwarderOptions video_receiver(std::uint16_t first_sequence_number);
/// What goes over the wire, unsealed.
Buffer whole(const ForwardedPacket& forwarded, Bytes slot);

/// A plain RTP packet.
Buffer rtp_packet(std::uint8_t type, std::uint16_t number, std::uint32_t timestamp,
                  std::uint32_t ssrc, Bytes payload, bool marker = false);

}  // namespace aula::sfu::test
