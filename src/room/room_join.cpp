// SPDX-License-Identifier: Apache-2.0
// The way into a room: joining, resuming after a lost socket, the lesson's own socket.
#include <algorithm>
#include <utility>

#include "room/room.hpp"
#include "room/shard.hpp"
#include "room/signal_handlers.hpp"
#include "signal/frame.hpp"

namespace aula::room {
namespace {

constexpr int protocol_version = 17;
constexpr const char* server_version = "1.13.5";  // clients choose features by LiveKit's numbers
constexpr Duration longest_break = 60s;           // after which nobody resumes
constexpr Duration token_refresh = 5min;

void fill_server_info(livekit::ServerInfo& info) {
    info.set_version(server_version);
    info.set_protocol(protocol_version);
}

lesson::Role role_in(const signal::AccessToken& token) {
    const auto named = token.attributes.find("aula.role");
    if (named != token.attributes.end()) {
        return lesson::role_of(named->second).value_or(lesson::Role::pupil);
    }
    return token.video.room_admin ? lesson::Role::teacher : lesson::Role::pupil;
}

/// The platform says that a teacher decides about this person, when the lesson asks at the door.
bool is_guest(const signal::AccessToken& token) { return token.attributes.contains("aula.guest"); }

}  // namespace

bool Room::is_full(const std::string& identity) const {
    return settings_.max_participants != 0 && participants_.size() >= settings_.max_participants &&
           !participants_.contains(identity);
}

void Room::join(const JoinIntent& intent) {
    if (classroom_.lesson().ended())
        return outlet_.sockets.refuse(intent.socket, 404, "The lesson is over.");
    // It was left by all and is on its way out: the hub opens it anew.
    if (closed_) return outlet_.sockets.refuse(intent.socket, 503, "The room is closing.");
    if (classroom_.lesson().is_removed(intent.token.identity)) {
        return outlet_.sockets.refuse(intent.socket, 403, "You were removed from this lesson.");
    }
    if (is_guest(intent.token) && classroom_.lesson().keeps_out(intent.token.identity)) {
        return outlet_.sockets.refuse(intent.socket, 403, "A teacher has to let you in first.");
    }
    if (is_full(intent.token.identity)) {
        return outlet_.sockets.refuse(intent.socket, 403, "The lesson is full.");
    }
    outlet_.sockets.accept(intent.socket);
    if (intent.request.reconnect()) return resume(intent);
    answer_join(add_participant(intent), intent.request);
}

Participant& Room::add_participant(const JoinIntent& intent) {
    if (Participant* before = participant(intent.token.identity)) {
        before->say_goodbye(livekit::LeaveRequest::DISCONNECT, livekit::DUPLICATE_IDENTITY);
        remove(*before, livekit::DUPLICATE_IDENTITY);
    }
    auto joining = std::make_unique<Participant>(*this, intent.token, intent.request,
                                                 intent.single_connection, next_number_++);
    Participant& participant = *joining;
    participant.socket = intent.socket;
    participant.state = livekit::ParticipantInfo::JOINED;
    participants_.insert_or_assign(participant.identity, std::move(joining));
    sockets_[intent.socket] = &participant;
    was_used_ = true;
    tell_lesson(participant);
    return participant;
}

void Room::tell_lesson(const Participant& participant) {
    absent_.erase(participant.identity);
    if (participant.is_hidden()) return;
    [[maybe_unused]] const auto joined =
        classroom_.apply({{},
                          lesson::command::Join{participant.identity, participant.name,
                                                role_in(participant.token)}});
}

void Room::answer_join(Participant& participant, const livekit::JoinRequest& request) {
    livekit::SignalResponse message;
    livekit::JoinResponse& join = *message.mutable_join();
    *join.mutable_room() = info();
    *join.mutable_participant() = participant.info();
    for (const auto& [identity, other] : participants_) {
        if (other.get() != &participant && !other->is_hidden())
            *join.add_other_participants() = other->info();
    }
    join.set_server_version(server_version);
    fill_server_info(*join.mutable_server_info());
    join.set_subscriber_primary(!participant.single_connection() &&
                                participant.permission.can_subscribe());
    join.set_ping_interval(5);
    join.set_ping_timeout(15);
    join.set_fast_publish(participant.permission.can_publish());
    for (const char* mime :
         {"audio/opus", "audio/red", "video/VP8", "video/H264", "video/VP9", "video/AV1"}) {
        join.add_enabled_publish_codecs()->set_mime(mime);
    }
    participant.send(message);
    send_token(participant);
    send_update(participant);
    webhook("participant_joined", &participant);

    if (participant.auto_subscribe) {
        for (const auto& [number, track] : tracks_) {
            if (track->is_bound() && &track->publisher != &participant)
                participant.subscribe(*track);
        }
    }
    for (const auto& announced : request.add_track_requests()) {
        livekit::SignalRequest add;
        *add.mutable_add_track() = announced;
        handle_signal(*this, participant, add);
    }
    if (request.has_publisher_offer()) {
        livekit::SignalRequest offer;
        *offer.mutable_offer() = request.publisher_offer();
        handle_signal(*this, participant, offer);
    }
    // The subscriber's connection comes up at once: it is the one old clients call connected.
    if (!participant.single_connection()) participant.negotiate();
}

void Room::resume(const JoinIntent& intent) {
    Participant* participant = this->participant(intent.token.identity);
    const std::string& sid = intent.request.participant_sid();
    if (participant == nullptr || (!sid.empty() && participant->sid != sid) ||
        participant->single_connection() != intent.single_connection) {
        return turn_back(intent.socket);
    }
    if (participant->socket != SocketId::none) {
        sockets_.erase(participant->socket);
        outlet_.sockets.close(participant->socket, 1000, "");
    }
    participant->socket = intent.socket;
    participant->socket_lost.reset();
    sockets_[intent.socket] = participant;
    tell_lesson(*participant);

    livekit::SignalResponse first;
    fill_server_info(*first.mutable_reconnect()->mutable_server_info());
    first.mutable_reconnect()->set_last_message_seq(participant->last_reliable_sequence);
    participant->send(first);
    livekit::SignalResponse everybody;
    for (const Departure& departure : departures_) {
        if (loop().now() - departure.at < longest_break)
            *everybody.mutable_update()->add_participants() = departure.last;
    }
    for (const auto& [identity, other] : participants_) {
        if (!other->is_hidden() || other.get() == participant)
            *everybody.mutable_update()->add_participants() = other->info();
    }
    participant->send(everybody);
    livekit::SignalResponse about_room;
    *about_room.mutable_room_update()->mutable_room() = info();
    participant->send(about_room);
    send_token(*participant);
    participant->knows_qualities = false;
    if (PeerConnection* subscriber = participant->second()) {
        subscriber->drop_offer();  // it may have been lost with the socket
        if (auto offer = subscriber->make_offer(true)) {
            livekit::SignalResponse message;
            *message.mutable_offer() = std::move(*offer);
            participant->send(message);
        }
    }
}

/// Nothing is left to resume: the client comes back whole.
void Room::turn_back(SocketId socket) {
    livekit::SignalResponse message;
    message.mutable_leave()->set_action(livekit::LeaveRequest::RECONNECT);
    message.mutable_leave()->set_reason(livekit::STATE_MISMATCH);
    message.mutable_leave()->set_can_reconnect(true);
    outlet_.sockets.send(socket, true, std::string(text_of(signal::to_frame(message))));
    outlet_.sockets.close(socket, 1000, "");
}

void Room::enter_classroom(const ClassroomIntent& intent) {
    outlet_.sockets.accept(intent.socket);
    const lesson::Lesson& lesson = classroom_.lesson();
    const auto refuse = [&](lesson::CloseCode code) {
        outlet_.sockets.close(intent.socket, static_cast<std::uint16_t>(code), "");
    };
    if (lesson.ended()) return refuse(lesson::CloseCode::lesson_over);
    if (closed_) return refuse(lesson::CloseCode::restart);
    if (lesson.is_removed(intent.token.identity)) return refuse(lesson::CloseCode::removed);
    const lesson::command::Join join{intent.token.identity, intent.token.name,
                                     role_in(intent.token)};
    if (is_guest(intent.token) && lesson.keeps_out(intent.token.identity)) {
        const auto knocked =
            classroom_.apply({{}, lesson::command::Knock{join.identity, join.name}});
        if (!knocked) {
            return refuse(knocked.error() == lesson::Refusal::turned_away
                              ? lesson::CloseCode::turned_away
                              : lesson::CloseCode::full);
        }
        absent_.erase(join.identity);
        return classroom_.open_at_door({intent.socket, join.identity, {}, 0}, join);
    }
    const auto joined = classroom_.apply({{}, join});
    if (!joined) return refuse(lesson::CloseCode::full);
    absent_.erase(intent.token.identity);
    was_used_ = true;
    classroom_.open_socket({intent.socket, intent.token.identity, intent.lesson_id, intent.since});
}

void Room::send_token(Participant& participant) {
    signal::AccessToken fresh = participant.token;
    const WallTime now = WallClock::now();
    fresh.expires = std::max(fresh.expires, now + 10min);
    fresh.name = participant.name;
    fresh.attributes = participant.attributes;
    livekit::SignalResponse message;
    message.set_refresh_token(outlet_.mint(fresh));
    participant.send(message);
    participant.token_sent = loop().now();
}

void Room::refresh_tokens(Time now) {
    for (const auto& [identity, participant] : participants_) {
        if (now - participant->token_sent >= token_refresh) send_token(*participant);
    }
}

}  // namespace aula::room
