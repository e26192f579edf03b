// SPDX-License-Identifier: Apache-2.0
// What a client does with the server's messages.
#include "participant/client.hpp"
#include "signal/frame.hpp"

namespace aula::participant {

void Client::on_signal(Bytes frame) {
    const auto message = signal::parse_response(frame);
    if (!message || ended_) return;
    switch (message->message_case()) {
        case livekit::SignalResponse::kJoin:
            return on_join(message->join());
        case livekit::SignalResponse::kReconnect:
            return on_resumed();
        case livekit::SignalResponse::kAnswer:
            return on_answer(message->answer());
        case livekit::SignalResponse::kUpdate:
            return on_update(message->update());
        case livekit::SignalResponse::kTrackPublished:
            return on_track_published(message->track_published());
        case livekit::SignalResponse::kMediaSectionsRequirement: {
            const auto& more = message->media_sections_requirement();
            for (std::uint32_t i = 0; i < more.num_audios(); ++i)
                add_section(sdp::MediaKind::audio);
            for (std::uint32_t i = 0; i < more.num_videos(); ++i)
                add_section(sdp::MediaKind::video);
            return negotiate();
        }
        case livekit::SignalResponse::kSubscribedQualityUpdate:
            return on_quality_wanted(message->subscribed_quality_update());
        case livekit::SignalResponse::kMute:
            return on_muted_by_server(message->mute());
        case livekit::SignalResponse::kLeave:
            return end(Ending::left_by_server,
                       livekit::DisconnectReason_Name(message->leave().reason()));
        default:
            return;
    }
}

void Client::on_join(const livekit::JoinResponse& join) {
    if (is_joined()) return;
    joined_at_ = loop_.now();
    sid_ = join.participant().sid();
    for (const auto& other : join.other_participants()) roster_[other.identity()] = other;
    handlers_.on_joined();
    for (const auto& publication : publications_) {
        livekit::SignalRequest request;
        *request.mutable_add_track() = publication->announcement();
        send(request);
    }
    if (!publications_.empty()) negotiate();
    next_ping_ = loop_.now() + 5s;
    tick_ = loop_.every(sfu::TwccRecorder::interval, [this] { tick(); });
}

void Client::on_update(const livekit::ParticipantUpdate& update) {
    for (const auto& participant : update.participants()) {
        livekit::ParticipantInfo& known = roster_[participant.identity()];
        // Of the same session only a newer version counts; a new session has another sid.
        if (known.sid() == participant.sid() && participant.version() < known.version()) continue;
        known = participant;
    }
}

void Client::on_track_published(const livekit::TrackPublishedResponse& published) {
    for (const auto& publication : publications_) {
        if (publication->cid() == published.cid()) publication->sid_ = published.track().sid();
    }
}

Publication* Client::publication_of(const std::string& track_sid) {
    for (const auto& publication : publications_) {
        if (publication->sid() == track_sid) return publication.get();
    }
    return nullptr;
}

void Client::on_quality_wanted(const livekit::SubscribedQualityUpdate& update) {
    if (Publication* publication = publication_of(update.track_sid())) {
        publication->set_wanted(update);
    }
}

void Client::on_muted_by_server(const livekit::MuteTrackRequest& mute) {
    if (Publication* publication = publication_of(mute.sid())) {
        publication->muted_ = mute.muted();
    }
}

}  // namespace aula::participant
