// SPDX-License-Identifier: Apache-2.0
// Who and what is in the room, how it goes, and what others are told of it. Joining: room_join.cpp.
#include "room/room.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "room/shard.hpp"
#include "room/signal_handlers.hpp"
#include "signal/frame.hpp"
#include "signal/ids.hpp"
#include "signal/json.hpp"

namespace aula::room {
namespace {

constexpr Duration tick_period = 20ms;
constexpr std::size_t most_departures = 100;

lesson::Source lesson_source(livekit::TrackSource source) {
    switch (source) {
        case livekit::CAMERA:
            return lesson::Source::camera;
        case livekit::SCREEN_SHARE:
        case livekit::SCREEN_SHARE_AUDIO:
            return lesson::Source::screen_share;
        default:
            return lesson::Source::microphone;
    }
}

}  // namespace

Room::Room(RoomSettings settings, RoomOutlet outlet, Shard& shard)
    : settings_(std::move(settings)),
      outlet_(std::move(outlet)),
      shard_(shard),
      sid_(signal::make_room_id()),
      created_(WallClock::now()),
      classroom_(settings_.name, settings_.title, std::exchange(settings_.lesson_events, {}),
                 settings_.setup,
                 {outlet_.sockets,
                  [this](std::uint64_t first, std::vector<std::string> events) {
                      outlet_.store_events(settings_.name, first, std::move(events));
                  },
                  [this](const lesson::Event& event) { on_lesson_event(event); }}),
      data_(*this),
      empty_since_(shard.loop().now()) {
    timer_ = loop().every(tick_period, [this] { tick(); });
    // Of a lesson that goes on, nobody is back yet.
    for (const lesson::Participant& known : classroom_.lesson().snapshot().participants)
        absent_.emplace(known.identity, loop().now());
    webhook("room_started");
}

Room::~Room() {
    loop().cancel(timer_);
    // A subscription unlinks itself from its track, so it goes first.
    for (const auto& [identity, participant] : participants_) participant->subscriptions.clear();
}

net::Loop& Room::loop() { return shard_.loop(); }
net::Ref<Room> Room::ref() { return shard_.ref(settings_.name); }

void Room::on_message(SocketId socket, bool binary, Bytes message) {
    const auto at = sockets_.find(socket);
    if (at == sockets_.end()) {
        return lesson_message(socket, text_of(message));
    }
    Participant& from = *at->second;
    if (!from.may_signal(message.size(), loop().now())) {
        ++counters_.signal_floods;
        from.say_goodbye(livekit::LeaveRequest::DISCONNECT, livekit::PARTICIPANT_REMOVED);
        return remove(from, livekit::PARTICIPANT_REMOVED);
    }
    // The protocol's JSON form is not offered; clients in use send binary only.
    const auto request =
        binary ? signal::parse_request(message) : fail(signal::SignalError::message);
    if (!request) {
        ++counters_.bad_signals;
        return;
    }
    handle_signal(*this, from, *request);
}

void Room::lesson_message(SocketId socket, std::string_view text) {
    const auto identity = classroom_.identity_of(socket);
    if (!identity) return;
    classroom_.on_message(socket, text, loop().now());
    note_absence(*identity);
}

void Room::note_absence(const std::string& identity) {
    const lesson::Lesson& lesson = classroom_.lesson();
    if (participant(identity) == nullptr && !classroom_.has_socket(identity) &&
        (lesson.find(identity) != nullptr || lesson.is_waiting(identity))) {
        absent_.emplace(identity, loop().now());
    }
}

void Room::on_socket_closed(SocketId socket) {
    if (const auto identity = classroom_.on_socket_closed(socket)) return note_absence(*identity);
    const auto node = sockets_.extract(socket);
    if (node.empty()) return;
    Participant& participant = *node.mapped();
    participant.socket = SocketId::none;
    participant.socket_lost = loop().now();
}

Participant* Room::participant(std::string_view identity) {
    const auto at = participants_.find(std::string(identity));
    return at == participants_.end() ? nullptr : at->second.get();
}

Participant* Room::participant_by_sid(std::string_view sid) {
    const auto at = std::ranges::find_if(
        participants_, [&](const auto& entry) { return entry.second->sid == sid; });
    return at == participants_.end() ? nullptr : at->second.get();
}

void Room::remove(Participant& participant, livekit::DisconnectReason reason) {
    const auto at = participants_.find(participant.identity);
    if (at == participants_.end() || at->second.get() != &participant) return;
    participant.state = livekit::ParticipantInfo::DISCONNECTED;
    participant.disconnect_reason = reason;
    while (!participant.tracks.empty()) unpublish(*participant.tracks.back());
    participant.subscriptions.clear();
    if (participant.socket != SocketId::none) {
        sockets_.erase(participant.socket);
        outlet_.sockets.close(participant.socket, 1000, "");
        participant.socket = SocketId::none;
    }
    send_update(participant);
    remember_departure(participant);
    webhook("participant_left", &participant);
    speakers_.remove(participant.number);
    data_.forget(participant.sid);
    participant.uplink().transport().close();
    if (participant.second() != nullptr) participant.second()->transport().close();
    const std::string identity = participant.identity;
    departed_.push_back(std::move(at->second));
    participants_.erase(at);
    loop().after(0ms, [room = ref()] { room.tell([](Room& r) { r.departed_.clear(); }); });

    if (reason == livekit::DUPLICATE_IDENTITY) return;
    if (reason == livekit::CLIENT_INITIATED && !classroom_.has_socket(identity)) {
        lesson_departure(identity, lesson::LeaveReason::left);
    } else {
        note_absence(identity);
    }
    if (participants_.empty()) empty_since_ = loop().now();
}

void Room::remember_departure(const Participant& participant) {
    if (participant.is_hidden()) return;
    if (departures_.size() == most_departures) departures_.pop_front();
    departures_.push_back({loop().now(), participant.info()});
}

void Room::lesson_departure(const std::string& identity, lesson::LeaveReason reason) {
    absent_.erase(identity);
    [[maybe_unused]] const auto left =
        classroom_.apply({{}, lesson::command::Leave{identity, reason}});
}

void Room::close(livekit::DisconnectReason reason, livekit::LeaveRequest::Action action) {
    if (std::exchange(closed_, true)) return;
    for (const auto& [identity, participant] : participants_)
        participant->say_goodbye(action, reason);
    while (!participants_.empty()) remove(*participants_.begin()->second, reason);
    const bool comes_back = action != livekit::LeaveRequest::DISCONNECT;
    classroom_.close_all(comes_back ? lesson::CloseCode::restart : lesson::CloseCode::lesson_over);
    webhook("room_finished");
    outlet_.closed(settings_.name, livekit::DisconnectReason_Name(reason));
    loop().cancel(std::exchange(timer_, net::TimerId::none));
    shard_.remove(settings_.name);
}

PublishedTrack& Room::add_track(Participant& publisher, const livekit::AddTrackRequest& request) {
    auto track = std::make_unique<PublishedTrack>(next_number_++, publisher, request);
    PublishedTrack& added = *track;
    tracks_.emplace(added.number, std::move(track));
    publisher.tracks.push_back(&added);
    return added;
}

void Room::publish(PublishedTrack& track) {
    send_update(track.publisher);
    for (const auto& [identity, other] : participants_) {
        if (other.get() != &track.publisher && other->auto_subscribe) other->subscribe(track);
    }
    webhook("track_published", &track.publisher, &track);
}

void Room::unpublish(PublishedTrack& track) {
    Participant& publisher = track.publisher;
    const bool was_seen = track.is_bound();
    publisher.uplink().forget_track(track);
    while (!track.subscriptions.empty())
        track.subscriptions.back()->subscriber.unsubscribe(track.sid());
    std::erase(publisher.tracks, &track);
    std::erase(fresh_, &track);
    auto node = tracks_.extract(track.number);
    if (was_seen) webhook("track_unpublished", &publisher, &track);
    ended_tracks_.push_back(std::move(node.mapped()));
    loop().after(0ms, [room = ref()] { room.tell([](Room& r) { r.ended_tracks_.clear(); }); });
    if (was_seen && publisher.has_joined()) send_update(publisher);
}

PublishedTrack* Room::track(std::string_view sid) {
    const auto at = std::ranges::find_if(
        tracks_, [&](const auto& entry) { return entry.second->sid() == sid; });
    return at == tracks_.end() ? nullptr : at->second.get();
}

PublishedTrack* Room::track(std::uint32_t number) {
    const auto at = tracks_.find(number);
    return at == tracks_.end() ? nullptr : at->second.get();
}

void Room::set_muted(PublishedTrack& track, bool muted, bool by_server) {
    if (by_server) {
        livekit::SignalResponse message;
        message.mutable_mute()->set_sid(track.sid());
        message.mutable_mute()->set_muted(muted);
        track.publisher.send(message);
    }
    // What the server muted does not flow, whatever the client sends, until the client itself
    // unmutes.
    track.muted_by_server = muted && (by_server || track.muted_by_server);
    if (track.info.muted() == muted) return;
    track.info.set_muted(muted);
    if (track.is_bound()) send_update(track.publisher);
}

bool Room::may_subscribe(const Participant& subscriber, const PublishedTrack& track) const {
    if (!subscriber.permission.can_subscribe()) return false;
    const auto& permission = track.publisher.subscription_permission;
    if (!permission || permission->all_participants()) return true;
    for (const livekit::TrackPermission& entry : permission->track_permissions()) {
        const bool is_meant = entry.participant_identity() == subscriber.identity ||
                              entry.participant_sid() == subscriber.sid;
        if (!is_meant) continue;
        if (entry.all_tracks()) return true;
        if (std::ranges::find(entry.track_sids(), track.sid()) != entry.track_sids().end())
            return true;
    }
    return false;
}

bool Room::lesson_lets_publish(const Participant& participant, livekit::TrackSource source) const {
    const lesson::Lesson& lesson = classroom_.lesson();
    return lesson.find(participant.identity) == nullptr ||
           lesson.may_publish(participant.identity, lesson_source(source));
}

void Room::update_participant(Participant& participant, const std::string& metadata,
                              const std::string& name,
                              const google::protobuf::Map<std::string, std::string>& attributes) {
    if (!metadata.empty()) participant.metadata = metadata;
    if (!name.empty()) participant.name = name;
    for (const auto& [key, value] : attributes) {
        if (value.empty()) {
            participant.attributes.erase(key);
        } else {
            participant.attributes[key] = value;
        }
    }
    send_update(participant);
}

void Room::set_metadata(std::string metadata) {
    settings_.metadata = std::move(metadata);
    livekit::SignalResponse message;
    *message.mutable_room_update()->mutable_room() = info();
    broadcast(message);
}

livekit::Room Room::info() const {
    livekit::Room info;
    info.set_sid(sid_);
    info.set_name(settings_.name);
    info.set_metadata(settings_.metadata);
    info.set_max_participants(settings_.max_participants);
    info.set_empty_timeout(static_cast<std::uint32_t>(settings_.empty_timeout.count()));
    info.set_departure_timeout(static_cast<std::uint32_t>(settings_.departure_timeout.count()));
    info.set_creation_time(unix_ms(created_) / 1000);
    info.set_creation_time_ms(unix_ms(created_));
    const RoomFigures now = figures();
    info.set_num_participants(now.participants);
    info.set_num_publishers(now.publishers);
    return info;
}

Room::Counters& Room::Counters::operator+=(const Counters& other) {
    forwarded += other.forwarded;
    malformed += other.malformed;
    unknown_stream += other.unknown_stream;
    bad_signals += other.bad_signals;
    signal_floods += other.signal_floods;
    data_refused += other.data_refused;
    return *this;
}

RoomFigures Room::figures() const {
    RoomFigures figures;
    figures.room = settings_.name;
    figures.participants = static_cast<std::uint32_t>(participants_.size());
    figures.publishers = static_cast<std::uint32_t>(std::ranges::count_if(
        participants_, [](const auto& entry) { return !entry.second->tracks.empty(); }));
    figures.packets_forwarded = counters_.forwarded;
    return figures;
}

void Room::send_update(Participant& about) {
    ++about.version;
    livekit::SignalResponse message;
    *message.mutable_update()->add_participants() = about.info();
    if (about.is_hidden()) {
        about.send(message);
    } else {
        broadcast(message);
    }
}

void Room::broadcast(const livekit::SignalResponse& message, const Participant* except) {
    const std::string frame(text_of(signal::to_frame(message)));
    for (const auto& [identity, participant] : participants_) {
        if (participant.get() == except || participant->socket == SocketId::none) continue;
        outlet_.sockets.send(participant->socket, true, frame);
    }
}

void Room::webhook(const char* event, const Participant* participant, const PublishedTrack* track) {
    livekit::WebhookEvent hook;
    hook.set_event(event);
    *hook.mutable_room() = info();
    hook.set_id("EV_" + signal::make_room_id().substr(3));
    hook.set_created_at(unix_ms(WallClock::now()) / 1000);
    if (participant != nullptr) *hook.mutable_participant() = participant->info();
    if (track != nullptr) *hook.mutable_track() = track->info;
    outlet_.webhook(signal::to_json(hook, signal::JsonStyle::webhook));
}

}  // namespace aula::room
