// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "net/loop.hpp"
#include "net/shard.hpp"
#include "room/classroom.hpp"
#include "room/client_socket.hpp"
#include "room/data_relay.hpp"
#include "room/participant.hpp"
#include "room/published_track.hpp"
#include "room/room_settings.hpp"
#include "sfu/speaker_detector.hpp"
#include "signal/access_token.hpp"
#include "signal/livekit.pb.h"

namespace aula::room {

class Shard;

/// Somebody at the door of /rtc or /rtc/v1, token and request already checked.
struct JoinIntent {
    SocketId socket = SocketId::none;
    signal::AccessToken token;
    livekit::JoinRequest request;
    bool single_connection = true;  // /rtc/v1
};

/// Somebody at the door of /classroom.
struct ClassroomIntent {
    SocketId socket = SocketId::none;
    signal::AccessToken token;
    std::string lesson_id;
    std::uint64_t since = 0;
};

/// A live room: participants, tracks, the lesson. It lives on one shard, so it has no locks and no
/// threads of its own; other threads hold a Ref<Room>.
class Room {
public:
    using Id = std::string;

    Room(RoomSettings settings, RoomOutlet outlet, Shard& shard);
    ~Room();

    // From the doorway.
    void join(const JoinIntent& intent);
    void enter_classroom(const ClassroomIntent& intent);
    void on_message(SocketId socket, bool binary, Bytes message);
    void on_socket_closed(SocketId socket);
    void on_events_stored(std::uint64_t sequence) { classroom_.on_stored(sequence); }
    /// A call of LiveKit's room service that concerns this room; the answer goes to the socket's
    /// request.
    void on_service_call(SocketId request, const std::string& method,
                         const signal::VideoGrant& grant, Bytes body, bool json);
    /// The lesson is over: everybody hears why, then the room closes.
    void end(lesson::EndReason why);
    /// Everybody is told, the sockets close, the room dies at the end of the turn.
    void close(livekit::DisconnectReason reason, livekit::LeaveRequest::Action action);

    RoomFigures figures() const;
    livekit::Room info() const;

    // For participants, handlers and connections.
    const RoomSettings& settings() const { return settings_; }
    RoomOutlet& outlet() { return outlet_; }
    Shard& shard() { return shard_; }
    net::Loop& loop();
    net::Ref<Room> ref();
    Classroom& classroom() { return classroom_; }
    DataRelay& data() { return data_; }
    const std::map<std::string, std::unique_ptr<Participant>>& participants() const {
        return participants_;
    }
    Participant* participant(std::string_view identity);
    Participant* participant_by_sid(std::string_view sid);
    PublishedTrack* track(std::string_view sid);
    PublishedTrack* track(std::uint32_t number);
    void set_metadata(std::string metadata);

    PublishedTrack& add_track(Participant& publisher, const livekit::AddTrackRequest& request);
    /// Its section was agreed on: others see it and subscribe.
    void publish(PublishedTrack& track);
    void unpublish(PublishedTrack& track);
    /// Mutes or unmutes; by_server also tells the publisher.
    void set_muted(PublishedTrack& track, bool muted, bool by_server);
    void remove(Participant& participant, livekit::DisconnectReason reason);
    /// Whether who publishes lets this participant receive the track, and whether the token does.
    bool may_subscribe(const Participant& subscriber, const PublishedTrack& track) const;

    /// Whether a track begins muted: a pupil's microphone in a lesson that begins so, for those who
    /// have just come.
    bool begins_muted(const Participant& participant, livekit::TrackSource source) const;
    /// Whether the lesson's settings let this participant send from this source now.
    bool lesson_lets_publish(const Participant& participant, livekit::TrackSource source) const;
    /// Empty texts stay as they were; an attribute set to "" is taken out.
    void update_participant(Participant& participant, const std::string& metadata,
                            const std::string& name,
                            const google::protobuf::Map<std::string, std::string>& attributes);

    /// Takes back what is no longer allowed; the caller sends the update.
    void set_permission(Participant& participant, const livekit::ParticipantPermission& permission);

    void send_update(Participant& about);
    void broadcast(const livekit::SignalResponse& message, const Participant* except = nullptr);
    void send_token(Participant& participant);

    // The media turn: each packet once, then receiver by receiver.
    void on_media(const sfu::StreamTable::Stream& stream, MutableBytes packet,
                  const rtp::PacketView& view, Time now);
    void forward_fresh_packets();
    void on_connected(Participant& participant);
    void on_connection_closed(Participant& participant);
    void on_data(Participant& from, const std::string& label, Bytes message);
    bool speaks(const Participant& participant) const;

    struct Counters {
        std::uint64_t forwarded = 0, malformed = 0, unknown_stream = 0, bad_signals = 0,
                      signal_floods = 0, data_refused = 0;
        Counters& operator+=(const Counters& other);
    };
    Counters& counters() { return counters_; }
    AllocationDesk& allocation_desk() { return allocation_desk_; }

private:
    Participant& add_participant(const JoinIntent& intent);
    void resume(const JoinIntent& intent);
    void answer_join(Participant& participant, const livekit::JoinRequest& request);
    bool is_full(const std::string& identity) const;
    void tell_lesson(const Participant& participant);
    void lesson_message(SocketId socket, std::string_view text);
    /// Without any connection now: they have a while to come back.
    void note_absence(const std::string& identity);
    void lesson_departure(const std::string& identity, lesson::LeaveReason reason);
    void on_lesson_event(const lesson::Event& event);
    void mute_by_lesson(const std::optional<std::string>& identity, lesson::Source source);
    void forward(PublishedTrack& track, Time now);
    void tick();
    void tick_second(Time now);
    void update_speakers(Time now);
    void update_qualities(Time now);
    void update_dynacast(PublishedTrack& track, Time now);
    void drop_the_silent(Time now);
    void drop_the_absent(Time now);
    void end_without_teacher(Time now);
    void refresh_tokens(Time now);
    void remember_departure(const Participant& participant);
    void turn_back(SocketId socket);
    void close_if_empty(Time now);
    void webhook(const char* event, const Participant* participant = nullptr,
                 const PublishedTrack* track = nullptr);

    RoomSettings settings_;
    RoomOutlet outlet_;
    Shard& shard_;
    const std::string sid_;
    const WallTime created_;
    Classroom classroom_;
    DataRelay data_;
    std::map<std::string, std::unique_ptr<Participant>> participants_;  // by identity
    std::vector<std::unique_ptr<Participant>> departed_;  // die at the end of the turn
    std::vector<std::unique_ptr<PublishedTrack>> ended_tracks_;
    struct Departure {
        Time at;
        livekit::ParticipantInfo last;
    };
    std::deque<Departure> departures_;  // for those who resume and missed them
    std::unordered_map<SocketId, Participant*> sockets_;
    std::unordered_map<std::uint32_t, std::unique_ptr<PublishedTrack>> tracks_;
    std::vector<PublishedTrack*> fresh_;
    std::vector<const sfu::CachedPacket*> forwarding_;
    bool in_shards_list_ = false;
    std::map<std::string, Time> absent_;  // identities of the lesson without any connection
    sfu::SpeakerDetector speakers_;
    std::uint32_t next_number_ = 1;
    std::uint64_t recently_forwarded_ = 0;
    Time empty_since_;
    std::optional<Time> teacherless_since_;
    bool was_used_ = false;
    bool closed_ = false;
    Time next_second_;
    Time next_quality_;
    net::TimerId timer_ = net::TimerId::none;
    AllocationDesk allocation_desk_;
    Counters counters_;
};

}  // namespace aula::room
