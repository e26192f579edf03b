// SPDX-License-Identifier: Apache-2.0
#include "sfu/track.hpp"

#include <algorithm>

#include "rtp/rtx.hpp"

namespace aula::sfu {

namespace {
// More than a turn's receive batch can hold, and more than the caches keep.
constexpr std::size_t most_fresh = 4096;
// Key frames come no faster than they are asked for; a publisher that says otherwise buys no work
// with it.
constexpr Duration offer_pause = 200ms;
constexpr std::int64_t longest_offer = 128;
}  // namespace

Layer& Track::layer_of(std::uint8_t number, std::uint32_t ssrc) {
    auto& layer = layers_[number];
    if (!layer) {
        layer.emplace(options_, number);
        layer->ssrc = ssrc;
    } else if (layer->ssrc != ssrc) {
        layer->ssrc = ssrc;
        layer->stream.restart();
    }
    return *layer;
}

Track::Receipt Track::receive(std::uint8_t number, const rtp::PacketView& packet, Time now) {
    const std::size_t size = packet.header_size() + packet.payload().size();
    if (size > PacketCache::largest_packet) return Receipt::refused;
    Layer& layer = layer_of(number, packet.ssrc());
    const auto index = layer.stream.receive(packet.sequence_number(), packet.timestamp(),
                                            packet.datagram().size(), now);
    if (!index) return Receipt::duplicate;
    if (!packet.payload().empty()) layer.last_packet = now;
    CachedPacket cached;
    cached.index = *index;
    cached.layer = number;
    cached.arrival = now;
    return store(layer, packet, cached);
}

Track::Receipt Track::receive_rtx(std::uint8_t number, MutableBytes packet,
                                  const rtp::PacketView& view, std::uint8_t payload_type,
                                  Time now) {
    auto& layer = layers_[number];
    if (!layer) return Receipt::refused;
    const auto restored = rtp::unwrap_rtx(packet, view, layer->ssrc, payload_type);
    if (!restored) return Receipt::padding;
    const auto original = rtp::PacketView::parse(*restored);
    if (!original ||
        original->header_size() + original->payload().size() > PacketCache::largest_packet) {
        return Receipt::refused;
    }
    const auto index =
        layer->stream.recover(original->sequence_number(), original->datagram().size(), now);
    if (!index) return Receipt::duplicate;
    CachedPacket cached;
    cached.index = *index;
    cached.layer = number;
    cached.arrival = now;
    return store(*layer, *original, cached);
}

Track::Receipt Track::store(Layer& layer, const rtp::PacketView& packet, CachedPacket& cached) {
    const Bytes payload = packet.payload();
    cached.timestamp = packet.timestamp();
    cached.header_size = static_cast<std::uint16_t>(packet.header_size());
    cached.size = static_cast<std::uint16_t>(packet.header_size() + payload.size());
    cached.payload_type = packet.payload_type();
    cached.marker = packet.marker();
    if (options_.codec == rtp::Codec::vp8) {
        cached.vp8 = rtp::Vp8Descriptor::parse(payload).value_or(rtp::Vp8Descriptor{});
        cached.key_frame = cached.vp8.key_frame;
    } else {
        cached.key_frame = rtp::starts_key_frame(options_.codec, payload);
    }
    read_extensions(packet, cached);
    if (!layer.cache.insert(cached, packet.datagram().first(cached.size))) return Receipt::refused;
    if (cached.key_frame) note_key_frame(layer, cached);
    if (fresh_.size() < most_fresh) fresh_.push_back({cached.layer, cached.index});
    if (cached.key_frame && cached.index < layer.stream.newest()) offer_again(layer, cached);
    return cached.is_padding() ? Receipt::padding : Receipt::stored;
}

void Track::read_extensions(const rtp::PacketView& packet, CachedPacket& cached) {
    rtp::ExtensionReader reader(packet);
    while (const auto element = reader.next()) {
        for (std::size_t i = 0; i < passed_extensions.size(); ++i) {
            if (options_.ids.*passed_extensions[i] != element->id) continue;
            const auto at = element->value.data() - packet.datagram().data();
            cached.extensions[i] = {static_cast<std::uint16_t>(at),
                                    static_cast<std::uint16_t>(element->value.size())};
        }
        if (element->id == options_.ids.audio_level) {
            audio_level_ = rtp::parse_audio_level(element->value);
        }
    }
}

void Track::note_key_frame(Layer& layer, const CachedPacket& packet) {
    layer.key_frames.arrived();
    layer.stream.key_frame_at(packet.index);
    if (packet.vp8.width != 0) declare_size(packet.layer, packet.vp8.width, packet.vp8.height);
}

void Track::offer_again(Layer& layer, const CachedPacket& first) {
    const std::int64_t newest = layer.stream.newest().value_or(first.index);
    const bool lately = layer.offered_again && first.arrival - *layer.offered_again < offer_pause;
    if (lately || newest - first.index > longest_offer) return;
    layer.offered_again = first.arrival;
    for (std::int64_t index = first.index + 1; index <= newest; ++index) {
        if (fresh_.size() < most_fresh && layer.cache.find(index)) {
            fresh_.push_back({first.layer, index});
        }
    }
}

void Track::receive_sender_report(const rtp::rtcp::SenderReport& report, Time now) {
    for (auto& layer : layers_) {
        if (layer && layer->ssrc == report.ssrc) layer->stream.receive_sender_report(report, now);
    }
}

const CachedPacket* Track::find(std::uint8_t layer, std::int64_t index) const {
    return layers_[layer] ? layers_[layer]->cache.find(index) : nullptr;
}

void Track::want_key_frame(std::uint8_t layer) {
    if (layers_[layer]) layers_[layer]->key_frames.want();
}

void Track::declare_size(std::uint8_t layer, std::uint32_t width, std::uint32_t height) {
    sizes_[layer].width = width;
    sizes_[layer].height = height;
}

std::array<LayerShape, most_layers> Track::shapes(Time now) const {
    auto shapes = sizes_;
    for (std::size_t i = 0; i < most_layers; ++i)
        shapes[i].live = layers_[i] && layers_[i]->is_live(now);
    return shapes;
}

}  // namespace aula::sfu
