// SPDX-License-Identifier: Apache-2.0
#include "simulcast_source.hpp"

#include "rtp/extensions.hpp"

namespace aula::sfu::test {

void PacketNote::write(std::uint8_t* at) const {
    at[0] = layer;
    at[1] = tid;
    at[2] = part;
    at[3] = parts;
    at[4] = key;
    store32(at + 5, frame);
    store32(at + 9, needs[0]);
    store32(at + 13, needs[1]);
}

PacketNote PacketNote::read(Bytes payload, std::size_t descriptor_size) {
    const std::uint8_t* at = &payload[descriptor_size + 10];  // behind a VP8 frame header
    return {
        at[0], at[1], at[2], at[3], at[4] != 0, load32(at + 5), {load32(at + 9), load32(at + 13)}};
}

TrackOptions video_track() {
    TrackOptions options;
    options.kind = MediaKind::video;
    options.codec = rtp::Codec::vp8;
    options.clock_rate = 90'000;
    return options;
}

ForwarderOptions video_receiver(std::uint16_t first_sequence_number) {
    ForwarderOptions options;
    options.kind = MediaKind::video;
    options.clock_rate = 90'000;
    options.ssrc = 1000;
    options.rtx_ssrc = 1001;
    options.rtx_payload_type = 121;
    options.payload_types[0] = {vp8_type, 120};
    options.first_sequence_number = first_sequence_number;
    return options;
}

Buffer whole(const ForwardedPacket& forwarded, Bytes slot) {
    const Bytes header = slot.first(forwarded.header_size);
    Buffer packet(header.begin(), header.end());
    packet.insert(packet.end(), forwarded.payload.begin(), forwarded.payload.end());
    return packet;
}

Buffer rtp_packet(std::uint8_t type, std::uint16_t number, std::uint32_t timestamp,
                  std::uint32_t ssrc, Bytes payload, bool marker) {
    Buffer packet(12 + payload.size());
    rtp::HeaderWriter header(packet, {marker, type, number, timestamp, ssrc});
    header.finish();
    std::copy(payload.begin(), payload.end(), packet.begin() + 12);
    return packet;
}

std::uint32_t LayerSource::timestamp_at(Time taken) const {
    return start_ + static_cast<std::uint32_t>(taken.time_since_epoch() / 1us * 9 / 100);
}

std::vector<Buffer> LayerSource::picture(Time taken) {
    constexpr std::array<std::uint8_t, 4> tids{0, 2, 1, 2};
    const bool key = std::exchange(key_wanted_, false);
    if (key) {
        in_pattern_ = 0;
        ++key_frames_;
    }
    const std::uint8_t tid = tids[in_pattern_ % 4];
    const bool sync = in_pattern_ % 4 == 1 || in_pattern_ % 4 == 2;
    ++frame_;
    PacketNote note{layer_, tid, 0, static_cast<std::uint8_t>(packets_), key, frame_, {}};
    if (!key) note.needs[0] = last_of_tid_[0];
    if (!key && tid == 2 && !sync) note.needs[1] = last_of_tid_[1];
    if (tid < 2) last_of_tid_[tid] = frame_;
    if (tid == 0) ++tl0picidx_;
    picture_id_ = static_cast<std::uint16_t>((picture_id_ + 1) & 0x7fff);
    ++in_pattern_;

    std::vector<Buffer> packets;
    for (std::size_t part = 0; part < packets_; ++part) {
        note.part = static_cast<std::uint8_t>(part);
        packets.push_back(packet(note, timestamp_at(taken), sync));
    }
    return packets;
}

Buffer LayerSource::packet(const PacketNote& note, std::uint32_t timestamp, bool sync) {
    Buffer payload(6 + 10 + PacketNote::size + 900);
    payload[0] = static_cast<std::uint8_t>(0x80 | (note.part == 0 ? 0x10 : 0));
    payload[1] = 0xe0;
    store16(&payload[2], static_cast<std::uint16_t>(0x8000 | picture_id_));
    payload[4] = tl0picidx_;
    payload[5] = static_cast<std::uint8_t>((note.tid << 6) | (sync ? 0x20 : 0));
    payload[6] = note.key ? 0 : 1;
    payload[12] = static_cast<std::uint8_t>(64u << note.layer);
    payload[14] = static_cast<std::uint8_t>(36u << note.layer);
    note.write(&payload[16]);
    return rtp_packet(vp8_type, number_++, timestamp, ssrc, payload, note.part + 1 == note.parts);
}

}  // namespace aula::sfu::test
