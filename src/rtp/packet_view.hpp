// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace aula::rtp {

enum class PacketError : std::uint8_t { size, version, csrc, extension, padding };

/// An RTP packet read in place (RFC 3550 section 5.1).
/// Borrows the datagram and must not outlive it. parse() checks every length,
/// so no accessor can fail.
class PacketView {
public:
    static Expected<PacketView, PacketError> parse(Bytes datagram);

    bool marker() const { return (datagram_[1] & 0x80) != 0; }
    std::uint8_t payload_type() const { return datagram_[1] & 0x7f; }
    std::uint16_t sequence_number() const { return load16(&datagram_[2]); }
    std::uint32_t timestamp() const { return load32(&datagram_[4]); }
    std::uint32_t ssrc() const { return load32(&datagram_[8]); }

    Bytes datagram() const { return datagram_; }
    Bytes payload() const { return payload_; }  // without padding; empty in a padding-only packet
    std::size_t header_size() const { return header_size_; }

    /// The header extension element with this id, in either form of RFC 8285; id 0 is never there.
    std::optional<Bytes> extension(std::uint8_t id) const;

private:
    friend class ExtensionReader;
    PacketView() = default;

    Bytes datagram_;
    Bytes extensions_;
    Bytes payload_;
    std::size_t header_size_ = 0;
    std::uint16_t extension_profile_ = 0;
};

/// All extension elements of a packet, in order, in one pass.
class ExtensionReader {
public:
    struct Element {
        std::uint8_t id;
        Bytes value;
    };

    explicit ExtensionReader(const PacketView& packet)
        : rest_(packet.extensions_), profile_(packet.extension_profile_) {}

    /// None at the end, and from the first element on that does not fit.
    std::optional<Element> next();

private:
    std::optional<Element> take(std::uint8_t id, std::size_t head, std::size_t size);

    Bytes rest_;
    std::uint16_t profile_;
};

// In-place writes into a packet that PacketView::parse() accepted.
inline void set_payload_type(MutableBytes packet, std::uint8_t type) {
    packet[1] = static_cast<std::uint8_t>((packet[1] & 0x80) | (type & 0x7f));
}
inline void set_sequence_number(MutableBytes packet, std::uint16_t number) {
    store16(&packet[2], number);
}
inline void set_timestamp(MutableBytes packet, std::uint32_t value) { store32(&packet[4], value); }
inline void set_ssrc(MutableBytes packet, std::uint32_t ssrc) { store32(&packet[8], ssrc); }

}  // namespace aula::rtp
