// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/time.hpp"
#include "rtp/rtcp.hpp"
#include "sdp/session.hpp"
#include "sfu/allocator.hpp"
#include "sfu/forwarder.hpp"
#include "sfu/layer_choice.hpp"

namespace aula::room {

class PeerConnection;
class PublishedTrack;
class Participant;

/// One receiver's share in one track. Waits for a section of its peer connection, then forwards.
/// Owned by the subscriber; unlinks itself from the track when it dies.
class Subscription {
public:
    Subscription(PublishedTrack& track, Participant& subscriber);
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

    /// Our half of the section was agreed on: packets may flow.
    void start(const sdp::Media& section);
    bool is_started() const { return forwarder_.has_value(); }

    /// Packets of the track that came in this turn; returns how many went out.
    std::size_t forward_fresh(std::span<const sfu::CachedPacket* const> packets, Time now);
    void resend(std::uint16_t number, Time now);
    /// The receiver lost a picture for good.
    void want_key_frame();
    void receive_report(const rtp::rtcp::ReportBlock& block, Time now);

    /// What the allocator needs to know; none for tracks that do not flow.
    std::optional<sfu::Allocation> wish(Time now, bool publisher_speaks) const;
    /// budget: what the subscriber's line takes in all.
    void allot(const sfu::Allocation& allocation, BitRate budget);
    std::optional<rtp::rtcp::SenderReport> sender_report(Time now);
    /// Fills the line with at most this many bytes; returns how many went out.
    std::size_t fill(std::size_t bytes, Time now);

    PublishedTrack& track;
    Participant& subscriber;
    const std::uint32_t ssrc;
    const std::uint32_t rtx_ssrc;
    std::string mid;  // empty: waits for a section
    sfu::ViewerWish viewer;
    std::uint32_t priority = 0;  // from track_setting; 0: by source
    bool reduced = false;        // gets less than it wants for lack of bandwidth
    bool refused = false;        // no section of this client can carry the codec
    bool state_told_paused = false;
    bool paused = false;

    const sfu::Forwarder* forwarder() const { return forwarder_ ? &*forwarder_ : nullptr; }

private:
    void want_key_frames();

    std::optional<sfu::Forwarder> forwarder_;
};

}  // namespace aula::room
