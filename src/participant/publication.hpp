// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "participant/outgoing_stream.hpp"
#include "sdp/session.hpp"
#include "signal/livekit.pb.h"

namespace aula::participant {

/// A layer a publisher may send; a track without simulcast has one, without a rid.
struct PublishedLayer {
    std::string rid;
    std::uint32_t width = 0, height = 0, bits_a_second = 0;
};

struct PublishOptions {
    std::string name;
    livekit::TrackSource source = livekit::MICROPHONE;
    std::vector<PublishedLayer> layers;  // video, lowest first; empty: audio
    bool muted = false;
};

/// A track of ours. Owned by its Client; its streams flow once the server's answer took its
/// section.
class Publication {
public:
    Publication(std::string cid, PublishOptions options);

    bool is_audio() const { return options_.layers.empty(); }
    const std::string& cid() const { return cid_; }
    const std::string& sid() const { return sid_; }  // empty until the server said it
    std::size_t layers() const { return streams_.size(); }

    /// Whether packets of this layer would reach anybody now.
    bool wants(std::size_t layer) const;
    /// Asked for by a receiver since the last call.
    bool take_key_frame_request(std::size_t layer);
    /// Sends a packet of one layer; nothing happens while the layer is not wanted.
    void send(std::size_t layer, const OutgoingPacket& packet, Time now);

    std::uint64_t packets_sent() const;
    std::uint64_t packets_resent() const;

private:
    friend class Client;
    struct Stream {
        std::unique_ptr<OutgoingStream> outgoing;  // null until the answer
        std::uint32_t ssrc = 0;
        std::uint32_t rtx_ssrc = 0;
        bool wanted = true;  // dynacast
        bool key_frame_requested = false;
    };

    livekit::AddTrackRequest announcement() const;
    sdp::Media section(const std::string& cname) const;
    void start(const sdp::Media& answered, transport::Transport& transport,
               std::uint16_t& transport_number);
    void set_wanted(const livekit::SubscribedQualityUpdate& update);
    bool on_nack(const rtp::rtcp::Nack& nack);
    bool on_key_frame_request(std::uint32_t ssrc);

    const std::string cid_;
    PublishOptions options_;
    std::string sid_;
    std::string mid_;
    bool muted_;
    std::vector<Stream> streams_;
};

}  // namespace aula::participant
