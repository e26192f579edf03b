// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rtp/extensions.hpp"
#include "rtp/packet_view.hpp"

namespace aula::sfu {

/// LiveKit's rids, by name: q, h, f are layers 0, 1, 2.
std::optional<std::uint8_t> layer_of_rid(std::string_view rid);

/// What one section of the publisher's SDP says about where its packets belong.
struct Section {
    struct Retransmission {
        std::uint8_t payload_type;
        std::uint8_t original;  // its apt
    };
    std::string mid;
    std::uint32_t track = 0;        // the owner's number for it
    std::vector<std::string> rids;  // simulcast; unknown names become layers by their place
    std::vector<std::uint8_t> payload_types;  // for senders without mid and a=ssrc
    std::vector<Retransmission> retransmissions;
    std::uint32_t ssrc = 0, rtx_ssrc = 0;  // from a=ssrc lines, 0 where there are none
};

/// Finds track and layer of a publisher's packets: by SSRC, learnt from SDP or from the mid and rid
/// extensions.
class StreamTable {
public:
    static constexpr std::size_t most_streams = 256;

    struct Stream {
        std::uint32_t ssrc = 0;
        std::uint32_t track = 0;
        std::uint8_t layer = 0;
        bool rtx = false;
        /// Of the original, where rtx.
        std::array<Section::Retransmission, 4> retransmissions{};
        std::uint8_t original_type(std::uint8_t payload_type) const;  // 0: unknown
    };

    void set_extension_ids(const rtp::ExtensionIds& ids) { ids_ = ids; }
    /// Replaces what was known of this mid.
    void declare(Section section);
    void remove_track(std::uint32_t track);

    /// Null: not ours, or not yet to be told (the extensions come on the first packets only).
    const Stream* find(const rtp::PacketView& packet);
    const Stream* find(std::uint32_t ssrc) const;

private:
    const Stream* learn(const rtp::PacketView& packet);
    const Section* section_of(const rtp::PacketView& packet) const;
    const Stream* add(const Section& section, std::uint32_t ssrc, std::uint8_t layer, bool rtx);

    rtp::ExtensionIds ids_;
    std::vector<Section> sections_;
    std::vector<Stream> streams_;  // sorted by SSRC
};

}  // namespace aula::sfu
