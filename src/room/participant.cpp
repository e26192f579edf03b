// SPDX-License-Identifier: Apache-2.0
#include "room/participant.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "room/room.hpp"
#include "signal/frame.hpp"
#include "signal/ids.hpp"
#include "signal/permission.hpp"

namespace aula::room {
namespace {

constexpr Duration allocation_period = 100ms;
constexpr double data_bytes_a_second = 1 << 20;
constexpr double data_burst = 4 << 20;
// A page with 50 tiles that scrolls says where each of them is some times a second.
constexpr double signals_a_second = 200;
constexpr double signal_burst = 2000;
constexpr double bytes_a_signal = 1024;  // a longer message counts as several
constexpr int most_capabilities = 16;
constexpr int most_fruitless_requests = 4;

/// Tokens write the protocol's names in lower case.
std::string upper_case(std::string name) {
    for (char& c : name) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
    }
    return name;
}

void add_kind(const signal::AccessToken& token, livekit::ParticipantInfo& info) {
    auto kind =
        token.video.agent ? livekit::ParticipantInfo::AGENT : livekit::ParticipantInfo::STANDARD;
    (void)livekit::ParticipantInfo::Kind_Parse(upper_case(token.kind), &kind);
    info.set_kind(kind);
    for (const std::string& name : token.kind_details) {
        livekit::ParticipantInfo::KindDetail detail;
        if (livekit::ParticipantInfo::KindDetail_Parse(upper_case(name), &detail))
            info.add_kind_details(detail);
    }
}

}  // namespace

Participant::Participant(Room& room, const signal::AccessToken& shown,
                         const livekit::JoinRequest& request, bool single_connection,
                         std::uint32_t participant_number)
    : number(participant_number),
      sid(signal::make_participant_id()),
      identity(shown.identity),
      joined_at(WallClock::now()),
      name(shown.name),
      metadata(request.metadata().empty() ? shown.metadata : request.metadata()),
      attributes(shown.attributes),
      permission(signal::permission_of(shown.video)),
      client(request.client_info()),
      token(shown),
      auto_subscribe(request.connection_settings().auto_subscribe()),
      may_pause(request.connection_settings().subscriber_allow_pause()),
      room_(room),
      data_allowance_(data_bytes_a_second, data_burst),
      signal_allowance_(signals_a_second, signal_burst) {
    // Everybody's updates carry them: a handful is known, no client has use for thousands.
    if (client.capabilities_size() > most_capabilities) client.clear_capabilities();
    for (const auto& [key, value] : request.participant_attributes()) {
        if (!key.starts_with(platform_attribute)) attributes.emplace(key, value);
    }
    using Kind = PeerConnection::Kind;
    first_ = std::make_unique<PeerConnection>(single_connection ? Kind::single : Kind::publisher,
                                              *this, room);
    if (!single_connection)
        second_ = std::make_unique<PeerConnection>(Kind::subscriber, *this, room);
}

livekit::ParticipantInfo Participant::info() const {
    livekit::ParticipantInfo info;
    info.set_sid(sid);
    info.set_identity(identity);
    info.set_state(state);
    info.set_name(name);
    info.set_metadata(metadata);
    info.set_version(version);
    add_kind(token, info);
    info.set_joined_at(unix_ms(joined_at) / 1000);
    info.set_joined_at_ms(unix_ms(joined_at));
    info.set_disconnect_reason(disconnect_reason);
    info.set_client_protocol(client.client_protocol());
    *info.mutable_capabilities() = client.capabilities();
    *info.mutable_permission() = permission;
    info.mutable_attributes()->insert(attributes.begin(), attributes.end());
    if (state == livekit::ParticipantInfo::DISCONNECTED) return info;
    for (const PublishedTrack* track : tracks) {
        if (track->is_bound()) *info.add_tracks() = track->info;
    }
    info.set_is_publisher(info.tracks_size() > 0);
    return info;
}

void Participant::send(const livekit::SignalResponse& message) {
    if (socket == SocketId::none) return;
    const Buffer frame = signal::to_frame(message);
    room_.outlet().sockets.send(socket, true, std::string(text_of(frame)));
}

void Participant::say_goodbye(livekit::LeaveRequest::Action action,
                              livekit::DisconnectReason reason) {
    livekit::SignalResponse message;
    message.mutable_leave()->set_action(action);
    message.mutable_leave()->set_reason(reason);
    message.mutable_leave()->set_can_reconnect(action != livekit::LeaveRequest::DISCONNECT);
    send(message);
}

Subscription* Participant::subscription(const std::string& track_sid) {
    const auto at = subscriptions.find(track_sid);
    return at == subscriptions.end() ? nullptr : at->second.get();
}

void Participant::subscribe(PublishedTrack& track) {
    if (!permission.can_subscribe() || subscriptions.contains(track.sid())) return;
    if (!room_.may_subscribe(*this, track)) {
        livekit::SignalResponse message;
        auto& update = *message.mutable_subscription_permission_update();
        update.set_participant_sid(track.publisher.sid);
        update.set_track_sid(track.sid());
        update.set_allowed(false);
        return send(message);
    }
    subscriptions.emplace(track.sid(), std::make_unique<Subscription>(track, *this));
    fruitless_requests_ = 0;
    if (!std::exchange(track.subscribed_was_told, true)) {
        livekit::SignalResponse message;
        message.mutable_track_subscribed()->set_track_sid(track.sid());
        track.publisher.send(message);
    }
    negotiate_soon();
}

void Participant::unsubscribe(const std::string& track_sid) {
    const auto at = subscriptions.find(track_sid);
    if (at == subscriptions.end()) return;
    downlink().release(*at->second);
    subscriptions.erase(at);
    negotiate_soon();
}

void Participant::start_over(Subscription& subscription) {
    PublishedTrack& track = subscription.track;
    const sfu::ViewerWish viewer = subscription.viewer;
    const std::uint32_t priority = subscription.priority;
    unsubscribe(track.sid());
    subscribe(track);
    if (Subscription* again = this->subscription(track.sid())) {
        again->viewer = viewer;
        again->priority = priority;
    }
}

Subscription* Participant::waiting_for(sdp::MediaKind kind, const sdp::Media& section) {
    for (auto& [track_sid, subscription] : subscriptions) {
        const bool audio = subscription->track.is_audio();
        if (!subscription->mid.empty() || subscription->refused) continue;
        if (audio != (kind == sdp::MediaKind::audio)) continue;
        if (sdp::can_receive(section, subscription->track.as_sent())) return subscription.get();
        // Sections of one kind carry the same codecs: none of this client's will do.
        subscription->refused = true;
        livekit::SignalResponse message;
        message.mutable_subscription_response()->set_track_sid(track_sid);
        message.mutable_subscription_response()->set_err(livekit::SE_CODEC_UNSUPPORTED);
        send(message);
    }
    return nullptr;
}

PublishedTrack* Participant::announced_track(sdp::MediaKind kind, const std::string& msid_track,
                                             std::size_t sections_without) {
    const bool audio = kind == sdp::MediaKind::audio;
    PublishedTrack* only = nullptr;
    std::size_t candidates = 0;
    for (PublishedTrack* track : tracks) {
        if (track->is_bound() || track->is_audio() != audio) continue;
        if (!msid_track.empty() && track->cid == msid_track) return track;
        only = track;
        ++candidates;
    }
    return candidates == 1 && sections_without <= 1 ? only : nullptr;
}

void Participant::negotiate_soon() {
    if (std::exchange(negotiation_planned_, true)) return;
    // 10 ms gather the tracks that a publisher adds together, as LiveKit's own server does for the
    // first.
    room_.loop().after(10ms, [room = room_.ref(), id = identity, session = sid] {
        room.tell([id, session](Room& r) {
            Participant* participant = r.participant(id);
            if (participant != nullptr && participant->sid == session) participant->negotiate();
        });
    });
}

void Participant::negotiate() {
    negotiation_planned_ = false;
    if (!single_connection()) {
        if (const auto offer = second_->make_offer(false)) {
            livekit::SignalResponse message;
            *message.mutable_offer() = *offer;
            send(message);
        }
        return;
    }
    // Before its first answer a client takes the request for a broken negotiation.
    if (!first_->has_answered()) return;
    std::size_t audio = 0;
    std::size_t video = 0;
    for (const auto& [track_sid, subscription] : subscriptions) {
        if (subscription->is_started() || subscription->refused) continue;
        ++(subscription->track.is_audio() ? audio : video);
    }
    if (audio + video < last_waiting_) fruitless_requests_ = 0;
    last_waiting_ = audio + video;
    // A section whose track ended is still that track's for the client until it offers again.
    if (last_waiting_ == 0 && !first_->has_section_to_rest()) return;
    if (last_waiting_ != 0 && ++fruitless_requests_ > most_fruitless_requests) return;
    const auto lacking = [](std::size_t wanted, std::size_t free) {
        return static_cast<std::uint32_t>(wanted > free ? wanted - free : 0);
    };
    livekit::SignalResponse message;
    auto& requirement = *message.mutable_media_sections_requirement();
    requirement.set_num_audios(lacking(audio, first_->free_sections(sdp::MediaKind::audio)));
    requirement.set_num_videos(lacking(video, first_->free_sections(sdp::MediaKind::video)));
    send(message);
}

void Participant::allocate_if_due(Time now) {
    if (subscriptions.empty()) return;
    if (now >= next_allocation_ || downlink().estimator().is_probing()) allocate(now);
}

void Participant::allocate(Time now) {
    if (subscriptions.empty()) return;
    next_allocation_ = now + allocation_period;
    auto& [allocator, wishes, wishing] = room_.allocation_desk();
    wishes.clear();
    wishing.clear();
    for (auto& [track_sid, subscription] : subscriptions) {
        auto wish = subscription->wish(now, room_.speaks(subscription->track.publisher));
        if (!wish) continue;
        wishes.push_back(*wish);
        wishing.push_back(subscription.get());
    }
    if (wishes.empty()) return;
    sfu::BandwidthEstimator& estimator = downlink().estimator();
    const BitRate budget = estimator.estimate();
    const sfu::AllocationResult result = allocator.allocate(budget, wishes);
    for (std::size_t at = 0; at < wishes.size(); ++at) wishing[at]->allot(wishes[at], budget);

    std::size_t padding = estimator.padding_due(result.used + result.missing, now);
    for (Subscription* subscription : wishing) {
        if (padding == 0) break;
        if (!subscription->track.is_audio())
            padding -= std::min(padding, subscription->fill(padding, now));
    }
}

sfu::LineFigures Participant::line(Time now) {
    sfu::LineFigures figures;
    const auto worse = [&](double loss, Duration jitter) {
        figures.loss = std::max(figures.loss, loss);
        figures.jitter = std::max(figures.jitter, jitter);
    };
    for (const PublishedTrack* track : tracks) {
        for (std::uint8_t layer = 0; track->media && layer < sfu::most_layers; ++layer) {
            const sfu::Layer* received = track->media->layer(layer);
            if (received == nullptr || !received->is_live(now)) continue;
            worse(received->stream.figures().fraction_lost / 256.0, received->stream.jitter());
        }
    }
    for (const auto& [track_sid, subscription] : subscriptions) {
        const sfu::Forwarder* forwarder = subscription->forwarder();
        if (forwarder == nullptr) continue;
        worse(forwarder->fraction_lost() / 256.0, forwarder->jitter());
        figures.reduced |= subscription->reduced;
    }
    figures.round_trip = downlink().estimator().round_trip();
    return figures;
}

bool Participant::has_place_for(
    const std::string& more_metadata, const std::string& new_name,
    const google::protobuf::Map<std::string, std::string>& changes) const {
    std::size_t attribute_bytes = 0;
    for (const auto& [key, value] : changes)
        attribute_bytes += value.empty() ? 0 : key.size() + value.size();
    for (const auto& [key, value] : attributes)
        attribute_bytes += changes.contains(key) ? 0 : key.size() + value.size();
    return more_metadata.size() <= signal::max_metadata_size &&
           new_name.size() <= signal::max_identity_size &&
           attribute_bytes <= signal::max_attributes_size;
}

bool Participant::may_send_data(std::size_t bytes, Time now) {
    // A packet costs as if it had at least 200 bytes, so that floods of tiny ones end too.
    return data_allowance_.take(static_cast<double>(std::max<std::size_t>(bytes, 200)), now);
}

bool Participant::may_signal(std::size_t bytes, Time now) {
    return signal_allowance_.take(1 + static_cast<double>(bytes) / bytes_a_signal, now);
}

}  // namespace aula::room
