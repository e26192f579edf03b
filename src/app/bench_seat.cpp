// SPDX-License-Identifier: Apache-2.0
#include "app/bench_seat.hpp"

#include <chrono>
#include <utility>

#include "signal/access_token.hpp"

namespace aula::app {
namespace {

constexpr std::string_view teacher_prefix = "teacher";
constexpr std::uint8_t loud = 20;  // -dBov
constexpr std::uint8_t murmur = 70;

std::string token_of(const SeatPlan& plan, const std::pair<std::string, std::string>& key) {
    signal::AccessToken token;
    token.key_id = key.first;
    token.identity = plan.identity;
    token.name = plan.identity;
    token.video.room = plan.room;
    token.video.room_join = true;
    token.expires = WallClock::now() + std::chrono::hours(1);
    return signal::mint(token, key.second);
}

}  // namespace

Seat::Seat(const BenchRoom& room, SeatPlan plan) : plan_(std::move(plan)) {
    participant::ClientOptions options;
    options.url = room.url;
    options.token = token_of(plan_, room.key);
    options.media = room.media;
    participant::Client::Handlers handlers;
    handlers.on_stream = [this](const participant::IncomingStream& stream) { look_at(stream); };
    handlers.on_ended = [this](participant::Ending, const std::string& why) { failure_ = why; };
    auto joined = participant::Client::join(room.loop, room.identity, std::move(options),
                                            std::move(handlers));
    if (!joined) {
        failure_ = joined.error().text;
        return;
    }
    client_ = std::move(*joined);
    if (!plan_.camera) return;
    participant::PublishOptions microphone;
    microphone.name = "microphone";
    audio_ = std::make_unique<participant::SyntheticAudio>(room.loop,
                                                           client_->publish(std::move(microphone)));
    audio_->set_level(plan_.teacher ? loud : murmur);
    video_ = std::make_unique<participant::SyntheticVideo>(
        room.loop, client_->publish(participant::SyntheticVideo::publish_options()));
}

void Seat::look_at(const participant::IncomingStream& stream) {
    if (stream.kind != sdp::MediaKind::video) return;
    for (const auto& [identity, info] : client_->roster()) {
        for (const auto& track : info.tracks()) {
            if (track.sid() != stream.track_sid) continue;
            const bool large = identity.starts_with(teacher_prefix);
            livekit::UpdateTrackSettings wish;
            wish.add_track_sids(track.sid());
            wish.set_width(large ? 1280 : 320);
            wish.set_height(large ? 720 : 180);
            return client_->set_wish(wish);
        }
    }
}

void Seat::leave() {
    audio_.reset();
    video_.reset();
    if (client_) client_->leave();
}

}  // namespace aula::app
