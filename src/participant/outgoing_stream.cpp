// SPDX-License-Identifier: Apache-2.0
#include "participant/outgoing_stream.hpp"

#include <array>
#include <utility>

#include "rtp/rtx.hpp"

namespace aula::participant {

namespace {

// One second of the highest layer, and of a key frame burst.
constexpr sfu::PacketCache::Limits sent_limits{256, 24, 16 * 1024};

}  // namespace

OutgoingStream::OutgoingStream(transport::Transport& transport, std::uint16_t& transport_number,
                               OutgoingStreamOptions options)
    : transport_(transport), transport_number_(transport_number), options_(std::move(options)) {
    if (options_.rtx_ssrc != 0) sent_.emplace(sent_limits);
}

std::size_t OutgoingStream::write_header(MutableBytes slot, const rtp::HeaderFields& fields,
                                         bool rtx, std::optional<rtp::AudioLevel> level) {
    rtp::HeaderWriter header(slot, fields);
    header.add(options_.ids.mid, bytes_of(options_.mid));
    if (!options_.rid.empty()) {
        header.add(rtx ? options_.ids.repaired_rid : options_.ids.rid, bytes_of(options_.rid));
    }
    if (level) {
        const std::uint8_t value = static_cast<std::uint8_t>((level->voice ? 0x80 : 0) |
                                                             (level->level & 0x7f));  // RFC 6464
        header.add(options_.ids.audio_level, Bytes(&value, 1));
    }
    std::array<std::uint8_t, 2> number;
    store16(number.data(), transport_number_);
    if (options_.ids.twcc != 0) ++transport_number_;
    header.add(options_.ids.twcc, number);
    return header.finish();
}

void OutgoingStream::send(const OutgoingPacket& packet, Time now) {
    if (!transport_.is_connected()) return;
    const MutableBytes slot = transport_.rtp_slot();
    const std::int64_t index = next_++;
    const std::size_t header =
        write_header(slot,
                     {packet.marker, options_.payload_type, static_cast<std::uint16_t>(index),
                      packet.timestamp, options_.ssrc},
                     false, packet.level);
    if (transport_.send_rtp(header, packet.payload) == 0) return;
    ++packets_;
    bytes_ += packet.payload.size();
    last_timestamp_ = packet.timestamp;
    last_sent_ = now;
    if (!sent_) return;
    sfu::CachedPacket kept;
    kept.index = index;
    kept.arrival = now;
    kept.timestamp = packet.timestamp;
    kept.marker = packet.marker;
    kept.size = static_cast<std::uint16_t>(packet.payload.size());
    sent_->insert(kept, packet.payload);
}

void OutgoingStream::resend(std::uint16_t number) {
    if (!sent_ || !transport_.is_connected()) return;
    const auto back = static_cast<std::uint16_t>(static_cast<std::uint16_t>(next_ - 1) - number);
    const sfu::CachedPacket* kept = sent_->find(next_ - 1 - back);
    if (kept == nullptr) return;
    const MutableBytes slot = transport_.rtp_slot();
    const std::size_t header = write_header(
        slot,
        {kept->marker, options_.rtx_payload_type, next_rtx_++, kept->timestamp, options_.rtx_ssrc},
        true, std::nullopt);
    const MutableBytes payload = rtp::wrap_rtx(slot, header, number, kept->payload());
    if (!payload.empty() && transport_.send_rtp(header, payload) != 0) ++resent_;
}

rtp::rtcp::SenderReport OutgoingStream::sender_report(Time now, WallTime wall) const {
    rtp::rtcp::SenderReport report;
    report.ssrc = options_.ssrc;
    report.ntp = rtp::NtpTime::from(wall);
    const std::chrono::duration<double> passed = now - last_sent_;
    report.rtp_timestamp =
        last_timestamp_ + static_cast<std::uint32_t>(passed.count() * options_.clock_rate);
    report.packets = static_cast<std::uint32_t>(packets_);
    report.octets = static_cast<std::uint32_t>(bytes_);
    return report;
}

}  // namespace aula::participant
