// SPDX-License-Identifier: Apache-2.0
#include "sfu/forwarder.hpp"

#include <algorithm>

#include "rtp/red.hpp"
#include "rtp/rtx.hpp"

namespace aula::sfu {

namespace {

// A jump this far is another stretch of the stream: what lies between is not waited for.
constexpr std::int64_t longest_gap = 1000;
constexpr std::size_t fill_size = 4;

using Seconds = std::chrono::duration<double>;

std::uint32_t ticks(Duration span, std::uint32_t clock_rate) {
    return static_cast<std::uint32_t>(
        static_cast<std::int64_t>(Seconds(span).count() * clock_rate));
}

/// Where on the clock of `to` the instant lies that `from` calls `timestamp`.
std::uint32_t translate(std::uint32_t timestamp, const ClockMapping& from, const ClockMapping& to,
                        std::uint32_t clock_rate) {
    const auto ahead = static_cast<std::int32_t>(timestamp - from.rtp_timestamp);
    const double between = Seconds(from.ntp.since(to.ntp)).count() * clock_rate;
    return to.rtp_timestamp + static_cast<std::uint32_t>(ahead) +
           static_cast<std::uint32_t>(static_cast<std::int64_t>(between));
}

bool fits_one_byte_ids(const ForwarderOptions& options) {
    const rtp::ExtensionIds& ids = options.ids;
    bool fits =
        ids.mid <= 14 && ids.twcc <= 14 && ids.abs_send_time <= 14 && options.mid.size() <= 16;
    for (const auto field : passed_extensions) fits = fits && ids.*field <= 14;
    return fits;
}

bool has_rewriting(const CachedPacket& packet, Bytes payload, const Renaming& run) {
    // A descriptor tells of the whole payload, not of one that was taken out of RED.
    const bool is_whole = payload.size() == packet.payload().size();
    return packet.vp8.size != 0 && is_whole &&
           (run.picture_id_offset != 0 || run.tl0picidx_offset != 0);
}

void rename_picture(MutableBytes payload, const CachedPacket& packet, const Renaming& run) {
    const auto picture_id = static_cast<std::uint16_t>(
        (packet.vp8.picture_id + run.picture_id_offset) & packet.vp8.picture_id_mask());
    const auto tl0picidx = static_cast<std::uint8_t>(packet.vp8.tl0picidx + run.tl0picidx_offset);
    rtp::rewrite_vp8(payload, packet.vp8, picture_id, tl0picidx);
}

}  // namespace

// Outgoing indices begin at the second turn, as those of SequenceUnwrapper.
Forwarder::Forwarder(const ForwarderOptions& options)
    : options_(options),
      one_byte_ids_(fits_one_byte_ids(options)),
      map_(65536 + std::int64_t{options.first_sequence_number}),
      rtx_number_(options.first_sequence_number) {}

void Forwarder::select(std::optional<std::uint8_t> layer, std::uint8_t temporal,
                       std::optional<std::uint8_t> first) {
    target_ = layer;
    target_temporal_ = temporal;
    first_ = first;
    if (layer) return;
    current_.reset();
    map_.end();
}

void Forwarder::cut_off() {
    current_.reset();
    map_.end();
    given_up_ = map_.next_outgoing();
}

std::optional<std::uint8_t> Forwarder::needs_key_frame() const {
    if (options_.kind == MediaKind::audio || target_ == current_) return std::nullopt;
    return target_;
}

std::optional<ForwardedPacket> Forwarder::forward(const CachedPacket& packet, MutableBytes slot,
                                                  const SendContext& context) {
    if (!target_) return std::nullopt;
    if (current_ == packet.layer && packet.index > map_.next_source() + longest_gap) {
        current_.reset();
        map_.end();
    }
    if (current_ != packet.layer && may_switch_to(packet)) switch_to(packet, context);
    const bool in_order = current_ == packet.layer && packet.index >= map_.next_source();
    return in_order ? forward_next(packet, slot, context) : forward_late(packet, slot, context);
}

bool Forwarder::may_switch_to(const CachedPacket& packet) const {
    const bool may_begin = !current_ && packet.layer == first_;
    if (packet.layer != target_ && !may_begin) return false;
    if (packet.is_padding() || !outgoing_payload(packet)) return false;
    // A key frame this receiver had before is no new beginning.
    if (packet.index < next_source_[packet.layer]) return false;
    return options_.kind == MediaKind::audio || packet.key_frame;
}

std::optional<ForwardedPacket> Forwarder::forward_next(const CachedPacket& packet,
                                                       MutableBytes slot,
                                                       const SendContext& context) {
    next_source_[packet.layer] = packet.index + 1;
    follow_temporal(packet);
    if (!is_wanted(packet, map_.newest())) {
        leave_out(packet);
        return std::nullopt;
    }
    map_.advance(packet.index);
    const SequenceMap::Place place{map_.next_outgoing() - 1, map_.newest()};
    last_timestamp_ = packet.timestamp + place.run.timestamp_offset;
    last_arrival_ = packet.arrival;
    if (packet.vp8.has_picture_id()) {
        last_picture_id_ =
            static_cast<std::uint16_t>(packet.vp8.picture_id + place.run.picture_id_offset);
        last_tl0picidx_ =
            static_cast<std::uint8_t>(packet.vp8.tl0picidx + place.run.tl0picidx_offset);
    }
    return write(packet, place, slot, context);
}

/// A packet out of order, or come back after a loss: its number was kept free for it, if it belongs
/// to a run of ours.
std::optional<ForwardedPacket> Forwarder::forward_late(const CachedPacket& packet,
                                                       MutableBytes slot,
                                                       const SendContext& context) {
    const auto place = map_.outgoing(packet.layer, packet.index);
    if (!place || place->index >= map_.next_outgoing()) return std::nullopt;
    if (sent_.was_sent(place->index) || sent_.is_too_old(place->index)) return std::nullopt;
    return is_wanted(packet, place->run) ? write(packet, *place, slot, context)
                                         : fill(packet, *place, slot, context);
}

void Forwarder::switch_to(const CachedPacket& packet, const SendContext& context) {
    Renaming run;
    run.layer = packet.layer;
    run.temporal = target_temporal_;
    run.timestamp_offset = timestamp_offset(packet, context);
    if (started_ && packet.vp8.has_picture_id()) {
        run.picture_id_offset =
            static_cast<std::uint16_t>(last_picture_id_ + 1 - packet.vp8.picture_id);
        run.tl0picidx_offset =
            static_cast<std::uint8_t>(last_tl0picidx_ + 1 - packet.vp8.tl0picidx);
    }
    map_.begin(run, packet.index);
    current_ = packet.layer;
    left_out_picture_.reset();
    timed_layer_ = packet.layer;
    timed_offset_ = run.timestamp_offset;
    if (started_) ++figures_.switches;
    started_ = true;
}

/// The offset that lets the outgoing clock go on: by the sender reports of both layers where they
/// are known, else by the time that passed.
std::uint32_t Forwarder::timestamp_offset(const CachedPacket& packet,
                                          const SendContext& context) const {
    if (!started_) return 0;
    const std::uint32_t passed =
        ticks(std::max(packet.arrival - last_arrival_, Duration::zero()), options_.clock_rate);
    const std::uint32_t by_arrival = last_timestamp_ + std::max(passed, 1u);
    const Layer* before = context.track.layer(timed_layer_);
    const Layer* after = context.track.layer(packet.layer);

    std::uint32_t wanted = by_arrival;
    if (timed_layer_ == packet.layer) {
        wanted = packet.timestamp + timed_offset_;
    } else if (before && after && before->stream.clock() && after->stream.clock()) {
        wanted = timed_offset_ + translate(packet.timestamp, *after->stream.clock(),
                                           *before->stream.clock(), options_.clock_rate);
    }
    // Both layers' pictures of one instant may come as neighbours: the later one still needs a
    // later timestamp.
    const auto step = static_cast<std::int32_t>(wanted - last_timestamp_);
    const auto most_behind = -static_cast<std::int32_t>(options_.clock_rate / 4);
    if (step <= 0 && step > most_behind) wanted = last_timestamp_ + 1;
    const auto most_ahead = static_cast<std::int64_t>(passed) + options_.clock_rate;
    if (step <= most_behind || step > most_ahead) wanted = by_arrival;
    return wanted - packet.timestamp;
}

/// Temporal layers come and go at the start of a picture: down at once, up where the picture needs
/// no other of its layer. A late packet is judged by what held when its picture came.
void Forwarder::follow_temporal(const CachedPacket& packet) {
    if (!packet.vp8.starts_picture) return;
    Renaming run = map_.newest();
    const bool next_layer = packet.vp8.temporal_id == run.temporal + 1;
    if (run.temporal > target_temporal_) {
        run.temporal = target_temporal_;
    } else if (next_layer && packet.vp8.layer_sync && run.temporal < target_temporal_) {
        ++run.temporal;
    } else {
        return;
    }
    if (packet.index > map_.next_source()) map_.advance(packet.index - 1);
    map_.begin(run, packet.index);
}

bool Forwarder::is_wanted(const CachedPacket& packet, const Renaming& run) const {
    return !packet.is_padding() && packet.vp8.temporal_id <= run.temporal &&
           outgoing_payload(packet).has_value();
}

/// Numbers and picture ids close up behind a packet that is not sent.
void Forwarder::leave_out(const CachedPacket& packet) {
    ++figures_.dropped;
    if (packet.index > map_.next_source()) map_.advance(packet.index - 1);
    Renaming run = map_.newest();
    if (packet.vp8.has_picture_id() && left_out_picture_ != packet.vp8.picture_id) {
        left_out_picture_ = packet.vp8.picture_id;
        --run.picture_id_offset;
    }
    map_.begin(run, packet.index + 1);
}

const ForwarderOptions::PayloadMapping* Forwarder::mapping(std::uint8_t source) const {
    for (const auto& mapping : options_.payload_types) {
        if (mapping.source == source && mapping.outgoing != 0) return &mapping;
    }
    return nullptr;
}

/// What this receiver gets of the packet; none: nothing.
std::optional<Bytes> Forwarder::outgoing_payload(const CachedPacket& packet) const {
    const auto* mapped = mapping(packet.payload_type);
    if (mapped == nullptr) return std::nullopt;
    const bool unwrap = mapped->unwrap_red || sends_plain(*mapped);
    return unwrap ? rtp::red_primary(packet.payload()) : packet.payload();
}

std::optional<ForwardedPacket> Forwarder::write(const CachedPacket& packet,
                                                const SequenceMap::Place& place, MutableBytes slot,
                                                const SendContext& context) {
    const auto* mapped = mapping(packet.payload_type);
    const rtp::HeaderFields fields{packet.marker,
                                   sends_plain(*mapped) ? mapped->plain : mapped->outgoing,
                                   static_cast<std::uint16_t>(place.index),
                                   packet.timestamp + place.run.timestamp_offset, options_.ssrc};
    Bytes payload = *outgoing_payload(packet);
    const std::size_t header_size = write_header(fields, packet, slot, payload.size(), context);
    if (header_size == 0) return std::nullopt;
    if (has_rewriting(packet, payload, place.run)) {
        const MutableBytes copy = slot.subspan(header_size, payload.size());
        std::copy(payload.begin(), payload.end(), copy.begin());
        rename_picture(copy, packet, place.run);
        payload = copy;
    }
    sent_.sent(place.index);
    ++figures_.packets;
    figures_.bytes += payload.size();
    return ForwardedPacket{header_size, payload};
}

/// Padding in place of a late packet that must not be decoded, so that the receiver does not wait
/// for its number.
std::optional<ForwardedPacket> Forwarder::fill(const CachedPacket& packet,
                                               const SequenceMap::Place& place, MutableBytes slot,
                                               const SendContext& context) {
    const rtp::HeaderFields fields{false, options_.payload_types[0].outgoing,
                                   static_cast<std::uint16_t>(place.index),
                                   packet.timestamp + place.run.timestamp_offset, options_.ssrc};
    const std::size_t header_size = write_header(fields, CachedPacket{}, slot, fill_size, context);
    if (header_size == 0) return std::nullopt;
    slot[0] |= 0x20;
    const MutableBytes padding = slot.subspan(header_size, fill_size);
    std::fill(padding.begin(), padding.end(), std::uint8_t{0});
    padding.back() = fill_size;
    sent_.sent(place.index, true);
    ++figures_.filled;
    return ForwardedPacket{header_size, padding};
}

std::optional<ForwardedPacket> Forwarder::resend(std::uint16_t number, MutableBytes slot,
                                                 const SendContext& context) {
    const std::int64_t index = sent_.index_of(number);
    const auto place = options_.rtx_ssrc != 0 && index >= given_up_ && sent_.was_sent(index)
                           ? map_.source(index)
                           : std::nullopt;
    const CachedPacket* packet =
        place ? context.track.find(place->run.layer, place->index) : nullptr;
    if (!packet || !sent_.take_resend(index, context.now, context.estimator.round_trip()) ||
        !take_budget(packet->size, context)) {
        ++figures_.resend_refused;
        return std::nullopt;
    }
    ++figures_.resent;
    return write_rtx(*packet, {index, place->run}, slot, context);
}

/// Retransmissions may take a quarter of the line, saved up for half a second.
bool Forwarder::take_budget(std::size_t size, const SendContext& context) {
    const double bytes_a_second = static_cast<double>(context.estimator.estimate().bps()) / 8 / 4;
    const double most = std::max(bytes_a_second / 2, 16'000.0);
    const double since = Seconds(context.now - budget_at_).count();
    budget_ = budget_at_ == Time{} ? most : std::min(most, budget_ + since * bytes_a_second);
    budget_at_ = context.now;
    if (budget_ < static_cast<double>(size)) return false;
    budget_ -= static_cast<double>(size);
    return true;
}

std::optional<ForwardedPacket> Forwarder::padding(MutableBytes slot, const SendContext& context) {
    if (options_.rtx_ssrc == 0 || sent_.newest() < 0) return std::nullopt;
    constexpr std::int64_t recent = 16;
    padding_at_ = (padding_at_ + 1) % recent;
    const std::int64_t index = sent_.newest() - padding_at_;
    const auto place = sent_.was_sent(index) ? map_.source(index) : std::nullopt;
    const CachedPacket* packet =
        place ? context.track.find(place->run.layer, place->index) : nullptr;
    return packet ? write_rtx(*packet, {index, place->run}, slot, context) : std::nullopt;
}

std::optional<ForwardedPacket> Forwarder::write_rtx(const CachedPacket& packet,
                                                    const SequenceMap::Place& place,
                                                    MutableBytes slot, const SendContext& context) {
    const bool filled = sent_.was_filled(place.index);
    const rtp::HeaderFields fields{packet.marker && !filled, options_.rtx_payload_type, rtx_number_,
                                   packet.timestamp + place.run.timestamp_offset,
                                   options_.rtx_ssrc};
    const Bytes original = filled ? Bytes{} : outgoing_payload(packet).value_or(Bytes{});
    const std::size_t header_size =
        write_header(fields, packet, slot, original.size() + 2, context);
    if (header_size == 0) return std::nullopt;
    const MutableBytes payload =
        rtp::wrap_rtx(slot, header_size, static_cast<std::uint16_t>(place.index), original);
    if (has_rewriting(packet, original, place.run))
        rename_picture(payload.subspan(2), packet, place.run);
    ++rtx_number_;
    return ForwardedPacket{header_size, payload};
}

/// The size of the header, 0 when the slot is too small for it and a payload of this size behind
/// it.
std::size_t Forwarder::write_header(const rtp::HeaderFields& fields, const CachedPacket& packet,
                                    MutableBytes slot, std::size_t payload_size,
                                    const SendContext& context) {
    bool one_byte = one_byte_ids_;
    for (std::size_t i = 0; i < passed_extensions.size(); ++i) {
        one_byte = one_byte &&
                   (options_.ids.*passed_extensions[i] == 0 || packet.extensions[i].size <= 16);
    }
    rtp::HeaderWriter header(
        slot, fields, one_byte ? rtp::ExtensionForm::one_byte : rtp::ExtensionForm::two_byte);
    if (!options_.mid.empty()) header.add(options_.ids.mid, bytes_of(options_.mid));
    for (std::size_t i = 0; i < passed_extensions.size(); ++i) {
        if (packet.extensions[i].size != 0)
            header.add(options_.ids.*passed_extensions[i], packet.extension(i));
    }
    if (const auto element = header.reserve(options_.ids.abs_send_time, 3); !element.empty()) {
        store24(element.data(), rtp::abs_send_time(context.now));
    }
    const auto twcc = header.reserve(options_.ids.twcc, 2);
    const std::size_t header_size = header.finish();
    if (!header.ok() || slot.size() < header_size + payload_size) return 0;
    if (!twcc.empty()) {
        store16(twcc.data(),
                context.estimator.packet_sent(header_size + payload_size, context.now));
    }
    return header_size;
}

std::optional<rtp::rtcp::SenderReport> Forwarder::sender_report(const SendContext& context) {
    const Layer* layer = current_ ? context.track.layer(*current_) : nullptr;
    if (!layer || !layer->stream.clock() || !map_.is_open()) return std::nullopt;
    // The publisher's own clock, run on to now: sound and picture of one publisher then share it
    // exactly.
    const ClockMapping& clock = *layer->stream.clock();
    const Duration since = context.now - clock.arrival;
    rtp::rtcp::SenderReport report;
    report.ssrc = options_.ssrc;
    report.ntp = clock.ntp.plus(since);
    report.rtp_timestamp =
        clock.rtp_timestamp + map_.newest().timestamp_offset + ticks(since, options_.clock_rate);
    report.packets = static_cast<std::uint32_t>(figures_.packets);
    report.octets = static_cast<std::uint32_t>(figures_.bytes);
    reports_[next_report_++ % reports_.size()] = Report{report.ntp.middle(), context.now};
    return report;
}

std::optional<Duration> Forwarder::receive_report(const rtp::rtcp::ReportBlock& block, Time now) {
    fraction_lost_ = block.fraction_lost;
    jitter_ =
        duration_cast<Duration>(Seconds(static_cast<double>(block.jitter) / options_.clock_rate));
    if (block.last_sr == 0) return std::nullopt;
    for (const Report& report : reports_) {
        if (report.middle != block.last_sr || report.sent == Time{}) continue;
        const Duration round_trip =
            now - report.sent - rtp::from_compact_ntp(block.delay_since_last_sr);
        return std::max<Duration>(round_trip, 1ms);
    }
    return std::nullopt;
}

}  // namespace aula::sfu
