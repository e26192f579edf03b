// SPDX-License-Identifier: Apache-2.0
#include "room/published_track.hpp"

#include <algorithm>
#include <utility>

#include "room/participant.hpp"
#include "rtp/codec.hpp"
#include "signal/ids.hpp"

namespace aula::room {
namespace {

livekit::TrackInfo describe(const livekit::AddTrackRequest& request) {
    livekit::TrackInfo info;
    info.set_sid(signal::make_track_id(request.type(), request.source()));
    info.set_type(request.type());
    info.set_name(request.name());
    info.set_source(request.source());
    info.set_muted(request.muted());
    info.set_width(request.width());
    info.set_height(request.height());
    *info.mutable_layers() = request.layers();
    info.set_simulcast(request.layers_size() > 1);
    info.set_disable_red(request.disable_red());
    info.set_encryption(request.encryption());
    info.set_stream(request.stream());
    *info.mutable_audio_features() = request.audio_features();
    info.set_backup_codec_policy(request.backup_codec_policy());
    if (request.stream().empty()) {
        const bool screen = request.source() == livekit::SCREEN_SHARE ||
                            request.source() == livekit::SCREEN_SHARE_AUDIO;
        info.set_stream(screen ? "screen" : "camera");
    }
    return info;
}

rtp::ExtensionIds extension_ids(const sdp::Media& media) {
    rtp::ExtensionIds ids;
    for (const sdp::Extension& extension : media.extensions) {
        if (auto field = rtp::extension_field(extension.uri)) ids.*field = extension.id;
    }
    return ids;
}

}  // namespace

PublishedTrack::PublishedTrack(std::uint32_t track_number, Participant& by,
                               const livekit::AddTrackRequest& request)
    : number(track_number),
      publisher(by),
      cid(request.cid()),
      requested_codec(request.simulcast_codecs_size() > 0 ? request.simulcast_codecs(0).codec()
                                                          : ""),
      info(describe(request)) {}

void PublishedTrack::bind(const sdp::Media& answered) {
    mid = answered.mid;
    codecs = answered.codecs;
    const auto first = std::ranges::find_if(codecs, [](const sdp::Codec& c) {
        const rtp::Codec known = rtp::codec_named(c.name);
        return known != rtp::Codec::other;
    });
    if (first != codecs.end()) codec = *first;
    const bool audio = is_audio();
    layer_count_ = static_cast<std::uint8_t>(
        std::clamp<std::size_t>(answered.rids.size(), 1, sfu::most_layers));
    sfu::TrackOptions options;
    options.kind = audio ? sfu::MediaKind::audio : sfu::MediaKind::video;
    options.codec = rtp::codec_named(codec.name);
    options.clock_rate = codec.clock_rate;
    options.nack = std::ranges::find(codec.feedback, "nack") != codec.feedback.end();
    options.ids = extension_ids(answered);
    media.emplace(options);
    if (layer_count_ == 1) media->declare_size(0, info.width(), info.height());
    for (const livekit::VideoLayer& layer : info.layers()) {
        if (layer_count_ == 1) break;
        const auto layer_number = static_cast<std::uint8_t>(layer.quality());
        if (layer_number < sfu::most_layers)
            media->declare_size(layer_number, layer.width(), layer.height());
    }

    info.set_mid(mid);
    info.set_mime_type((audio ? "audio/" : "video/") + codec.name);
    info.clear_codecs();
    livekit::SimulcastCodecInfo& used = *info.add_codecs();
    used.set_mime_type(info.mime_type());
    used.set_mid(mid);
    used.set_cid(cid);
    *used.mutable_layers() = info.layers();
    if (!audio) used.set_video_layer_mode(livekit::VideoLayer::ONE_SPATIAL_LAYER_PER_STREAM);
}

sdp::SendTrack PublishedTrack::as_sent() const {
    sdp::SendTrack sent;
    sent.kind = is_audio() ? sdp::MediaKind::audio : sdp::MediaKind::video;
    sent.codec = codec;
    sent.red = rtp::codec_named(codec.name) == rtp::Codec::red;
    if (sent.red) {
        const auto opus = std::ranges::find_if(codecs, [](const sdp::Codec& c) {
            return rtp::codec_named(c.name) == rtp::Codec::opus;
        });
        if (opus != codecs.end()) sent.codec = *opus;
    }
    sent.stream = publisher.sid + "|" + info.stream();
    sent.track = info.sid();
    sent.cname = publisher.sid;
    return sent;
}

std::array<sfu::LayerShape, sfu::most_layers> PublishedTrack::shapes(Time now) const {
    return media ? media->shapes(now) : std::array<sfu::LayerShape, sfu::most_layers>{};
}

}  // namespace aula::room
