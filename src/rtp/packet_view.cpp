// SPDX-License-Identifier: Apache-2.0
#include "rtp/packet_view.hpp"

namespace aula::rtp {

namespace {
constexpr std::size_t fixed_header_size = 12;
constexpr std::uint16_t one_byte_profile = 0xbede;  // RFC 8285 section 4.2
constexpr std::uint16_t two_byte_profile =
    0x1000;  // section 4.3; the low four bits are the application's
}  // namespace

Expected<PacketView, PacketError> PacketView::parse(Bytes datagram) {
    if (datagram.size() < fixed_header_size) return fail(PacketError::size);
    if (datagram[0] >> 6 != 2) return fail(PacketError::version);
    const bool has_padding = (datagram[0] & 0x20) != 0;
    const bool has_extension = (datagram[0] & 0x10) != 0;
    const std::size_t csrc_size = 4 * std::size_t{datagram[0] & 0x0fu};

    PacketView view;
    view.datagram_ = datagram;
    Bytes rest = datagram.subspan(fixed_header_size);
    if (rest.size() < csrc_size) return fail(PacketError::csrc);
    rest = rest.subspan(csrc_size);
    if (has_extension) {
        if (rest.size() < 4) return fail(PacketError::extension);
        view.extension_profile_ = load16(rest.data());
        const std::size_t size = 4 * std::size_t{load16(&rest[2])};
        if (rest.size() - 4 < size) return fail(PacketError::extension);
        view.extensions_ = rest.subspan(4, size);
        rest = rest.subspan(4 + size);
    }
    view.header_size_ = datagram.size() - rest.size();
    if (has_padding) {
        // The last octet counts itself (RFC 3550 section 5.1), so zero is malformed.
        if (rest.empty() || rest.back() == 0 || rest.back() > rest.size()) {
            return fail(PacketError::padding);
        }
        rest = rest.first(rest.size() - rest.back());
    }
    view.payload_ = rest;
    return view;
}

std::optional<Bytes> PacketView::extension(std::uint8_t id) const {
    if (id == 0) return std::nullopt;
    ExtensionReader reader(*this);
    while (const auto element = reader.next()) {
        if (element->id == id) return element->value;
    }
    return std::nullopt;
}

std::optional<ExtensionReader::Element> ExtensionReader::next() {
    const bool one_byte = profile_ == one_byte_profile;
    if (!one_byte && (profile_ & 0xfff0) != two_byte_profile) return std::nullopt;
    while (!rest_.empty() && rest_[0] == 0) rest_ = rest_.subspan(1);  // padding
    if (rest_.empty()) return std::nullopt;
    if (one_byte) {
        const auto id = static_cast<std::uint8_t>(rest_[0] >> 4);
        if (id == 15) rest_ = {};  // stop here (section 4.2)
        return id == 15 ? std::nullopt : take(id, 1, std::size_t{rest_[0] & 0x0fu} + 1);
    }
    if (rest_.size() < 2) return std::nullopt;
    return take(rest_[0], 2, rest_[1]);
}

std::optional<ExtensionReader::Element> ExtensionReader::take(std::uint8_t id, std::size_t head,
                                                              std::size_t size) {
    if (rest_.size() < head + size) {
        rest_ = {};
        return std::nullopt;
    }
    const Element element{id, rest_.subspan(head, size)};
    rest_ = rest_.subspan(head + size);
    return element;
}

}  // namespace aula::rtp
