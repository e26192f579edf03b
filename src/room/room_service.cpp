// SPDX-License-Identifier: Apache-2.0
// LiveKit's room service, as far as it concerns one room: one short function a method.
#include <algorithm>
#include <functional>
#include <map>

#include "room/room.hpp"
#include "room/signal_handlers.hpp"
#include "signal/json.hpp"
#include "signal/permission.hpp"

namespace aula::room {
namespace {

/// Twirp's error codes with their HTTP statuses.
struct Failure {
    int status;
    const char* code;
    const char* text;
};
constexpr Failure malformed{400, "malformed",
                            "The request body is not the message this method takes."};
constexpr Failure no_participant{404, "not_found", "Nobody of this identity is in the room."};
constexpr Failure no_track{404, "not_found", "The participant has no such track."};
constexpr Failure forbidden{403, "permission_denied",
                            "The token does not grant this for the room."};
constexpr Failure no_method{404, "bad_route", "There is no such method."};
constexpr Failure too_long{400, "invalid_argument",
                           "The metadata, a name or attributes are too long."};
constexpr Failure no_remote_unmute{400, "failed_precondition",
                                   "Only participants unmute themselves."};

/// One call: its body, and where its answer goes.
struct Call {
    Room& room;
    Bytes body;
    bool json;
    std::function<void(int status, std::string body, std::string content_type)> answer;

    template <class Message>
    bool read(Message& message) const {
        if (json ? signal::from_json(text_of(body), message).has_value()
                 : message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
            return true;
        }
        refuse(malformed);
        return false;
    }
    void reply(const google::protobuf::Message& message) const {
        if (json) {
            answer(200, signal::to_json(message, signal::JsonStyle::room_service),
                   "application/json");
        } else {
            answer(200, message.SerializeAsString(), "application/protobuf");
        }
    }
    void refuse(const Failure& why) const {
        answer(why.status,
               std::string("{\"code\":\"") + why.code + "\",\"msg\":\"" + why.text + "\"}",
               "application/json");
    }
    Participant* participant(const std::string& identity) const {
        Participant* found = room.participant(identity);
        if (found == nullptr) refuse(no_participant);
        return found;
    }
};

void list_participants(const Call& call) {
    livekit::ListParticipantsResponse response;
    for (const auto& [identity, participant] : call.room.participants()) {
        *response.add_participants() = participant->info();
    }
    call.reply(response);
}

void get_participant(const Call& call) {
    livekit::RoomParticipantIdentity request;
    if (!call.read(request)) return;
    if (const Participant* found = call.participant(request.identity())) call.reply(found->info());
}

void remove_participant(const Call& call) {
    livekit::RoomParticipantIdentity request;
    if (!call.read(request)) return;
    Participant* found = call.participant(request.identity());
    if (found == nullptr) return;
    found->say_goodbye(livekit::LeaveRequest::DISCONNECT, livekit::PARTICIPANT_REMOVED);
    call.room.remove(*found, livekit::PARTICIPANT_REMOVED);
    call.reply(livekit::RemoveParticipantResponse());
}

void mute_published_track(const Call& call) {
    livekit::MuteRoomTrackRequest request;
    if (!call.read(request)) return;
    const Participant* publisher = call.participant(request.identity());
    if (publisher == nullptr) return;
    PublishedTrack* track = call.room.track(request.track_sid());
    if (track == nullptr || &track->publisher != publisher) return call.refuse(no_track);
    // A microphone opened from afar would be an ear in somebody's home.
    if (!request.muted() && track->info.muted()) return call.refuse(no_remote_unmute);
    call.room.set_muted(*track, request.muted(), true);
    livekit::MuteRoomTrackResponse response;
    *response.mutable_track() = track->info;
    call.reply(response);
}

void update_participant(const Call& call) {
    livekit::UpdateParticipantRequest request;
    if (!call.read(request)) return;
    Participant* found = call.participant(request.identity());
    if (found == nullptr) return;
    if (!found->has_place_for(request.metadata(), request.name(), request.attributes()))
        return call.refuse(too_long);
    if (request.has_permission()) call.room.set_permission(*found, request.permission());
    call.room.update_participant(*found, request.metadata(), request.name(), request.attributes());
    call.reply(found->info());
}

void update_subscriptions(const Call& call) {
    livekit::UpdateSubscriptionsRequest request;
    if (!call.read(request)) return;
    Participant* found = call.participant(request.identity());
    if (found == nullptr) return;
    livekit::SignalRequest update;
    *update.mutable_subscription()->mutable_track_sids() = request.track_sids();
    *update.mutable_subscription()->mutable_participant_tracks() = request.participant_tracks();
    update.mutable_subscription()->set_subscribe(request.subscribe());
    handle_signal(call.room, *found, update);
    call.reply(livekit::UpdateSubscriptionsResponse());
}

void send_data(const Call& call) {
    livekit::SendDataRequest request;
    if (!call.read(request)) return;
    livekit::DataPacket packet;
    *packet.mutable_destination_identities() = request.destination_identities();
    livekit::UserPacket& user = *packet.mutable_user();
    user.set_payload(request.data());
    user.set_nonce(request.nonce());
    if (request.has_topic()) user.set_topic(request.topic());
    *user.mutable_destination_sids() = request.destination_sids();
    call.room.data().send(packet, request.kind() == livekit::DataPacket::RELIABLE,
                          call.room.loop().now());
    call.reply(livekit::SendDataResponse());
}

void update_room_metadata(const Call& call) {
    livekit::UpdateRoomMetadataRequest request;
    if (!call.read(request)) return;
    if (request.metadata().size() > signal::max_metadata_size) return call.refuse(too_long);
    call.room.set_metadata(request.metadata());
    call.reply(call.room.info());
}

const std::map<std::string, void (*)(const Call&), std::less<>> methods = {
    {"ListParticipants", list_participants},
    {"GetParticipant", get_participant},
    {"RemoveParticipant", remove_participant},
    {"MutePublishedTrack", mute_published_track},
    {"UpdateParticipant", update_participant},
    {"UpdateSubscriptions", update_subscriptions},
    {"SendData", send_data},
    {"UpdateRoomMetadata", update_room_metadata},
};

}  // namespace

void Room::on_service_call(SocketId request, const std::string& method,
                           const signal::VideoGrant& grant, Bytes body, bool json) {
    const Call call{*this, body, json, [&](int status, std::string text, std::string content_type) {
                        outlet_.sockets.answer(request, status, std::move(text),
                                               std::move(content_type));
                    }};
    if (!grant.room_admin || grant.room != settings_.name) return call.refuse(forbidden);
    const auto at = methods.find(method);
    if (at == methods.end()) return call.refuse(no_method);
    at->second(call);
}

void Room::set_permission(Participant& participant,
                          const livekit::ParticipantPermission& permission) {
    participant.permission = permission;
    std::vector<PublishedTrack*> forbidden_tracks;
    for (PublishedTrack* track : participant.tracks) {
        if (!signal::may_publish(permission, track->info.source()))
            forbidden_tracks.push_back(track);
    }
    for (PublishedTrack* track : forbidden_tracks) {
        livekit::SignalResponse message;
        message.mutable_track_unpublished()->set_track_sid(track->sid());
        participant.send(message);
        unpublish(*track);
    }
    if (!permission.can_subscribe()) {
        while (!participant.subscriptions.empty())
            participant.unsubscribe(participant.subscriptions.begin()->first);
    } else if (participant.auto_subscribe) {
        for (const auto& [number, track] : tracks_) {
            if (track->is_bound() && &track->publisher != &participant)
                participant.subscribe(*track);
        }
    }
    send_token(participant);
}

}  // namespace aula::room
