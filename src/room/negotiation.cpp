// SPDX-License-Identifier: Apache-2.0
// The SDP half of PeerConnection: offers and answers, and which section carries what.
#include <algorithm>
#include <utility>

#include "room/participant.hpp"
#include "room/peer_connection.hpp"
#include "room/room.hpp"
#include "room/shard.hpp"
#include "sdp/answer.hpp"
#include "sdp/offer.hpp"
#include "sdp/session.hpp"

namespace aula::room {
namespace {

bool sends(sdp::Direction direction) {
    return direction == sdp::Direction::sendonly || direction == sdp::Direction::sendrecv;
}

Error unusable(const char* why) { return {ErrorCode::invalid, why}; }

std::string opus_parameters(const livekit::TrackInfo& info) {
    std::string parameters = "usedtx=1";
    for (const int feature : info.audio_features()) {
        if (feature == livekit::TF_NO_DTX) parameters.clear();
    }
    for (const int feature : info.audio_features()) {
        if (feature != livekit::TF_STEREO) continue;
        if (!parameters.empty()) parameters += ";";
        parameters += "stereo=1;maxaveragebitrate=510000";
    }
    return parameters;
}

}  // namespace

void PeerConnection::set_remote(const sdp::Session& session, dtls::Role our_role) {
    const sdp::Media* media = transport_section(session);
    if (media == nullptr || media->ice_ufrag == remote_ufrag_) return;
    if (!remote_ufrag_.empty() && kind_ != Kind::subscriber) transport_.new_ice_credentials();
    remote_ufrag_ = media->ice_ufrag;
    transport_.set_remote({media->ice_ufrag, media->ice_pwd, media->fingerprint->value, our_role});
}

sdp::LocalTransport PeerConnection::local_transport(sdp::Setup setup) const {
    sdp::LocalTransport local;
    local.ice_ufrag = transport_.ice_ufrag();
    local.ice_pwd = transport_.ice_password();
    local.candidates = candidate_lines();
    local.fingerprint = {"sha-256", room_.shard().identity().fingerprint()};
    local.setup = setup;
    return local;
}

PeerConnection::Section& PeerConnection::section_for(const sdp::Media& offered) {
    const auto at = std::ranges::find(sections_, offered.mid, &Section::mid);
    if (at != sections_.end()) return *at;
    Section& section = sections_.emplace_back();
    section.mid = offered.mid;
    section.kind = offered.kind;
    return section;
}

Expected<livekit::SessionDescription, Error> PeerConnection::answer(
    const livekit::SessionDescription& offer) {
    const auto session = sdp::parse(offer.sdp());
    if (!session) return fail(unusable(sdp::text(session.error())));
    const sdp::Media* transport = transport_section(*session);
    if (transport == nullptr)
        return fail(unusable("The offer has no ICE credentials or fingerprint."));

    const bool client_is_server = transport->setup == sdp::Setup::passive;
    set_remote(*session, client_is_server ? dtls::Role::client : dtls::Role::server);

    drop_sections_without(*session);
    std::vector<sdp::Media> answered;
    answered.reserve(session->media.size());
    // All sections exist before the first is answered, so references into sections_ hold.
    for (const sdp::Media& offered : session->media) {
        section_for(offered).is_offered =
            offered.direction == sdp::Direction::recvonly && !offered.rejected();
    }
    for (const sdp::Media& offered : session->media) {
        answered.push_back(answer_section(section_for(offered), offered));
    }

    livekit::SessionDescription description;
    description.set_type("answer");
    description.set_id(offer.id());
    for (const Section& section : sections_) {
        if (section.use == Use::sending) {
            (*description.mutable_mid_to_track_id())[section.mid] =
                section.subscription->track.sid();
        }
    }
    const sdp::Setup setup = client_is_server ? sdp::Setup::active : sdp::Setup::passive;
    description.set_sdp(sdp::write(sdp::make_answer(
        *session, std::move(answered), local_transport(setup), session_id_, version_++)));
    answered_ = true;
    return description;
}

// Sections are never taken out of a session (RFC 8829 section 5.2.2), but a rejected one's place
// may go to a new mid. A client that renames all of them at each offer gets no longer table by it.
void PeerConnection::drop_sections_without(const sdp::Session& session) {
    const auto is_gone = [&](const Section& section) {
        return sdp::find_media(session, section.mid) == nullptr;
    };
    for (Section& section : sections_) {
        if (!is_gone(section)) continue;
        stop_publishing(section);
        if (section.subscription != nullptr) participant_.start_over(*section.subscription);
    }
    std::erase_if(sections_, is_gone);
}

sdp::Media PeerConnection::answer_section(Section& section, const sdp::Media& offered) {
    if (offered.kind == sdp::MediaKind::application) {
        section.use = Use::data;
        return sdp::answer_data(offered);
    }
    if (offered.kind != sdp::MediaKind::audio && offered.kind != sdp::MediaKind::video) {
        section.use = Use::rejected;
        return sdp::answer_rejected(offered);
    }
    if (offered.rejected()) {
        stop_publishing(section);
        return sdp::answer_rejected(offered);
    }
    if (sends(offered.direction)) return receive(section, offered);
    stop_publishing(section);
    if (offered.direction == sdp::Direction::recvonly && kind_ == Kind::single)
        return send(section, offered);
    if (section.subscription != nullptr) participant_.start_over(*section.subscription);
    section.must_rest = false;
    section.use = Use::idle;
    return sdp::answer_inactive(offered);
}

sdp::Media PeerConnection::receive(Section& section, const sdp::Media& offered) {
    // A client may publish on a section that had carried somebody's track to it: that track needs
    // another.
    if (section.subscription != nullptr) participant_.start_over(*section.subscription);
    section.use = Use::receiving;
    section.must_rest = false;
    section.msid_track = offered.msid_track;
    PublishedTrack* track = section.published;
    if (track == nullptr)
        track = participant_.announced_track(offered.kind, offered.msid_track,
                                             sections_waiting(offered.kind));

    sdp::ReceiveOptions options;
    if (track != nullptr) {
        options.red = !track->info.disable_red();
        options.codec = track->requested_codec;
        if (track->is_audio()) options.opus_parameters = opus_parameters(track->info);
    }
    sdp::Media answered = sdp::answer_receiving(offered, options);
    if (answered.rejected()) {
        section.use = Use::rejected;
        return answered;
    }
    note_sources(section, offered);
    if (track != nullptr) {
        bind(section, *track, answered);
    } else {
        section.answered = std::make_unique<sdp::Media>(answered);
    }
    return answered;
}

std::size_t PeerConnection::sections_waiting(sdp::MediaKind kind) const {
    return static_cast<std::size_t>(std::ranges::count_if(sections_, [&](const Section& section) {
        return section.kind == kind && section.use == Use::receiving &&
               section.published == nullptr;
    }));
}

void PeerConnection::bind(Section& section, PublishedTrack& track, const sdp::Media& answered) {
    const bool is_new = section.published == nullptr;
    section.published = &track;
    if (is_new) track.bind(answered);
    receive_ids_.merge(track.media->options().ids);
    streams_.set_extension_ids(receive_ids_);
    declare_streams(section, answered);
    if (is_new) room_.publish(track);
}

bool PeerConnection::bind_pending(PublishedTrack& track) {
    const sdp::MediaKind kind = track.is_audio() ? sdp::MediaKind::audio : sdp::MediaKind::video;
    const bool only_one = sections_waiting(kind) == 1;
    for (Section& section : sections_) {
        if (section.use != Use::receiving || section.published != nullptr || section.kind != kind)
            continue;
        if (section.msid_track != track.cid && !only_one) continue;
        bind(section, track, *std::exchange(section.answered, nullptr));
        return true;
    }
    return false;
}

void PeerConnection::declare_streams(const Section& section, const sdp::Media& answered) {
    sfu::Section declared;
    declared.mid = section.mid;
    declared.track = section.published->number;
    for (const sdp::Rid& rid : answered.rids) declared.rids.push_back(rid.id);
    for (const sdp::Codec& codec : answered.codecs) {
        if (codec.name != "rtx") {
            declared.payload_types.push_back(codec.payload_type);
            if (const auto rtx = sdp::rtx_payload_type(answered, codec.payload_type)) {
                declared.retransmissions.push_back({*rtx, codec.payload_type});
            }
        }
    }
    if (answered.rids.empty()) {
        declared.ssrc = section.ssrc;
        declared.rtx_ssrc = section.rtx_ssrc;
    }
    streams_.declare(std::move(declared));
}

void PeerConnection::note_sources(Section& section, const sdp::Media& offered) {
    section.ssrc = section.rtx_ssrc = 0;
    for (const sdp::SourceGroup& group : offered.source_groups) {
        if (group.semantics == "FID" && group.ssrcs.size() == 2) {
            section.ssrc = group.ssrcs[0];
            section.rtx_ssrc = group.ssrcs[1];
        }
    }
    if (section.ssrc == 0 && !offered.sources.empty()) section.ssrc = offered.sources.front().ssrc;
}

void PeerConnection::stop_publishing(Section& section) {
    if (section.published != nullptr) {
        PublishedTrack& track = *std::exchange(section.published, nullptr);
        streams_.remove_track(track.number);
        room_.unpublish(track);
    }
    if (section.use == Use::receiving) section.use = Use::idle;
}

void PeerConnection::forget_track(const PublishedTrack& track) {
    for (Section& section : sections_) {
        if (section.published != &track) continue;
        section.published = nullptr;
        section.use = Use::idle;
    }
    streams_.remove_track(track.number);
}

sdp::Media PeerConnection::send(Section& section, const sdp::Media& offered) {
    if (section.must_rest) {
        section.must_rest = false;
        section.use = Use::idle;
        participant_.negotiate_soon();
        return sdp::answer_inactive(offered);
    }
    Subscription* subscription = section.subscription;
    if (subscription == nullptr) subscription = participant_.waiting_for(offered.kind, offered);
    if (subscription == nullptr) {
        section.use = Use::idle;
        return sdp::answer_inactive(offered);
    }
    auto answered = sdp::answer_sending(offered, send_track(*subscription));
    if (!answered) {
        subscription->refused = true;
        if (section.subscription != nullptr) release(*subscription);
        section.use = Use::idle;
        return sdp::answer_inactive(offered);
    }
    section.use = Use::sending;
    section.subscription = subscription;
    subscription->start(*answered);
    return std::move(*answered);
}

sdp::SendTrack PeerConnection::send_track(const Subscription& subscription) {
    sdp::SendTrack sent = subscription.track.as_sent();
    sent.ssrc = subscription.ssrc;
    if (!subscription.track.is_audio()) sent.rtx_ssrc = subscription.rtx_ssrc;
    return sent;
}

void PeerConnection::release(Subscription& subscription) {
    routes_.erase(subscription.ssrc);
    for (Section& section : sections_) {
        if (section.subscription != &subscription) continue;
        section.subscription = nullptr;
        section.use = Use::idle;
        section.must_rest = true;
        section.was_used = true;
    }
}

std::size_t PeerConnection::free_sections(sdp::MediaKind kind) const {
    return static_cast<std::size_t>(std::ranges::count_if(sections_, [&](const Section& section) {
        return section.kind == kind && section.use == Use::idle && section.is_offered;
    }));
}

bool PeerConnection::has_section_to_rest() const {
    return std::ranges::any_of(sections_, &Section::must_rest);
}

PeerConnection::Section* PeerConnection::free_section(sdp::MediaKind kind) {
    const auto at = std::ranges::find_if(sections_, [&](const Section& section) {
        return section.kind == kind && section.use == Use::idle && !section.must_rest;
    });
    return at == sections_.end() ? nullptr : &*at;
}

std::optional<livekit::SessionDescription> PeerConnection::make_offer(bool restart_ice) {
    if (own_offer_) {
        offer_again_ = true;
        return std::nullopt;
    }
    if (restart_ice) transport_.new_ice_credentials();
    if (sections_.empty()) {
        Section& data = sections_.emplace_back();
        data.mid = "0";
        data.kind = sdp::MediaKind::application;
        data.use = Use::data;
    }
    for (auto& [sid, subscription] : participant_.subscriptions) {
        if (!subscription->mid.empty()) continue;
        const auto kind =
            subscription->track.is_audio() ? sdp::MediaKind::audio : sdp::MediaKind::video;
        Section* section = free_section(kind);
        if (section == nullptr) {
            section = &sections_.emplace_back();
            section->mid = std::to_string(sections_.size() - 1);
            section->kind = kind;
        }
        section->use = Use::sending;
        section->subscription = subscription.get();
        subscription->mid = section->mid;
    }
    std::vector<sdp::Media> media;
    for (Section& section : sections_) media.push_back(offered_section(section));
    own_offer_ = std::make_unique<sdp::Session>(sdp::make_offer(
        std::move(media), local_transport(sdp::Setup::actpass), session_id_, version_++));

    livekit::SessionDescription description;
    description.set_type("offer");
    description.set_id(++offer_id_);
    description.set_sdp(sdp::write(*own_offer_));
    for (const Section& section : sections_) {
        if (section.use == Use::sending) {
            (*description.mutable_mid_to_track_id())[section.mid] =
                section.subscription->track.sid();
        }
    }
    return description;
}

sdp::Media PeerConnection::offered_section(Section& section) {
    if (section.use == Use::data) return sdp::offer_data(section.mid);
    if (section.use == Use::sending) {
        sdp::SendTrack sent = send_track(*section.subscription);
        // A browser's receiver keeps the id of its first track. LiveKit's clients take the one that
        // stands in the stream's place before it (their older form).
        if (section.was_used)
            sent.stream = section.subscription->track.publisher.sid + "|" + sent.track;
        return sdp::offer_sending(section.mid, sent);
    }
    section.must_rest = false;
    return sdp::offer_inactive(section.mid, section.kind);
}

Expected<void, Error> PeerConnection::accept_answer(const livekit::SessionDescription& answer) {
    if (!own_offer_) return fail(unusable("No offer is waiting for this answer."));
    if (answer.id() != 0 && answer.id() != offer_id_)
        return {};  // to an offer that a newer one replaced
    const auto session = sdp::parse(answer.sdp());
    if (!session) return fail(unusable(sdp::text(session.error())));
    if (const auto fits = sdp::check_answer(*own_offer_, *session); !fits) {
        return fail(unusable(sdp::text(fits.error())));
    }
    own_offer_.reset();
    const sdp::Media* transport = transport_section(*session);
    if (transport == nullptr)
        return fail(unusable("The answer has no ICE credentials or fingerprint."));
    set_remote(*session,
               transport->setup == sdp::Setup::passive ? dtls::Role::client : dtls::Role::server);
    answered_ = true;
    for (Section& section : sections_) {
        const sdp::Media* media = sdp::find_media(*session, section.mid);
        if (section.use != Use::sending || media == nullptr) continue;
        if (media->rejected() || media->codecs.empty()) {
            section.subscription->refused = true;
        } else {
            section.subscription->start(*media);
        }
    }
    if (std::exchange(offer_again_, false)) participant_.negotiate_soon();
    return {};
}

}  // namespace aula::room
