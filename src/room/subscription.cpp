// SPDX-License-Identifier: Apache-2.0
#include "room/subscription.hpp"

#include <algorithm>

#include "crypto/random.hpp"
#include "room/participant.hpp"
#include "room/published_track.hpp"
#include "rtp/codec.hpp"
#include "rtp/extensions.hpp"

namespace aula::room {
namespace {

// RED doubles the sound's rate: on a line of a few hundred kbit/s that is a picture.
constexpr BitRate thin_for_red = BitRate::kbps(300), roomy_for_red = BitRate::kbps(400);
constexpr double plain_share = 0.55;
// A layer that takes so many times the line is not worth the wait for a smaller one's key frame.
constexpr double far_too_much = 1.5;

sfu::TrackClass class_of(const PublishedTrack& track, bool speaks) {
    if (track.is_audio()) return sfu::TrackClass::audio;
    if (track.info.source() == livekit::SCREEN_SHARE) return sfu::TrackClass::screen;
    return speaks ? sfu::TrackClass::speaker : sfu::TrackClass::camera;
}

/// The blocks in RED name their payload types (RFC 2198 section 3), which go out as they are: only
/// a receiver with the same numbers can take it.
bool takes_red(const PublishedTrack& track, const sdp::Media& section) {
    const auto sent = std::ranges::find_if(track.codecs, [](const sdp::Codec& codec) {
        return rtp::codec_named(codec.name) == rtp::Codec::opus;
    });
    const sdp::Codec* outgoing = sdp::find_codec(section, "opus");
    return sdp::find_codec(section, "red") != nullptr && outgoing != nullptr &&
           sent != track.codecs.end() && sent->payload_type == outgoing->payload_type;
}

// The receiver's payload type for each of the publisher's that it can carry.
void map_payload_types(sfu::ForwarderOptions& options, const PublishedTrack& track,
                       const sdp::Media& section) {
    std::size_t filled = 0;
    for (const sdp::Codec& source : track.codecs) {
        const rtp::Codec known = rtp::codec_named(source.name);
        if (known == rtp::Codec::other || filled == options.payload_types.size()) continue;
        const bool unwrap = known == rtp::Codec::red && !takes_red(track, section);
        const sdp::Codec* outgoing = sdp::find_codec(section, unwrap ? "opus" : source.name);
        if (outgoing == nullptr) continue;
        auto& mapping = options.payload_types[filled++];
        mapping = {source.payload_type, outgoing->payload_type, unwrap};
        if (known == rtp::Codec::red && !unwrap) {
            mapping.plain = sdp::find_codec(section, "opus")->payload_type;
        }
    }
}

}  // namespace

Subscription::Subscription(PublishedTrack& of, Participant& by)
    : track(of), subscriber(by), ssrc(crypto::random32() | 1), rtx_ssrc(crypto::random32() | 1) {
    track.subscriptions.push_back(this);
}

Subscription::~Subscription() { std::erase(track.subscriptions, this); }

void Subscription::start(const sdp::Media& section) {
    if (forwarder_) return;
    mid = section.mid;
    sfu::ForwarderOptions options;
    options.kind = track.is_audio() ? sfu::MediaKind::audio : sfu::MediaKind::video;
    options.clock_rate = track.codec.clock_rate;
    options.ssrc = ssrc;
    map_payload_types(options, track, section);
    if (!section.codecs.empty()) {
        if (const auto rtx = sdp::rtx_payload_type(section, section.codecs.front().payload_type)) {
            options.rtx_ssrc = rtx_ssrc;
            options.rtx_payload_type = *rtx;
        }
    }
    for (const sdp::Extension& extension : section.extensions) {
        if (auto field = rtp::extension_field(extension.uri)) options.ids.*field = extension.id;
    }
    options.mid = mid;
    options.first_sequence_number = static_cast<std::uint16_t>(crypto::random32() & 0x7fff);
    forwarder_.emplace(options);
    subscriber.downlink().add_route(ssrc, *this);
    forwarder_->select(track.is_audio() ? std::optional<std::uint8_t>(0) : std::nullopt);
    subscriber.allocate_soon();
}

std::size_t Subscription::forward_fresh(std::span<const sfu::CachedPacket* const> packets,
                                        Time now) {
    if (!forwarder_) return 0;
    PeerConnection& connection = subscriber.downlink();
    if (!connection.is_connected()) return 0;
    transport::Transport& transport = connection.transport();
    std::size_t sent = 0;
    const sfu::SendContext context{*track.media, connection.estimator(), now};
    for (const sfu::CachedPacket* packet : packets) {
        const auto forwarded = forwarder_->forward(*packet, transport.rtp_slot(), context);
        if (!forwarded) continue;
        sent += transport.send_rtp(forwarded->header_size, forwarded->payload) != 0;
    }
    want_key_frames();
    return sent;
}

void Subscription::resend(std::uint16_t number, Time now) {
    if (!forwarder_ || !track.media) return;
    PeerConnection& connection = subscriber.downlink();
    const sfu::SendContext context{*track.media, connection.estimator(), now};
    const auto again = forwarder_->resend(number, connection.transport().rtp_slot(), context);
    if (again) connection.transport().send_rtp(again->header_size, again->payload);
}

void Subscription::want_key_frame() {
    if (!forwarder_ || !track.media || track.is_audio()) return;
    if (const auto layer = forwarder_->current() ? forwarder_->current() : forwarder_->selected()) {
        track.media->want_key_frame(*layer);
    }
}

void Subscription::receive_report(const rtp::rtcp::ReportBlock& block, Time now) {
    if (!forwarder_) return;
    if (const auto round_trip = forwarder_->receive_report(block, now)) {
        subscriber.downlink().estimator().set_round_trip(*round_trip);
    }
}

std::optional<sfu::Allocation> Subscription::wish(Time now, bool publisher_speaks) const {
    if (!forwarder_ || !track.media) return std::nullopt;
    sfu::Allocation allocation;
    allocation.kind = class_of(track, publisher_speaks);
    allocation.priority = static_cast<std::uint8_t>(std::clamp<std::uint32_t>(priority, 1, 255));
    allocation.current = forwarder_->current();
    const auto shapes = track.shapes(now);
    for (std::uint8_t layer = 0; layer < sfu::most_layers; ++layer) {
        const sfu::Layer* received = track.media->layer(layer);
        if (received != nullptr && shapes[layer].live)
            allocation.rates[layer] = received->stream.rate(now);
    }
    if (track.is_audio()) {
        if (forwarder_->is_plain()) allocation.rates[0] = allocation.rates[0].scaled(plain_share);
        if (!viewer.disabled) allocation.wanted = 0;
        return allocation;
    }
    const auto wished = sfu::wished_layer(viewer, std::span(shapes).first(track.layer_count()));
    if (wished) allocation.wanted = sfu::nearest_live(*wished, shapes);
    return allocation;
}

void Subscription::allot(const sfu::Allocation& allocation, BitRate budget) {
    if (track.is_audio()) {
        forwarder_->go_plain(budget < (forwarder_->is_plain() ? roomy_for_red : thin_for_red));
    } else if (const auto current = forwarder_->current();
               current && allocation.layer < *current &&
               allocation.rates[*current] > budget.scaled(far_too_much)) {
        // Until the lower layer's key frame is there, it would push the sound out of the line.
        forwarder_->cut_off();
    }
    forwarder_->select(allocation.layer, allocation.temporal, sfu::lowest_live(allocation));
    reduced = allocation.wanted && (!allocation.layer || *allocation.layer < *allocation.wanted);
    paused = allocation.wanted.has_value() && !allocation.layer.has_value();
    want_key_frames();
}

void Subscription::want_key_frames() {
    if (const auto layer = forwarder_->needs_key_frame()) track.media->want_key_frame(*layer);
    if (const auto layer = forwarder_->could_begin_with()) track.media->want_key_frame(*layer);
}

std::optional<rtp::rtcp::SenderReport> Subscription::sender_report(Time now) {
    if (!forwarder_ || !track.media) return std::nullopt;
    return forwarder_->sender_report({*track.media, subscriber.downlink().estimator(), now});
}

std::size_t Subscription::fill(std::size_t bytes, Time now) {
    if (!forwarder_ || !track.media) return 0;
    PeerConnection& connection = subscriber.downlink();
    const sfu::SendContext context{*track.media, connection.estimator(), now};
    std::size_t sent = 0;
    while (sent < bytes) {
        const auto padding = forwarder_->padding(connection.transport().rtp_slot(), context);
        if (!padding) break;
        const std::size_t size =
            connection.transport().send_rtp(padding->header_size, padding->payload);
        if (size == 0) break;
        sent += size;
    }
    return sent;
}

}  // namespace aula::room
