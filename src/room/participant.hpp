// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "room/allowance.hpp"
#include "room/client_socket.hpp"
#include "room/peer_connection.hpp"
#include "room/published_track.hpp"
#include "room/subscription.hpp"
#include "sfu/allocator.hpp"
#include "sfu/connection_score.hpp"
#include "signal/access_token.hpp"
#include "signal/livekit.pb.h"

namespace aula::room {

class Room;

/// Attributes that begin so are the platform's: others' pages show the role by one.
constexpr std::string_view platform_attribute = "aula.";

/// Memory that all participants of a room share their lines out with, one after another.
struct AllocationDesk {
    sfu::Allocator allocator;
    std::vector<sfu::Allocation> wishes;
    std::vector<Subscription*> wishing;
};

/// A person (or program) in a room with a LiveKit session: who they are, their peer connections,
/// what they publish and receive. It carries; handlers and the lesson decide. Owned by its room.
class Participant {
public:
    Participant(Room& room, const signal::AccessToken& token, const livekit::JoinRequest& request,
                bool single_connection, std::uint32_t number);

    livekit::ParticipantInfo info() const;
    /// Others may see them.
    bool is_hidden() const { return permission.hidden(); }
    bool has_joined() const { return state != livekit::ParticipantInfo::DISCONNECTED; }

    PeerConnection& uplink() { return *first_; }                         // what they publish
    PeerConnection& downlink() { return second_ ? *second_ : *first_; }  // what they receive
    PeerConnection* second() { return second_.get(); }
    bool single_connection() const { return second_ == nullptr; }

    void send(const livekit::SignalResponse& message);
    void say_goodbye(livekit::LeaveRequest::Action action, livekit::DisconnectReason reason);

    /// Starts to receive the track, unless that was so.
    void subscribe(PublishedTrack& track);
    void unsubscribe(const std::string& track_sid);
    /// Its section was taken away: it waits for another, with streams of new numbers.
    void start_over(Subscription& subscription);
    Subscription* subscription(const std::string& track_sid);
    /// Asks for what waiting subscriptions need: new sections, or a new offer. Gathers calls of one
    /// turn.
    void negotiate_soon();
    void negotiate();
    /// The first waiting subscription of this kind that the section can carry.
    Subscription* waiting_for(sdp::MediaKind kind, const sdp::Media& section);

    /// The announced track without a section that this section carries: by its cid, or as the only
    /// one of its kind.
    PublishedTrack* announced_track(sdp::MediaKind kind, const std::string& msid_track,
                                    std::size_t sections_without);

    /// Chooses what of each subscription goes out now.
    void allocate(Time now);
    /// The same by the clock: ten times a second, more often while the line is probed.
    void allocate_if_due(Time now);
    void allocate_soon() { next_allocation_ = {}; }
    sfu::LineFigures line(Time now);

    /// Whether this may be changed so: within LiveKit's limits, together with what stays.
    bool has_place_for(const std::string& more_metadata, const std::string& new_name,
                       const google::protobuf::Map<std::string, std::string>& changes) const;

    /// Bytes of data and chat-like packets this participant may still send now.
    bool may_send_data(std::size_t bytes, Time now);
    /// Whether a further signalling message may come now; who floods is sent away.
    bool may_signal(std::size_t bytes, Time now);

    const std::uint32_t number;
    const std::string sid;
    const std::string identity;
    const WallTime joined_at;
    std::string name;
    std::string metadata;
    std::map<std::string, std::string> attributes;
    livekit::ParticipantPermission permission;
    livekit::ParticipantInfo::State state = livekit::ParticipantInfo::JOINING;
    livekit::DisconnectReason disconnect_reason = livekit::UNKNOWN_REASON;
    livekit::ClientInfo client;
    signal::AccessToken token;
    bool auto_subscribe = true;
    bool may_pause = false;  // the client understands paused streams
    SocketId socket = SocketId::none;
    std::optional<Time> socket_lost;
    std::vector<PublishedTrack*> tracks;
    std::map<std::string, std::unique_ptr<Subscription>> subscriptions;      // by track
    std::optional<livekit::SubscriptionPermission> subscription_permission;  // none: everybody may
    std::uint32_t last_reliable_sequence = 0;
    std::optional<livekit::ConnectionQuality> quality_told;  // to the others
    bool knows_qualities = false;                            // of the others
    Time token_sent{};
    std::uint32_t version = 1;

private:
    Room& room_;
    Time next_allocation_{};
    std::unique_ptr<PeerConnection> first_;
    std::unique_ptr<PeerConnection> second_;
    bool negotiation_planned_ = false;
    int fruitless_requests_ = 0;  // offers asked for since a subscription last found its section
    std::size_t last_waiting_ = 0;
    Allowance data_allowance_;
    Allowance signal_allowance_;
};

}  // namespace aula::room
