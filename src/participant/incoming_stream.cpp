// SPDX-License-Identifier: Apache-2.0
#include "participant/incoming_stream.hpp"

#include "rtp/rtx.hpp"
#include "rtp/vp8.hpp"

namespace aula::participant {

namespace {

std::uint32_t clock_rate_of(const sdp::Media& media) {
    return media.codecs.empty() ? 48000 : media.codecs.front().clock_rate;
}

bool has_nack(const sdp::Media& media) {
    if (media.codecs.empty()) return false;
    for (const std::string& feedback : media.codecs.front().feedback) {
        if (feedback == "nack") return true;
    }
    return false;
}

}  // namespace

IncomingStream::IncomingStream(const sdp::Media& answered, std::uint32_t its_ssrc)
    : kind(answered.kind),
      mid(answered.mid),
      track_sid(answered.msid_track),
      ssrc(its_ssrc),
      codec(answered.codecs.empty() ? rtp::Codec::other
                                    : rtp::codec_named(answered.codecs.front().name)),
      payload_type(answered.codecs.empty() ? 0 : answered.codecs.front().payload_type),
      received(clock_rate_of(answered), has_nack(answered)),
      key_frames(0) {
    if (kind == sdp::MediaKind::video) key_frames.want();
}

void IncomingStream::receive(const rtp::PacketView& packet, Time now) {
    if (!received.receive(packet.sequence_number(), packet.timestamp(), packet.datagram().size(),
                          now)) {
        return;
    }
    if (packet.payload().empty()) {
        ++padding;
        return;
    }
    ++packets;
    bytes += packet.datagram().size();
    if (!first_packet) first_packet = now;
    look_into(packet.payload(), now);
}

void IncomingStream::receive_rtx(MutableBytes packet, const rtp::PacketView& view, Time now) {
    const auto original = rtp::unwrap_rtx(packet, view, ssrc, payload_type);
    const auto restored =
        original ? rtp::PacketView::parse(*original)
                 : Expected<rtp::PacketView, rtp::PacketError>(fail(rtp::PacketError::size));
    if (!restored ||
        !received.recover(restored->sequence_number(), restored->datagram().size(), now)) {
        ++padding;  // a probe of the line, or what we had already
        return;
    }
    ++packets;
    bytes += restored->datagram().size();
    look_into(restored->payload(), now);
}

void IncomingStream::look_into(Bytes payload, Time now) {
    if (kind != sdp::MediaKind::video || !rtp::starts_key_frame(codec, payload)) return;
    ++key_frames_received;
    key_frames.arrived();
    if (!first_key_frame) first_key_frame = now;
    if (codec != rtp::Codec::vp8) return;
    const auto descriptor = rtp::Vp8Descriptor::parse(payload);
    if (!descriptor) return;
    width = descriptor->width;
    height = descriptor->height;
}

}  // namespace aula::participant
