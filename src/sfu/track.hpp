// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "rtp/codec.hpp"
#include "rtp/extensions.hpp"
#include "rtp/packet_view.hpp"
#include "sfu/key_frame_requests.hpp"
#include "sfu/layer_choice.hpp"
#include "sfu/packet_cache.hpp"
#include "sfu/receive_stream.hpp"

namespace aula::sfu {

inline constexpr std::size_t most_layers = 3;  // q, h, f

struct TrackOptions {
    MediaKind kind = MediaKind::audio;
    rtp::Codec codec = rtp::Codec::opus;
    std::uint32_t clock_rate = 48000;
    bool nack = true;       // the publisher resends what we ask for
    rtp::ExtensionIds ids;  // of the publisher's SDP
};

/// One received encoding of a track: its statistics, its packets, who wants a key frame of it.
struct Layer {
    Layer(const TrackOptions& options, std::uint8_t number)
        : cache(PacketCache::limits_for(options.kind)),
          stream(options.clock_rate, options.nack),
          key_frames(number) {}

    /// Packets came within the last while (a publisher stops layers without a word).
    bool is_live(Time now) const { return last_packet && now - *last_packet < 1500ms; }

    std::uint32_t ssrc = 0;
    PacketCache cache;
    ReceiveStream stream;
    KeyFrameRequests key_frames;
    std::optional<Time> last_packet;
    std::optional<Time>
        offered_again;  // when a late key frame was last followed by the packets behind it
};

/// A published track's media: takes each packet once (phase one of the forwarding turn) and keeps
/// it for all receivers (phase two). Lives on its room's shard.
class Track {
public:
    enum class Receipt : std::uint8_t { stored, duplicate, padding, refused };
    struct Fresh {
        std::uint8_t layer;
        std::int64_t index;
    };

    explicit Track(const TrackOptions& options) : options_(options) {}

    /// Phase one. layer < most_layers.
    Receipt receive(std::uint8_t layer, const rtp::PacketView& packet, Time now);
    /// A packet of the layer's RTX stream, changed in place; payload_type is the original's.
    Receipt receive_rtx(std::uint8_t layer, MutableBytes packet, const rtp::PacketView& view,
                        std::uint8_t payload_type, Time now);
    void receive_sender_report(const rtp::rtcp::SenderReport& report,
                               Time now);  // found by its SSRC

    /// Phase two: what came in since end_turn(), in the order it came. A first packet of a key
    /// frame that came late is followed by the packets behind it once more; a Forwarder tells those
    /// it sent already.
    std::span<const Fresh> fresh() const { return fresh_; }
    const CachedPacket* find(const Fresh& packet) const { return find(packet.layer, packet.index); }
    const CachedPacket* find(std::uint8_t layer, std::int64_t index) const;
    void end_turn() { fresh_.clear(); }

    /// Null when no packet of it ever came.
    Layer* layer(std::uint8_t number) { return layers_[number] ? &*layers_[number] : nullptr; }
    const Layer* layer(std::uint8_t number) const {
        return layers_[number] ? &*layers_[number] : nullptr;
    }
    /// A receiver needs a key frame to go on; its PLI is due when layer(n)->key_frames.take(now)
    /// says so.
    void want_key_frame(std::uint8_t layer);

    /// A layer's picture size as the publisher announced it; a VP8 key frame corrects it.
    void declare_size(std::uint8_t layer, std::uint32_t width, std::uint32_t height);
    /// Sizes and liveness, for wished_layer() and nearest_live().
    std::array<LayerShape, most_layers> shapes(Time now) const;

    const TrackOptions& options() const { return options_; }
    /// Loudness of the packet received last, where it carried one.
    std::optional<rtp::AudioLevel> audio_level() const { return audio_level_; }

private:
    Layer& layer_of(std::uint8_t number, std::uint32_t ssrc);
    Receipt store(Layer& layer, const rtp::PacketView& packet, CachedPacket& cached);
    void read_extensions(const rtp::PacketView& packet, CachedPacket& cached);
    void note_key_frame(Layer& layer, const CachedPacket& packet);
    void offer_again(Layer& layer, const CachedPacket& first);

    TrackOptions options_;
    std::array<std::optional<Layer>, most_layers> layers_;
    std::vector<Fresh> fresh_;
    std::array<LayerShape, most_layers> sizes_{};
    std::optional<rtp::AudioLevel> audio_level_;
};

}  // namespace aula::sfu
