// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "rtp/codec.hpp"
#include "rtp/packet_view.hpp"
#include "sdp/session.hpp"
#include "sfu/key_frame_requests.hpp"
#include "sfu/receive_stream.hpp"

namespace aula::participant {

/// One track as we receive it.
struct IncomingStream {
    IncomingStream(const sdp::Media& answered, std::uint32_t its_ssrc);

    /// A packet of the stream itself.
    void receive(const rtp::PacketView& packet, Time now);
    /// A packet of its RTX stream, changed in place.
    void receive_rtx(MutableBytes packet, const rtp::PacketView& view, Time now);

    sdp::MediaKind kind;
    std::string mid;
    std::string track_sid;  // from mid_to_track_id, or the msid
    std::uint32_t ssrc;
    rtp::Codec codec;
    std::uint8_t payload_type;
    sfu::ReceiveStream received;
    sfu::KeyFrameRequests key_frames;
    std::uint64_t packets = 0, bytes = 0, padding = 0, key_frames_received = 0;
    std::uint16_t width = 0, height = 0;  // of the last VP8 key frame
    std::int64_t lost = 0;                // by the last report
    std::optional<Time> first_packet, first_key_frame;

private:
    void look_into(Bytes payload, Time now);
};

}  // namespace aula::participant
