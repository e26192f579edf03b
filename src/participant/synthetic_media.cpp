// SPDX-License-Identifier: Apache-2.0
#include "participant/synthetic_media.hpp"

#include <array>

namespace aula::participant {

namespace {

constexpr Duration audio_period = 20ms;
constexpr std::uint32_t audio_ticks = 960;
constexpr std::size_t opus_size = 80;  // 32 kbit/s
constexpr Duration video_period = Duration(1s) / synthetic_frame_rate;
constexpr double video_clock_rate = 90'000;

}  // namespace

SyntheticAudio::SyntheticAudio(net::Loop& loop, Publication& publication)
    : loop_(loop),
      publication_(publication),
      timer_(loop.every(audio_period, [this] { send(); })) {}

void SyntheticAudio::send() {
    static constexpr std::array<std::uint8_t, opus_size> payload{0x78};  // CELT, 20 ms
    timestamp_ += audio_ticks;
    publication_.send(0, {payload, timestamp_, false, rtp::AudioLevel{level_, level_ < 60}},
                      loop_.now());
}

SyntheticVideo::SyntheticVideo(net::Loop& loop, Publication& publication)
    : loop_(loop),
      publication_(publication),
      layers_(synthetic_layers.begin(), synthetic_layers.end()),
      began_(loop.now()),
      timer_(loop.every(video_period, [this] { send(); })) {}

PublishOptions SyntheticVideo::publish_options() {
    PublishOptions options;
    options.name = "camera";
    options.source = livekit::CAMERA;
    for (const VideoLayer& layer : synthetic_layers) {
        options.layers.push_back(
            {layer.rid, layer.width, layer.height, static_cast<std::uint32_t>(layer.rate.bps())});
    }
    return options;
}

void SyntheticVideo::send() {
    const Time now = loop_.now();
    const std::chrono::duration<double> passed = now - began_;
    const auto timestamp = static_cast<std::uint32_t>(passed.count() * video_clock_rate);
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
        if (!publication_.wants(layer)) continue;
        layers_[layer].begin_frame(publication_.take_key_frame_request(layer));
        while (const auto packet = layers_[layer].next_packet()) {
            publication_.send(layer, {packet->payload, timestamp, packet->marker, {}}, now);
        }
    }
}

}  // namespace aula::participant
