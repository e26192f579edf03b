// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "rtp/extensions.hpp"
#include "rtp/rtcp.hpp"
#include "sfu/bandwidth_estimator.hpp"
#include "sfu/packet_cache.hpp"
#include "sfu/sent_packets.hpp"
#include "sfu/sequence_map.hpp"
#include "sfu/track.hpp"

namespace aula::sfu {

/// A packet to seal and send: the header stands in the slot; the payload behind it, or in the cache
/// unchanged.
struct ForwardedPacket {
    std::size_t header_size = 0;
    Bytes payload;
};

/// What a forwarding step works with besides the packet.
struct SendContext {
    const Track& track;             // the one subscribed to
    BandwidthEstimator& estimator;  // the receiver's
    Time now;
};

struct ForwarderOptions {
    struct PayloadMapping {
        std::uint8_t source = 0;    // the publisher's payload type
        std::uint8_t outgoing = 0;  // the receiver's for the same format
        bool unwrap_red = false;    // or for what the publisher's RED carries: the primary block
        std::uint8_t plain = 0;     // RED that goes out as it is: for its primary block alone
    };
    MediaKind kind = MediaKind::audio;
    std::uint32_t clock_rate = 48000;
    std::uint32_t ssrc = 0;
    std::uint32_t rtx_ssrc = 0;  // 0: the receiver negotiated no RTX; then lost packets stay lost
    std::uint8_t rtx_payload_type = 0;
    std::array<PayloadMapping, 4>
        payload_types{};    // entries with outgoing 0 are unused; other types are not forwarded
    rtp::ExtensionIds ids;  // of the receiver's SDP
    std::string mid;        // sent in every packet when not empty and negotiated
    std::uint16_t first_sequence_number = 0;
};

/// One receiver's subscription to a track: chooses, renames and rewrites its packets. Layers change
/// at key frames of the layer wanted, and the old one goes on until then; numbers, timestamps and
/// picture ids go on without a gap. No call allocates.
class Forwarder {
public:
    struct Figures {
        std::uint64_t packets = 0, bytes = 0, switches = 0, resent = 0, resend_refused = 0,
                      filled = 0, dropped = 0;
    };

    explicit Forwarder(const ForwarderOptions& options);

    /// Which layer the receiver should get (none: paused) and up to which temporal layer. While
    /// nothing flows, a key frame of `first` begins, too: a small one is there sooner.
    void select(std::optional<std::uint8_t> layer, std::uint8_t temporal = 2,
                std::optional<std::uint8_t> first = std::nullopt);
    /// Nothing flows until the next key frame, and what was lost before stays lost: the line does
    /// not carry what flows.
    void cut_off();
    /// Sound without its second copies (RED), for lines that are too thin for both.
    void go_plain(bool plain) { is_plain_ = plain; }
    bool is_plain() const { return is_plain_; }
    std::optional<std::uint8_t> selected() const { return target_; }
    /// The layer flowing now.
    std::optional<std::uint8_t> current() const { return current_; }
    /// The layer a key frame of which is needed to go on.
    std::optional<std::uint8_t> needs_key_frame() const;
    /// Another of which one would do, while nothing flows.
    std::optional<std::uint8_t> could_begin_with() const {
        return needs_key_frame() && !current_ ? first_ : std::nullopt;
    }

    /// A packet of Track::fresh(): none when this receiver does not get it.
    std::optional<ForwardedPacket> forward(const CachedPacket& packet, MutableBytes slot,
                                           const SendContext& context);
    /// The receiver lost this number: the packet again on the RTX stream, if it is known, not too
    /// old, and not asked too often.
    std::optional<ForwardedPacket> resend(std::uint16_t number, MutableBytes slot,
                                          const SendContext& context);
    /// A packet that only fills the line, for a probe: a recent one again on the RTX stream. None
    /// without RTX, or before anything was sent.
    std::optional<ForwardedPacket> padding(MutableBytes slot, const SendContext& context);

    /// Tells the receiver how the outgoing stream's clock relates to the publisher's, so that it
    /// keeps picture and sound of one publisher together; none until the publisher's sender report
    /// came.
    std::optional<rtp::rtcp::SenderReport> sender_report(const SendContext& context);
    /// The receiver's report on this stream; its round trip when it answers a sender report of
    /// ours.
    std::optional<Duration> receive_report(const rtp::rtcp::ReportBlock& block, Time now);

    std::uint8_t fraction_lost() const { return fraction_lost_; }  // of 256, from the last report
    Duration jitter() const { return jitter_; }
    const ForwarderOptions& options() const { return options_; }
    const Figures& figures() const { return figures_; }

private:
    struct Report {
        std::uint32_t middle = 0;
        Time sent;
    };
    bool may_switch_to(const CachedPacket& packet) const;
    std::optional<ForwardedPacket> forward_next(const CachedPacket& packet, MutableBytes slot,
                                                const SendContext& context);
    std::optional<ForwardedPacket> forward_late(const CachedPacket& packet, MutableBytes slot,
                                                const SendContext& context);
    void switch_to(const CachedPacket& packet, const SendContext& context);
    std::uint32_t timestamp_offset(const CachedPacket& packet, const SendContext& context) const;
    void follow_temporal(const CachedPacket& packet);
    bool is_wanted(const CachedPacket& packet, const Renaming& run) const;
    void leave_out(const CachedPacket& packet);
    bool take_budget(std::size_t size, const SendContext& context);
    const ForwarderOptions::PayloadMapping* mapping(std::uint8_t source) const;
    std::optional<Bytes> outgoing_payload(const CachedPacket& packet) const;
    bool sends_plain(const ForwarderOptions::PayloadMapping& mapping) const {
        return is_plain_ && mapping.plain != 0;
    }
    std::optional<ForwardedPacket> write(const CachedPacket& packet,
                                         const SequenceMap::Place& place, MutableBytes slot,
                                         const SendContext& context);
    std::optional<ForwardedPacket> fill(const CachedPacket& packet, const SequenceMap::Place& place,
                                        MutableBytes slot, const SendContext& context);
    std::optional<ForwardedPacket> write_rtx(const CachedPacket& packet,
                                             const SequenceMap::Place& place, MutableBytes slot,
                                             const SendContext& context);
    std::size_t write_header(const rtp::HeaderFields& fields, const CachedPacket& packet,
                             MutableBytes slot, std::size_t payload_size,
                             const SendContext& context);

    ForwarderOptions options_;
    bool one_byte_ids_;  // all negotiated ids fit the short form of header extensions
    std::optional<std::uint8_t> target_, first_, current_;
    bool is_plain_ = false;
    std::int64_t given_up_ = 0;  // outgoing numbers before it are not sent again
    std::uint8_t target_temporal_ = 2;
    SequenceMap map_;
    SentPackets sent_;
    std::uint16_t rtx_number_;
    std::array<std::int64_t, most_layers>
        next_source_{};  // behind the newest this receiver got of each layer
    // The newest packet in order, for continuity across layers.
    bool started_ = false;
    std::uint32_t last_timestamp_ = 0;
    Time last_arrival_{};
    std::uint16_t last_picture_id_ = 0;
    std::uint8_t last_tl0picidx_ = 0;
    std::uint8_t timed_layer_ = 0;  // the layer of the newest run, and its offset
    std::uint32_t timed_offset_ = 0;
    std::optional<std::uint16_t> left_out_picture_;
    std::int64_t padding_at_ = 0;
    double budget_ = 0;
    Time budget_at_{};
    std::array<Report, 4> reports_{};
    std::size_t next_report_ = 0;
    std::uint8_t fraction_lost_ = 0;
    Duration jitter_{};
    Figures figures_;
};

}  // namespace aula::sfu
