// SPDX-License-Identifier: Apache-2.0
// The media turn of a room, and what it does by the clock: feedback, reports, speakers, sweeping.
#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "room/room.hpp"
#include "room/shard.hpp"

namespace aula::room {
namespace {

// Without a signalling socket, and with nothing heard on the media path for this long, somebody has
// gone.
constexpr Duration silence_limit = 8s;
// A client that resumes has retried five times by then.
constexpr Duration socketless_limit = 40s;
constexpr Duration connect_limit = 20s;
constexpr Duration absence_limit = 60s;
constexpr Duration absence_at_door_limit = 10s;
constexpr Duration dynacast_delay = 5s;
// The kernel reads again what was just sealed: while it is in the second-level cache.
constexpr std::size_t flush_bytes = 256 * 1024;

}  // namespace

void Room::on_media(const sfu::StreamTable::Stream& stream, MutableBytes packet,
                    const rtp::PacketView& view, Time now) {
    PublishedTrack* track = this->track(stream.track);
    if (track == nullptr || !track->media) return;
    const auto receipt =
        stream.rtx ? track->media->receive_rtx(stream.layer, packet, view,
                                               stream.original_type(view.payload_type()), now)
                   : track->media->receive(stream.layer, view, now);
    if (receipt != sfu::Track::Receipt::stored) return;
    if (track->is_audio()) {
        if (const auto level = track->media->audio_level(); level && !track->info.muted()) {
            speakers_.observe(track->publisher.number, level->level);
        }
    }
    if (track->is_fresh) return;
    track->is_fresh = true;
    fresh_.push_back(track);
    if (!in_shards_list_) {
        in_shards_list_ = true;
        shard_.has_fresh_packets(*this);
    }
}

void Room::forward_fresh_packets() {
    const Time now = loop().now();
    for (PublishedTrack* track : fresh_) {
        if (!track->muted_by_server) forward(*track, now);
        track->media->end_turn();
        track->is_fresh = false;
    }
    fresh_.clear();
    in_shards_list_ = false;
}

void Room::forward(PublishedTrack& track, Time now) {
    forwarding_.clear();
    for (const sfu::Track::Fresh& fresh : track.media->fresh()) {
        if (const auto* packet = track.media->find(fresh)) forwarding_.push_back(packet);
    }
    net::SendQueue& queue = shard_.port().socket().queue();
    for (Subscription* subscription : track.subscriptions) {
        counters_.forwarded += subscription->forward_fresh(forwarding_, now);
        if (queue.waiting_bytes() > flush_bytes) queue.flush();
    }
}

void Room::on_connected(Participant& participant) {
    if (participant.state != livekit::ParticipantInfo::JOINED) return;
    if (!participant.downlink().is_connected() && !participant.uplink().is_connected()) return;
    participant.state = livekit::ParticipantInfo::ACTIVE;
    send_update(participant);
}

void Room::on_connection_closed(Participant& participant) {
    // With a living socket the client is about to restart ICE or to come back whole.
    if (participant.socket == SocketId::none) remove(participant, livekit::CONNECTION_TIMEOUT);
}

void Room::on_data(Participant& from, const std::string& label, Bytes message) {
    if (label == "_reliable") {
        data_.on_message(from, true, message, loop().now());
    } else if (label == "_lossy") {
        data_.on_message(from, false, message, loop().now());
    }
}

bool Room::speaks(const Participant& participant) const {
    return std::ranges::any_of(speakers_.active(),
                               [&](const sfu::Speaker& s) { return s.id == participant.number; });
}

void Room::tick() {
    const Time now = loop().now();
    for (const auto& [identity, participant] : participants_) {
        participant->uplink().send_feedback(now);
        participant->allocate_if_due(now);
    }
    update_speakers(now);
    if (now < next_second_) return;
    next_second_ = now + 1s;
    tick_second(now);
}

void Room::tick_second(Time now) {
    for (const auto& [identity, participant] : participants_) {
        participant->uplink().send_reports(now);
        if (participant->second() != nullptr) participant->second()->send_reports(now);
    }
    for (const auto& [number, track] : tracks_) update_dynacast(*track, now);
    drop_the_silent(now);
    drop_the_absent(now);
    end_without_teacher(now);
    refresh_tokens(now);
    if (now >= next_quality_) {
        next_quality_ = now + 5s;
        update_qualities(now);
    }
    close_if_empty(now);
}

void Room::update_speakers(Time now) {
    const auto changes = speakers_.update(now);
    if (changes.empty()) return;
    livekit::SignalResponse message;
    for (const sfu::Speaker& change : changes) {
        for (const auto& [identity, participant] : participants_) {
            if (participant->number != change.id) continue;
            livekit::SpeakerInfo& speaker = *message.mutable_speakers_changed()->add_speakers();
            speaker.set_sid(participant->sid);
            speaker.set_level(change.level);
            speaker.set_active(change.active);
        }
    }
    if (message.speakers_changed().speakers_size() > 0) broadcast(message);
}

// Changes to everybody, all of them to who has just come.
void Room::update_qualities(Time now) {
    livekit::SignalResponse changes;
    livekit::SignalResponse all;
    for (const auto& [identity, participant] : participants_) {
        if (participant->is_hidden()) continue;
        const sfu::LineFigures line = participant->line(now);
        const auto quality = static_cast<livekit::ConnectionQuality>(sfu::connection_quality(line));
        livekit::ConnectionQualityInfo update;
        update.set_participant_sid(participant->sid);
        update.set_quality(quality);
        update.set_score(static_cast<float>(sfu::opinion_score(line)));
        *all.mutable_connection_quality()->add_updates() = update;
        if (quality == participant->quality_told) continue;
        participant->quality_told = quality;
        *changes.mutable_connection_quality()->add_updates() = std::move(update);
    }
    const bool is_news = changes.has_connection_quality();
    for (const auto& [identity, participant] : participants_) {
        if (!std::exchange(participant->knows_qualities, true)) {
            participant->send(all);
        } else if (is_news) {
            participant->send(changes);
        }
    }
}

void Room::update_dynacast(PublishedTrack& track, Time now) {
    if (track.is_audio() || !track.is_bound()) return;
    const auto shapes = track.shapes(now);
    std::optional<std::uint8_t> most;
    for (const Subscription* subscription : track.subscriptions) {
        const auto wished =
            sfu::wished_layer(subscription->viewer, std::span(shapes).first(track.layer_count()));
        if (wished && (!most || *wished > *most)) most = wished;
    }
    // More is asked for at once, less only after a while, since people scroll to and fro.
    const int asked = !track.asked_any    ? -1
                      : track.asked_layer ? *track.asked_layer
                                          : sfu::most_layers - 1;
    const int wanted = most ? *most : -1;
    if (wanted == asked) {
        track.less_since.reset();
        return;
    }
    if (wanted < asked) {
        if (!track.less_since) track.less_since = now;
        if (now - *track.less_since < dynacast_delay) return;
    }
    track.less_since.reset();
    track.asked_layer = most;
    track.asked_any = most.has_value();
    livekit::SignalResponse message;
    livekit::SubscribedQualityUpdate& update = *message.mutable_subscribed_quality_update();
    update.set_track_sid(track.sid());
    livekit::SubscribedCodec& codec = *update.add_subscribed_codecs();
    std::string name = track.codec.name;
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    codec.set_codec(name);
    for (int layer = 0; layer < static_cast<int>(sfu::most_layers); ++layer) {
        livekit::SubscribedQuality& quality = *codec.add_qualities();
        quality.set_quality(static_cast<livekit::VideoQuality>(layer));
        quality.set_enabled(layer <= wanted);
        *update.add_subscribed_qualities() = quality;
    }
    track.publisher.send(message);
}

void Room::drop_the_silent(Time now) {
    std::vector<Participant*> gone;
    for (const auto& [identity, participant] : participants_) {
        participant->uplink().note_traffic(now);
        participant->downlink().note_traffic(now);
        const Time heard =
            std::max(participant->uplink().last_heard(), participant->downlink().last_heard());
        // A client's ICE restart has nothing left to restart once consent expired.
        const bool connected =
            participant->uplink().is_connected() || participant->downlink().is_connected();
        if (participant->socket_lost) {
            const Duration without = now - *participant->socket_lost;
            if (without > socketless_limit || (without > 2s && now - heard > silence_limit))
                gone.push_back(participant.get());
        } else if (!connected && now - heard > connect_limit) {
            gone.push_back(participant.get());
        }
    }
    for (Participant* participant : gone) {
        participant->say_goodbye(livekit::LeaveRequest::RECONNECT, livekit::CONNECTION_TIMEOUT);
        remove(*participant, livekit::CONNECTION_TIMEOUT);
    }
}

void Room::drop_the_absent(Time now) {
    std::vector<std::string> away;
    std::vector<std::string> lost;
    std::vector<std::string> gave_up;
    for (const auto& [identity, since] : absent_) {
        if (!classroom_.lesson().is_waiting(identity))
            (now - since > absence_limit ? lost : away).push_back(identity);
        else if (now - since > absence_at_door_limit)
            gave_up.push_back(identity);
    }
    for (const std::string& identity : gave_up) {
        absent_.erase(identity);
        [[maybe_unused]] const auto told =
            classroom_.apply({{}, lesson::command::GiveUp{identity}});
    }
    for (const std::string& identity : away) {
        [[maybe_unused]] const auto told =
            classroom_.apply({{}, lesson::command::Disconnect{identity}});
    }
    for (const std::string& identity : lost) lesson_departure(identity, lesson::LeaveReason::lost);
}

void Room::close_if_empty(Time now) {
    if (!participants_.empty() || classroom_.lesson().connected_count() > 0) {
        empty_since_ = now;
        return;
    }
    const Duration limit =
        was_used_ ? Duration(settings_.departure_timeout) : Duration(settings_.empty_timeout);
    if (now - empty_since_ < limit) return;
    close(livekit::ROOM_CLOSED, livekit::LeaveRequest::DISCONNECT);
}

}  // namespace aula::room
