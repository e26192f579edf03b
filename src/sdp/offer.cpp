// SPDX-License-Identifier: Apache-2.0
#include "sdp/offer.hpp"

#include <array>
#include <utility>

#include "sdp/codecs.hpp"
#include "sdp/extensions.hpp"

namespace aula::sdp {

namespace {

struct OfferedCodec {
    MediaKind kind;
    std::uint8_t payload_type;
    std::uint8_t rtx;  // 0: none
    const char* name;
    std::uint8_t channels;
    const char* parameters;
};

#define AULA_H264(mode, profile) \
    "level-asymmetry-allowed=1;packetization-mode=" #mode ";profile-level-id=" #profile

// In order of preference. The same payload type has the same parameters in every section, as
// libwebrtc demands over a BUNDLE group.
constexpr std::array<OfferedCodec, 10> offered_codecs{{
    {MediaKind::audio, 111, 0, "opus", 2, "minptime=10;useinbandfec=1"},
    {MediaKind::audio, 63, 0, "red", 2, "111/111"},
    {MediaKind::video, 96, 97, "VP8", 0, ""},
    {MediaKind::video, 125, 107, "H264", 0, AULA_H264(1, 42e01f)},
    {MediaKind::video, 102, 103, "H264", 0, AULA_H264(1, 42001f)},
    {MediaKind::video, 108, 109, "H264", 0, AULA_H264(0, 42e01f)},
    {MediaKind::video, 39, 40, "H264", 0, AULA_H264(1, 4d001f)},
    {MediaKind::video, 123, 124, "H264", 0, AULA_H264(1, 640032)},
    {MediaKind::video, 98, 99, "VP9", 0, "profile-id=0"},
    {MediaKind::video, 35, 36, "AV1", 0, ""},
}};

#undef AULA_H264

struct OfferedExtension {
    std::uint8_t id;
    const char* uri;
};
constexpr std::array<OfferedExtension, 8> offered_extensions{{
    {1, extension::audio_level},
    {2, extension::abs_send_time},
    {3, extension::transport_cc},
    {4, extension::mid},
    {10, extension::rid},
    {11, extension::repaired_rid},
    {12, extension::dependency_descriptor},
    {13, extension::video_orientation},
}};

Codec codec_from(const OfferedCodec& offered) {
    Codec codec;
    codec.payload_type = offered.payload_type;
    codec.name = offered.name;
    codec.clock_rate = offered.kind == MediaKind::audio ? 48000 : 90000;
    codec.channels = offered.channels;
    codec.parameters = offered.parameters;
    codec.feedback = {"transport-cc"};
    if (offered.kind == MediaKind::video) {
        codec.feedback = {"goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"};
    }
    return codec;
}

void add(Media& media, const OfferedCodec& offered) {
    media.codecs.push_back(codec_from(offered));
    if (offered.rtx == 0) return;
    Codec rtx;
    rtx.payload_type = offered.rtx;
    rtx.name = "rtx";
    rtx.clock_rate = 90000;
    rtx.parameters = "apt=" + std::to_string(offered.payload_type);
    media.codecs.push_back(std::move(rtx));
}

const OfferedCodec* find_offered(const Codec& codec) {
    // The same variant if there is one, else the nearest that can decode it.
    const OfferedCodec* best = nullptr;
    for (const OfferedCodec& offered : offered_codecs) {
        const Codec candidate = codec_from(offered);
        if (!is_compatible(codec, candidate)) continue;
        if (rank(candidate) == rank(codec)) return &offered;
        if (!best) best = &offered;
    }
    return best;
}

Media new_section(std::string mid, MediaKind kind, Direction direction) {
    Media media;
    media.kind = kind;
    media.type = kind == MediaKind::audio ? "audio" : "video";
    media.mid = std::move(mid);
    media.direction = direction;
    media.rtcp_mux = true;
    media.rtcp_rsize = true;
    return media;
}

void add_extensions_of(Media& media, std::span<const char* const> wanted) {
    for (const OfferedExtension& offered : offered_extensions) {
        for (const char* uri : wanted) {
            if (std::string_view(uri) == offered.uri) media.extensions.push_back({offered.id, uri});
        }
    }
}

void add_codecs_of(Media& media, const SendTrack& track) {
    if (track.red) add(media, offered_codecs[1]);
    if (const OfferedCodec* offered = find_offered(track.codec)) add(media, *offered);
}

void add_all_codecs(Media& media) {
    for (const OfferedCodec& offered : offered_codecs) {
        if (offered.kind == media.kind) add(media, offered);
    }
}

}  // namespace

Media offer_sending(std::string mid, const SendTrack& track) {
    Media media = new_section(std::move(mid), track.kind, Direction::sendonly);
    add_codecs_of(media, track);
    add_extensions_of(media, extensions_sent(track.kind));
    media.msid_stream = track.stream;
    media.msid_track = track.track;
    const std::string msid = track.stream + ' ' + track.track;
    media.sources.push_back({track.ssrc, track.cname, msid});
    if (track.rtx_ssrc) {
        media.sources.push_back({*track.rtx_ssrc, track.cname, msid});
        media.source_groups.push_back({"FID", {track.ssrc, *track.rtx_ssrc}});
    }
    return media;
}

Media offer_simulcast(std::string mid, const SendTrack& track, std::span<const std::string> rids) {
    Media media = new_section(std::move(mid), track.kind, Direction::sendonly);
    add_codecs_of(media, track);
    add_extensions_of(media, extensions_received(track.kind));
    media.msid_stream = track.stream;
    media.msid_track = track.track;
    media.simulcast.emplace();
    for (const std::string& rid : rids) {
        media.rids.push_back({rid, true, {}});
        media.simulcast->send.push_back(rid);
    }
    return media;
}

Media offer_receiving(std::string mid, MediaKind kind) {
    Media media = new_section(std::move(mid), kind, Direction::recvonly);
    add_all_codecs(media);
    add_extensions_of(media, extensions_sent(kind));
    return media;
}

Media offer_inactive(std::string mid, MediaKind kind) {
    Media media = new_section(std::move(mid), kind, Direction::inactive);
    add_all_codecs(media);
    return media;
}

Media offer_data(std::string mid) {
    Media media;
    media.kind = MediaKind::application;
    media.type = "application";
    media.protocol = "UDP/DTLS/SCTP";
    media.formats = {"webrtc-datachannel"};
    media.mid = std::move(mid);
    media.sctp_port = sctp_port;
    media.max_message_size = max_data_message;
    return media;
}

Session make_offer(std::vector<Media> sections, const LocalTransport& local,
                   std::uint64_t session_id, std::uint64_t version) {
    Session offer;
    offer.id = session_id;
    offer.version = version;
    offer.ice_lite = local.ice_lite;
    offer.trickle = true;
    offer.extmap_allow_mixed = true;
    bool first = true;
    for (Media& section : sections) {
        section.ice_ufrag = local.ice_ufrag;
        section.ice_pwd = local.ice_pwd;
        section.fingerprint = local.fingerprint;
        section.setup = Setup::actpass;
        if (first) section.candidates = local.candidates;
        first = false;
        offer.bundle.push_back(section.mid);
        offer.media.push_back(std::move(section));
    }
    return offer;
}

std::uint8_t offered_payload_type(const Codec& codec) {
    const OfferedCodec* offered = find_offered(codec);
    return offered ? offered->payload_type : 0;
}

const char* text(AnswerError error) {
    switch (error) {
        case AnswerError::sections:
            return "the answer's sections are not those of the offer";
        case AnswerError::transport:
            return "the answer says nothing about ICE and DTLS";
    }
    return "";
}

Expected<void, AnswerError> check_answer(const Session& offer, const Session& answer) {
    if (offer.media.size() != answer.media.size()) return fail(AnswerError::sections);
    bool any_accepted = false;
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        const Media& ours = offer.media[i];
        const Media& theirs = answer.media[i];
        if (ours.kind != theirs.kind) return fail(AnswerError::sections);
        if (theirs.rejected()) continue;
        if (ours.mid != theirs.mid) return fail(AnswerError::sections);
        any_accepted = true;
    }
    if (!any_accepted) return {};
    const Media* transport = transport_section(answer);
    if (!transport || transport->setup == Setup::actpass) return fail(AnswerError::transport);
    return {};
}

}  // namespace aula::sdp
