// SPDX-License-Identifier: Apache-2.0
#include "sdp/answer.hpp"

#include <algorithm>
#include <utility>

#include "base/expects.hpp"
#include "sdp/codecs.hpp"

namespace aula::sdp {

namespace {

bool sends(Direction direction) {
    return direction == Direction::sendonly || direction == Direction::sendrecv;
}
bool receives(Direction direction) {
    return direction == Direction::recvonly || direction == Direction::sendrecv;
}

/// The offered codec with only the feedback that we share.
Codec answered(const Codec& offered) {
    Codec codec = offered;
    std::erase_if(codec.feedback,
                  [](const auto& feedback) { return !is_supported_feedback(feedback); });
    return codec;
}

/// Adds the codec and its retransmissions.
void add_codec(Media& answer, const Media& offered, const Codec& codec) {
    answer.codecs.push_back(answered(codec));
    if (const auto rtx = rtx_payload_type(offered, codec.payload_type)) {
        answer.codecs.push_back(answered(*find_codec(offered, *rtx)));
    }
}

void add_extensions(Media& answer, const Media& offered, std::span<const char* const> known) {
    for (const Extension& extension : offered.extensions) {
        // One-byte headers have ids 1 to 14 (RFC 8285 section 4.2).
        if (extension.id > 14 || extension_id(answer, extension.uri)) continue;
        if (std::ranges::find(known, extension.uri) != known.end()) {
            answer.extensions.push_back(extension);
        }
    }
}

/// What every answering section takes over from the offered one.
Media section_like(const Media& offered, Direction direction) {
    Media answer;
    answer.kind = offered.kind;
    answer.type = offered.type;
    answer.port = 9;
    answer.protocol = offered.protocol;
    answer.mid = offered.mid;
    answer.direction = direction;
    answer.rtcp_mux = offered.rtcp_mux;
    answer.rtcp_rsize = offered.rtcp_rsize;
    return answer;
}

/// All shares one port, so RTCP must too (RFC 8834 section 4.5).
bool can_carry_rtp(const Media& offered) {
    return (offered.kind == MediaKind::audio || offered.kind == MediaKind::video) &&
           offered.rtcp_mux && !offered.rejected();
}

/// Those we support, the wanted one first, then in the client's order.
std::vector<Codec> shared_codecs(const Media& offered, const ReceiveOptions& options) {
    std::vector<Codec> codecs;
    for (const Codec& codec : offered.codecs) {
        if (!is_supported(offered.kind, codec)) continue;
        if (same_name(codec.name, "red") && !options.red) continue;
        codecs.push_back(codec);
    }
    const auto place = [&](const Codec& codec) {
        // RED carries Opus, so a client that sees RED first wraps its Opus in it.
        if (same_name(codec.name, "red")) return 0;
        return same_name(codec.name, options.codec) ? 1 : 2;
    };
    std::ranges::stable_sort(codecs, {}, [&](const Codec& codec) { return place(codec); });
    if (options.only_codec && !options.codec.empty()) {
        std::erase_if(codecs, [&](const Codec& codec) { return place(codec) == 2; });
    }
    return codecs;
}

/// Of H264 only the variant that most receivers can decode: a publisher picks one, and it should be
/// that.
void keep_best_h264(std::vector<Codec>& codecs) {
    const auto is_h264 = [](const Codec& codec) { return same_name(codec.name, "H264"); };
    int best = 100;
    for (const Codec& codec : codecs) {
        if (is_h264(codec)) best = std::min(best, rank(codec));
    }
    std::erase_if(codecs, [&](const Codec& codec) { return is_h264(codec) && rank(codec) > best; });
}

void add_opus_parameters(Media& answer, const ReceiveOptions& options) {
    if (options.opus_parameters.empty()) return;
    for (Codec& codec : answer.codecs) {
        if (!same_name(codec.name, "opus")) continue;
        if (!codec.parameters.empty()) codec.parameters += ';';
        codec.parameters += options.opus_parameters;
    }
}

/// With RED the redundancy is in the packets already, and asking again only costs (RFC 8834 leaves
/// it open).
void drop_nack_beside_red(Media& answer) {
    if (!find_codec(answer, "red")) return;
    for (Codec& codec : answer.codecs) std::erase(codec.feedback, "nack");
}

/// RFC 8853 section 5.3.2: the rids the client sends, as ones we receive.
void add_rids(Media& answer, const Media& offered) {
    std::vector<std::string> accepted;
    for (const Rid& rid : offered.rids) {
        if (!rid.send || accepted.size() == max_simulcast_layers) continue;
        answer.rids.push_back({rid.id, false, {}});
        accepted.push_back(rid.id);
    }
    if (!offered.simulcast || offered.simulcast->send.empty()) return;
    Simulcast simulcast;
    for (const std::string& alternatives : offered.simulcast->send) {
        auto rid = alternatives.substr(0, alternatives.find(','));
        if (rid.starts_with('~')) rid.erase(0, 1);
        if (std::ranges::find(accepted, rid) != accepted.end()) simulcast.receive.push_back(rid);
    }
    if (!simulcast.receive.empty()) answer.simulcast = std::move(simulcast);
}

/// The client's payload type to send this track on, the most fitting one first.
const Codec* best_for(const Media& offered, const Codec& codec) {
    const Codec* best = nullptr;
    for (const Codec& candidate : offered.codecs) {
        if (!is_supported(offered.kind, candidate) || !is_compatible(codec, candidate)) continue;
        if (!best || rank(candidate) < rank(*best)) best = &candidate;
    }
    return best;
}

void add_sources(Media& answer, const SendTrack& track, const Codec& codec) {
    answer.msid_stream = track.stream;
    answer.msid_track = track.track;
    const std::string msid = track.stream + ' ' + track.track;
    answer.sources.push_back({track.ssrc, track.cname, msid});
    if (!track.rtx_ssrc || !rtx_payload_type(answer, codec.payload_type)) return;
    answer.sources.push_back({*track.rtx_ssrc, track.cname, msid});
    answer.source_groups.push_back({"FID", {track.ssrc, *track.rtx_ssrc}});
}

Setup role_against(const std::optional<Setup>& offered, Setup wanted) {
    if (offered == Setup::active) return Setup::passive;
    if (offered == Setup::passive) return Setup::active;
    return wanted == Setup::actpass ? Setup::passive : wanted;
}

void add_transport(Media& answer, const Media& offered, const LocalTransport& local) {
    answer.ice_ufrag = local.ice_ufrag;
    answer.ice_pwd = local.ice_pwd;
    answer.fingerprint = local.fingerprint;
    answer.setup = role_against(offered.setup, local.setup);
}

bool is_bundled(const Session& offer, const std::string& mid) {
    return std::ranges::find(offer.bundle, mid) != offer.bundle.end();
}

}  // namespace

Media answer_rejected(const Media& offered) {
    Media answer = section_like(offered, Direction::inactive);
    answer.port = 0;
    answer.rtcp_mux = false;
    answer.rtcp_rsize = false;
    answer.codecs = offered.codecs;
    for (Codec& codec : answer.codecs) codec.feedback.clear();
    answer.formats = offered.formats;
    return answer;
}

Media answer_receiving(const Media& offered, const ReceiveOptions& options) {
    if (!can_carry_rtp(offered)) return answer_rejected(offered);
    Media answer =
        section_like(offered, sends(offered.direction) ? Direction::recvonly : Direction::inactive);
    auto codecs = shared_codecs(offered, options);
    keep_best_h264(codecs);
    for (const Codec& codec : codecs) add_codec(answer, offered, codec);
    const bool only_red = std::ranges::all_of(
        answer.codecs, [](const Codec& codec) { return same_name(codec.name, "red"); });
    if (only_red) return answer_rejected(offered);
    add_opus_parameters(answer, options);
    drop_nack_beside_red(answer);
    add_extensions(answer, offered, extensions_received(offered.kind));
    if (offered.kind == MediaKind::video) add_rids(answer, offered);
    return answer;
}

std::optional<Media> answer_sending(const Media& offered, const SendTrack& track) {
    if (!can_receive(offered, track)) return std::nullopt;
    Media answer = section_like(offered, Direction::sendonly);
    const Codec* codec = best_for(offered, track.codec);
    if (const Codec* red = find_codec(offered, "red"); red && track.red) {
        add_codec(answer, offered, *red);
    }
    add_codec(answer, offered, *codec);
    drop_nack_beside_red(answer);
    // All of them, also those that only a publisher writes: Chromium takes what one section leaves
    // out for refused everywhere, and then cannot publish simulcast for want of rids.
    add_extensions(answer, offered, extensions_received(offered.kind));
    add_sources(answer, track, *codec);
    return answer;
}

bool can_receive(const Media& offered, const SendTrack& track) {
    return offered.kind == track.kind && can_carry_rtp(offered) && receives(offered.direction) &&
           best_for(offered, track.codec) != nullptr;
}

Media answer_inactive(const Media& offered) {
    Media answer = answer_receiving(offered, {});
    answer.direction = Direction::inactive;
    answer.rids.clear();
    answer.simulcast.reset();
    return answer;
}

Media answer_data(const Media& offered) {
    const bool is_data =
        offered.kind == MediaKind::application &&
        std::ranges::find(offered.formats, "webrtc-datachannel") != offered.formats.end();
    if (!is_data) return answer_rejected(offered);
    Media answer = section_like(offered, Direction::sendrecv);
    answer.rtcp_mux = false;
    answer.rtcp_rsize = false;
    answer.formats = {"webrtc-datachannel"};
    answer.sctp_port = sctp_port;
    answer.max_message_size = max_data_message;
    return answer;
}

Session make_answer(const Session& offer, std::vector<Media> sections, const LocalTransport& local,
                    std::uint64_t session_id, std::uint64_t version) {
    AULA_EXPECTS(sections.size() == offer.media.size());
    Session answer;
    answer.id = session_id;
    answer.version = version;
    answer.ice_lite = local.ice_lite;
    answer.extmap_allow_mixed = offer.extmap_allow_mixed;
    bool first = true;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        Media& section = sections[i];
        const Media& offered = offer.media[i];
        // There is one transport: what is not bundled with the first accepted section has none.
        if (!section.rejected() && !first && !is_bundled(offer, section.mid)) {
            section = answer_rejected(offered);
        }
        if (!section.rejected()) {
            add_transport(section, offered, local);
            if (first) section.candidates = local.candidates;
            if (is_bundled(offer, section.mid)) answer.bundle.push_back(section.mid);
            first = false;
        }
        answer.media.push_back(std::move(section));
    }
    return answer;
}

}  // namespace aula::sdp
