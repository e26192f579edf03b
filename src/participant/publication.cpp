// SPDX-License-Identifier: Apache-2.0
#include "participant/publication.hpp"

#include <algorithm>
#include <utility>

#include "crypto/random.hpp"
#include "sdp/offer.hpp"

namespace aula::participant {

namespace {

rtp::ExtensionIds extension_ids_of(const sdp::Media& media) {
    rtp::ExtensionIds ids;
    for (const sdp::Extension& extension : media.extensions) {
        if (auto field = rtp::extension_field(extension.uri)) ids.*field = extension.id;
    }
    return ids;
}

std::string stream_of(livekit::TrackSource source) {
    const bool screen = source == livekit::SCREEN_SHARE || source == livekit::SCREEN_SHARE_AUDIO;
    return screen ? "screen" : "camera";
}

}  // namespace

Publication::Publication(std::string cid, PublishOptions options)
    : cid_(std::move(cid)), options_(std::move(options)), muted_(options_.muted) {
    streams_.resize(std::max<std::size_t>(1, options_.layers.size()));
    for (Stream& stream : streams_) {
        stream.ssrc = crypto::random32() | 1;
        if (!is_audio()) stream.rtx_ssrc = crypto::random32() | 1;
    }
}

livekit::AddTrackRequest Publication::announcement() const {
    livekit::AddTrackRequest request;
    request.set_cid(cid_);
    request.set_name(options_.name);
    request.set_type(is_audio() ? livekit::AUDIO : livekit::VIDEO);
    request.set_source(options_.source);
    request.set_muted(options_.muted);
    request.set_stream(stream_of(options_.source));
    if (is_audio()) {
        request.set_disable_red(true);
        return request;
    }
    request.set_width(options_.layers.back().width);
    request.set_height(options_.layers.back().height);
    livekit::SimulcastCodec& codec = *request.add_simulcast_codecs();
    codec.set_codec("vp8");
    codec.set_cid(cid_);
    for (std::size_t i = 0; i < options_.layers.size(); ++i) {
        livekit::VideoLayer& layer = *request.add_layers();
        layer.set_quality(static_cast<livekit::VideoQuality>(i));
        layer.set_width(options_.layers[i].width);
        layer.set_height(options_.layers[i].height);
        layer.set_bitrate(options_.layers[i].bits_a_second);
    }
    return request;
}

sdp::Media Publication::section(const std::string& cname) const {
    sdp::SendTrack track;
    track.kind = is_audio() ? sdp::MediaKind::audio : sdp::MediaKind::video;
    track.codec.name = is_audio() ? "opus" : "VP8";
    track.codec.clock_rate = is_audio() ? 48000 : 90000;
    track.codec.channels = is_audio() ? 2 : 0;
    track.stream = stream_of(options_.source);
    track.track = cid_;
    track.cname = cname;
    track.ssrc = streams_.front().ssrc;
    if (options_.layers.size() < 2) {
        if (!is_audio()) track.rtx_ssrc = streams_.front().rtx_ssrc;
        return sdp::offer_sending(mid_, track);
    }
    std::vector<std::string> rids;
    for (const PublishedLayer& layer : options_.layers) rids.push_back(layer.rid);
    return sdp::offer_simulcast(mid_, track, rids);
}

void Publication::start(const sdp::Media& answered, transport::Transport& transport,
                        std::uint16_t& transport_number) {
    if (streams_.front().outgoing || answered.rejected() || answered.codecs.empty()) return;
    const sdp::Codec& codec = answered.codecs.front();
    const auto rtx = sdp::rtx_payload_type(answered, codec.payload_type);
    for (std::size_t i = 0; i < streams_.size(); ++i) {
        OutgoingStreamOptions options;
        options.ssrc = streams_[i].ssrc;
        if (rtx) options.rtx_ssrc = streams_[i].rtx_ssrc;
        options.payload_type = codec.payload_type;
        options.rtx_payload_type = rtx.value_or(0);
        options.clock_rate = codec.clock_rate;
        options.ids = extension_ids_of(answered);
        options.mid = answered.mid;
        if (streams_.size() > 1) options.rid = options_.layers[i].rid;
        streams_[i].outgoing =
            std::make_unique<OutgoingStream>(transport, transport_number, std::move(options));
        streams_[i].key_frame_requested = true;
    }
}

bool Publication::wants(std::size_t layer) const {
    const Stream& stream = streams_[layer];
    return !muted_ && stream.wanted && stream.outgoing && stream.outgoing->may_flow();
}

bool Publication::take_key_frame_request(std::size_t layer) {
    return std::exchange(streams_[layer].key_frame_requested, false);
}

void Publication::send(std::size_t layer, const OutgoingPacket& packet, Time now) {
    if (wants(layer)) streams_[layer].outgoing->send(packet, now);
}

void Publication::set_wanted(const livekit::SubscribedQualityUpdate& update) {
    const auto apply = [this](const auto& qualities) {
        for (const livekit::SubscribedQuality& quality : qualities) {
            const auto layer = static_cast<std::size_t>(quality.quality());
            if (layer >= streams_.size()) continue;
            Stream& stream = streams_[layer];
            if (quality.enabled() && !stream.wanted) stream.key_frame_requested = true;
            stream.wanted = quality.enabled();
        }
    };
    if (update.subscribed_codecs_size() == 0) return apply(update.subscribed_qualities());
    for (const livekit::SubscribedCodec& codec : update.subscribed_codecs()) {
        if (codec.codec() == "vp8" || codec.codec().empty()) apply(codec.qualities());
    }
}

bool Publication::on_nack(const rtp::rtcp::Nack& nack) {
    for (Stream& stream : streams_) {
        if (stream.ssrc != nack.media || !stream.outgoing) continue;
        nack.for_each([&](std::uint16_t number) { stream.outgoing->resend(number); });
        return true;
    }
    return false;
}

bool Publication::on_key_frame_request(std::uint32_t ssrc) {
    for (Stream& stream : streams_) {
        if (stream.ssrc != ssrc) continue;
        stream.key_frame_requested = true;
        return true;
    }
    return false;
}

std::uint64_t Publication::packets_sent() const {
    std::uint64_t sum = 0;
    for (const Stream& stream : streams_) sum += stream.outgoing ? stream.outgoing->packets() : 0;
    return sum;
}

std::uint64_t Publication::packets_resent() const {
    std::uint64_t sum = 0;
    for (const Stream& stream : streams_) sum += stream.outgoing ? stream.outgoing->resent() : 0;
    return sum;
}

}  // namespace aula::participant
