// SPDX-License-Identifier: Apache-2.0
#include "sfu/stream_table.hpp"

#include <algorithm>

#include "sfu/track.hpp"

namespace aula::sfu {

namespace {

std::optional<std::uint8_t> layer_in(const Section& section, std::string_view rid) {
    const auto found = std::find(section.rids.begin(), section.rids.end(), rid);
    if (found == section.rids.end()) return std::nullopt;
    if (const auto layer = layer_of_rid(rid)) return layer;
    const auto place = static_cast<std::size_t>(found - section.rids.begin());
    return place < most_layers ? std::optional(static_cast<std::uint8_t>(place)) : std::nullopt;
}

bool is_rtx_type(const Section& section, std::uint8_t payload_type) {
    return std::any_of(section.retransmissions.begin(), section.retransmissions.end(),
                       [&](const auto& rtx) { return rtx.payload_type == payload_type; });
}

bool has_type(const Section& section, std::uint8_t payload_type) {
    const auto& types = section.payload_types;
    return is_rtx_type(section, payload_type) ||
           std::find(types.begin(), types.end(), payload_type) != types.end();
}

}  // namespace

std::optional<std::uint8_t> layer_of_rid(std::string_view rid) {
    if (rid == "q") return std::uint8_t{0};
    if (rid == "h") return std::uint8_t{1};
    if (rid == "f") return std::uint8_t{2};
    return std::nullopt;
}

std::uint8_t StreamTable::Stream::original_type(std::uint8_t payload_type) const {
    for (const auto& pair : retransmissions) {
        if (pair.payload_type == payload_type) return pair.original;
    }
    return 0;
}

void StreamTable::declare(Section section) {
    auto known = std::find_if(sections_.begin(), sections_.end(),
                              [&](const Section& s) { return s.mid == section.mid; });
    if (known == sections_.end()) {
        known = sections_.insert(known, std::move(section));
    } else {
        if (known->track != section.track) {
            std::erase_if(streams_, [&](const Stream& s) { return s.track == known->track; });
        }
        *known = std::move(section);
    }
    if (known->ssrc != 0) add(*known, known->ssrc, 0, false);
    if (known->rtx_ssrc != 0) add(*known, known->rtx_ssrc, 0, true);
}

void StreamTable::remove_track(std::uint32_t track) {
    std::erase_if(sections_, [&](const Section& s) { return s.track == track; });
    std::erase_if(streams_, [&](const Stream& s) { return s.track == track; });
}

const StreamTable::Stream* StreamTable::find(std::uint32_t ssrc) const {
    const auto at =
        std::lower_bound(streams_.begin(), streams_.end(), ssrc,
                         [](const Stream& s, std::uint32_t value) { return s.ssrc < value; });
    return at != streams_.end() && at->ssrc == ssrc ? &*at : nullptr;
}

const StreamTable::Stream* StreamTable::find(const rtp::PacketView& packet) {
    if (const Stream* known = find(packet.ssrc())) return known;
    return learn(packet);
}

/// RFC 9143 section 9.2: by MID, else by a payload type that only one section has.
const Section* StreamTable::section_of(const rtp::PacketView& packet) const {
    if (const auto mid = packet.extension(ids_.mid)) {
        const auto found = std::find_if(sections_.begin(), sections_.end(),
                                        [&](const Section& s) { return s.mid == text_of(*mid); });
        return found == sections_.end() ? nullptr : &*found;
    }
    const Section* only = nullptr;
    for (const Section& section : sections_) {
        if (!has_type(section, packet.payload_type())) continue;
        if (only) return nullptr;
        only = &section;
    }
    return only;
}

const StreamTable::Stream* StreamTable::learn(const rtp::PacketView& packet) {
    const Section* section = section_of(packet);
    if (!section) return nullptr;
    if (section->rids.empty()) {
        return add(*section, packet.ssrc(), 0, is_rtx_type(*section, packet.payload_type()));
    }
    const auto repaired = packet.extension(ids_.repaired_rid);
    const auto rid = repaired ? repaired : packet.extension(ids_.rid);
    if (!rid) return nullptr;
    const auto layer = layer_in(*section, text_of(*rid));
    return layer ? add(*section, packet.ssrc(), *layer, repaired.has_value()) : nullptr;
}

const StreamTable::Stream* StreamTable::add(const Section& section, std::uint32_t ssrc,
                                            std::uint8_t layer, bool rtx) {
    auto at = std::lower_bound(streams_.begin(), streams_.end(), ssrc,
                               [](const Stream& s, std::uint32_t value) { return s.ssrc < value; });
    if (at == streams_.end() || at->ssrc != ssrc) {
        if (streams_.size() == most_streams) return nullptr;
        at = streams_.insert(at, Stream{});
    }
    *at = Stream{ssrc, section.track, layer, rtx, {}};
    const std::size_t kept = std::min(section.retransmissions.size(), at->retransmissions.size());
    std::copy_n(section.retransmissions.begin(), kept, at->retransmissions.begin());
    return &*at;
}

}  // namespace aula::sfu
