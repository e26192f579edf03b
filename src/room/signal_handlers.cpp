// SPDX-License-Identifier: Apache-2.0
// One short function a message of the LiveKit client protocol.
#include "room/signal_handlers.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "room/room.hpp"
#include "signal/access_token.hpp"
#include "signal/permission.hpp"

namespace aula::room {
namespace {

constexpr std::size_t most_tracks = 32;  // of one participant
// Everybody hears of a track, and again with each change: its description stays short.
constexpr std::size_t most_track_bytes = 4096;
constexpr int most_audio_features = 16;
constexpr std::size_t most_permission_bytes = 256 << 10;

void refuse(Participant& to, livekit::RequestResponse::Reason reason, const char* text,
            std::uint32_t request_id = 0) {
    livekit::SignalResponse message;
    message.mutable_request_response()->set_request_id(request_id);
    message.mutable_request_response()->set_reason(reason);
    message.mutable_request_response()->set_message(text);
    to.send(message);
}

void on_offer(Room& room, Participant& from, const livekit::SessionDescription& offer) {
    const auto answer = from.uplink().answer(offer);
    if (!answer) {
        ++room.counters().bad_signals;
        log::info("offer refused", {{"room", room.settings().name}, {"why", answer.error().text}});
        from.say_goodbye(livekit::LeaveRequest::DISCONNECT, livekit::JOIN_FAILURE);
        room.remove(from, livekit::JOIN_FAILURE);
        return;
    }
    livekit::SignalResponse message;
    *message.mutable_answer() = *answer;
    from.send(message);
    from.negotiate_soon();
}

void on_answer(Room& room, Participant& from, const livekit::SessionDescription& answer) {
    if (from.second() == nullptr || !from.second()->accept_answer(answer))
        ++room.counters().bad_signals;
}

/// The client can obey only when it has made what it publishes of it, so it is told again.
void begin_muted(Room& room, PublishedTrack& track) {
    room.set_muted(track, true, true);
    room.loop().after(1s, [room = room.ref(), sid = track.sid()] {
        room.tell([sid](Room& r) {
            PublishedTrack* there = r.track(sid);
            if (there != nullptr && there->muted_by_server) r.set_muted(*there, true, true);
        });
    });
}

void on_add_track(Room& room, Participant& from, const livekit::AddTrackRequest& request) {
    if (!request.sid().empty()) return;  // a backup codec for a track; never asked for by us
    const auto refuse_track = [&](livekit::RequestResponse::Reason reason, const char* why) {
        livekit::SignalResponse message;
        auto& response = *message.mutable_request_response();
        response.set_reason(reason);
        response.set_message(why);
        response.mutable_add_track()->set_cid(request.cid().substr(0, signal::max_identity_size));
        from.send(message);
    };
    if (request.ByteSizeLong() > most_track_bytes)
        return refuse_track(livekit::RequestResponse::LIMIT_EXCEEDED, "That says too much.");
    const auto source = request.source();
    if (!signal::may_publish(from.permission, source) || from.tracks.size() >= most_tracks ||
        !room.lesson_lets_publish(from, source)) {
        return refuse_track(livekit::RequestResponse::NOT_ALLOWED, "You may not publish this now.");
    }
    PublishedTrack* track = nullptr;
    for (PublishedTrack* known : from.tracks) {
        if (known->cid == request.cid() && !known->is_bound()) track = known;
    }
    if (track == nullptr) track = &room.add_track(from, request);
    livekit::SignalResponse message;
    message.mutable_track_published()->set_cid(request.cid());
    *message.mutable_track_published()->mutable_track() = track->info;
    from.send(message);
    if (!track->is_bound()) from.uplink().bind_pending(*track);
    if (room.begins_muted(from, source)) begin_muted(room, *track);
}

void on_mute(Room& room, Participant& from, const livekit::MuteTrackRequest& request) {
    PublishedTrack* track = room.track(request.sid());
    if (track == nullptr || &track->publisher != &from) return;
    if (!request.muted() && !room.lesson_lets_publish(from, track->info.source())) {
        room.set_muted(*track, true, true);
        return;
    }
    room.set_muted(*track, request.muted(), false);
}

void on_subscription(Room& room, Participant& from, const livekit::UpdateSubscription& update) {
    const auto apply = [&](const std::string& sid) {
        if (!update.subscribe()) {
            from.unsubscribe(sid);
        } else if (PublishedTrack* track = room.track(sid);
                   track != nullptr && track->is_bound() && &track->publisher != &from) {
            from.subscribe(*track);
        }
    };
    for (const std::string& sid : update.track_sids()) apply(sid);
    for (const livekit::ParticipantTracks& tracks : update.participant_tracks()) {
        for (const std::string& sid : tracks.track_sids()) apply(sid);
    }
}

void on_track_setting(Room& room, Participant& from, const livekit::UpdateTrackSettings& settings) {
    for (const std::string& sid : settings.track_sids()) {
        Subscription* subscription = from.subscription(sid);
        if (subscription == nullptr) continue;
        subscription->viewer.disabled = settings.disabled();
        subscription->viewer.width = settings.width();
        subscription->viewer.height = settings.height();
        subscription->viewer.quality =
            static_cast<std::uint8_t>(std::min<int>(settings.quality(), 2));
        subscription->priority = settings.priority();
    }
    from.allocate(room.loop().now());
}

// Whatever reason the client gives: the others are for the server to say.
void on_leave(Room& room, Participant& from) { room.remove(from, livekit::CLIENT_INITIATED); }

void on_subscription_permission(Room& room, Participant& from,
                                const livekit::SubscriptionPermission& permission) {
    if (permission.ByteSizeLong() > most_permission_bytes) {
        ++room.counters().bad_signals;
        return;
    }
    from.subscription_permission = permission;
    for (PublishedTrack* track : from.tracks) {
        if (!track->is_bound()) continue;
        for (auto& [identity, other] : room.participants()) {
            if (other.get() == &from) continue;
            const bool may = room.may_subscribe(*other, *track);
            const bool has = other->subscription(track->sid()) != nullptr;
            if (may == has) continue;
            livekit::SignalResponse message;
            auto& update = *message.mutable_subscription_permission_update();
            update.set_participant_sid(from.sid);
            update.set_track_sid(track->sid());
            update.set_allowed(may);
            other->send(message);
            if (!may) other->unsubscribe(track->sid());
            if (may && other->auto_subscribe) other->subscribe(*track);
        }
    }
}

void on_sync_state(Room& room, Participant& from, const livekit::SyncState& state) {
    if (state.has_subscription()) on_subscription(room, from, state.subscription());
    for (const std::string& sid : state.track_sids_disabled()) {
        if (Subscription* subscription = from.subscription(sid))
            subscription->viewer.disabled = true;
    }
    room.data().replay(from, state);
}

// What LiveKit's SDKs offer to try faults with; a client can only order them for itself.
void on_simulate(Room& room, Participant& from, const livekit::SimulateScenario& scenario) {
    if (scenario.leave_request_full_reconnect() || scenario.node_failure() ||
        scenario.migration()) {
        from.say_goodbye(livekit::LeaveRequest::RECONNECT, livekit::MIGRATION);
        room.remove(from, livekit::MIGRATION);
    } else if (scenario.server_leave()) {
        from.say_goodbye(livekit::LeaveRequest::DISCONNECT, livekit::PARTICIPANT_REMOVED);
        room.remove(from, livekit::PARTICIPANT_REMOVED);
    }
}

void on_ping(Participant& from, std::int64_t) {
    livekit::SignalResponse message;
    message.set_pong(unix_ms(WallClock::now()));
    from.send(message);
}

void on_ping_request(Participant& from, const livekit::Ping& ping) {
    livekit::SignalResponse message;
    message.mutable_pong_resp()->set_last_ping_timestamp(ping.timestamp());
    message.mutable_pong_resp()->set_timestamp(unix_ms(WallClock::now()));
    from.send(message);
}

void on_update_metadata(Room& room, Participant& from,
                        const livekit::UpdateParticipantMetadata& update) {
    if (!from.permission.can_update_metadata()) {
        refuse(from, livekit::RequestResponse::NOT_ALLOWED,
               "You may not change your name or metadata.", update.request_id());
        return;
    }
    if (std::ranges::any_of(update.attributes(), [](const auto& entry) {
            return entry.first.starts_with(platform_attribute);
        })) {
        refuse(from, livekit::RequestResponse::NOT_ALLOWED,
               "Attributes named aula.* are set by the platform.", update.request_id());
        return;
    }
    if (!from.has_place_for(update.metadata(), update.name(), update.attributes())) {
        refuse(from, livekit::RequestResponse::LIMIT_EXCEEDED, "The metadata is too long.",
               update.request_id());
        return;
    }
    room.update_participant(from, update.metadata(), update.name(), update.attributes());
    refuse(from, livekit::RequestResponse::OK, "", update.request_id());
}

void on_update_audio_track(Room& room, Participant& from,
                           const livekit::UpdateLocalAudioTrack& update) {
    PublishedTrack* track = room.track(update.track_sid());
    if (track == nullptr || &track->publisher != &from) return;
    if (update.features_size() > most_audio_features) return;
    *track->info.mutable_audio_features() = update.features();
    room.send_update(from);
}

void on_update_video_track(Room& room, Participant& from,
                           const livekit::UpdateLocalVideoTrack& update) {
    PublishedTrack* track = room.track(update.track_sid());
    if (track == nullptr || &track->publisher != &from) return;
    track->info.set_width(update.width());
    track->info.set_height(update.height());
    room.send_update(from);
}

}  // namespace

void handle_signal(Room& room, Participant& from, const livekit::SignalRequest& request) {
    using Request = livekit::SignalRequest;
    switch (request.message_case()) {
        case Request::kOffer:
            return on_offer(room, from, request.offer());
        case Request::kAnswer:
            return on_answer(room, from, request.answer());
        case Request::kTrickle:
            return;  // we are ICE-lite: clients come to us
        case Request::kAddTrack:
            return on_add_track(room, from, request.add_track());
        case Request::kMute:
            return on_mute(room, from, request.mute());
        case Request::kSubscription:
            return on_subscription(room, from, request.subscription());
        case Request::kTrackSetting:
            return on_track_setting(room, from, request.track_setting());
        case Request::kLeave:
            return on_leave(room, from);
        case Request::kSubscriptionPermission:
            return on_subscription_permission(room, from, request.subscription_permission());
        case Request::kSyncState:
            return on_sync_state(room, from, request.sync_state());
        case Request::kSimulate:
            return on_simulate(room, from, request.simulate());
        case Request::kPing:
            return on_ping(from, request.ping());
        case Request::kPingReq:
            return on_ping_request(from, request.ping_req());
        case Request::kUpdateMetadata:
            return on_update_metadata(room, from, request.update_metadata());
        case Request::kUpdateAudioTrack:
            return on_update_audio_track(room, from, request.update_audio_track());
        case Request::kUpdateVideoTrack:
            return on_update_video_track(room, from, request.update_video_track());
        case Request::kUpdateLayers:
            return;  // deprecated
        case Request::kPublishDataTrackRequest:
            return refuse(from, livekit::RequestResponse::UNSUPPORTED_TYPE,
                          "Data tracks are not offered.");
        case Request::kUnpublishDataTrackRequest:
        case Request::kUpdateDataSubscription:
            return;  // there are none
        case Request::kStoreDataBlobRequest:
            return refuse(from, livekit::RequestResponse::UNSUPPORTED_TYPE,
                          "Data blobs are not offered.",
                          request.store_data_blob_request().request_id());
        case Request::kGetDataBlobRequest:
            return refuse(from, livekit::RequestResponse::UNSUPPORTED_TYPE,
                          "Data blobs are not offered.",
                          request.get_data_blob_request().request_id());
        default:
            ++room.counters().bad_signals;
    }
}

}  // namespace aula::room
