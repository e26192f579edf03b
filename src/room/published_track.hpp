// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "sdp/answer.hpp"
#include "sdp/session.hpp"
#include "sfu/layer_choice.hpp"
#include "sfu/track.hpp"
#include "signal/livekit.pb.h"

namespace aula::room {

class Participant;
class Subscription;

/// A track somebody publishes: announced by add_track, flowing once a section of SDP carries it.
/// Owned by its room; participants and subscriptions point at it and are told before it goes.
class PublishedTrack {
public:
    PublishedTrack(std::uint32_t number, Participant& publisher,
                   const livekit::AddTrackRequest& request);

    /// The section that carries it was agreed on.
    void bind(const sdp::Media& answered);
    bool is_bound() const { return media.has_value(); }
    bool is_audio() const { return info.type() == livekit::AUDIO; }

    const std::string& sid() const { return info.sid(); }
    /// How we offer it to one receiver; ssrcs and mid are the receiver's.
    sdp::SendTrack as_sent() const;
    /// Sizes of the layers and whether packets of them come in.
    std::array<sfu::LayerShape, sfu::most_layers> shapes(Time now) const;
    std::uint8_t layer_count() const { return layer_count_; }

    const std::uint32_t number;  // the room's, never used again
    Participant& publisher;
    const std::string cid;
    const std::string requested_codec;  // "vp8"; empty: the client's first
    livekit::TrackInfo info;
    std::string mid;
    std::optional<sfu::Track> media;
    sdp::Codec codec;  // the publisher's preferred one of the section
    std::vector<sdp::Codec> codecs;
    std::vector<Subscription*> subscriptions;
    bool is_fresh = false;  // in the room's list of this turn
    bool subscribed_was_told = false;
    bool muted_by_server = false;

    // Dynacast: the highest layer anybody wants, as the publisher was told, and since when less
    // would do.
    std::optional<std::uint8_t> asked_layer;
    bool asked_any = true;
    std::optional<Time> less_since;

private:
    std::uint8_t layer_count_ = 1;
};

}  // namespace aula::room
