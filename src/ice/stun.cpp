// SPDX-License-Identifier: Apache-2.0
#include "ice/stun.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "ice/stun_format.hpp"

namespace aula::ice {

using namespace stun_format;

Expected<StunMessage, StunError> StunMessage::parse(Bytes datagram) {
    if (datagram.size() < header_size) return fail(StunError::size);
    const std::uint16_t type = load16(datagram.data());
    if ((type & 0xc000) != 0) return fail(StunError::type);
    if (load32(datagram.data() + 4) != magic_cookie) return fail(StunError::cookie);
    const std::size_t length = load16(datagram.data() + 2);
    if (length % 4 != 0 || length != datagram.size() - header_size) return fail(StunError::length);

    StunMessage message;
    message.bytes_ = datagram;
    // The class bits lie between the method's bits (RFC 8489 section 5, figure 3).
    message.class_ = static_cast<StunClass>(((type >> 7) & 2) | ((type >> 4) & 1));
    message.method_ =
        static_cast<std::uint16_t>((type & 0xf) | ((type & 0xe0) >> 1) | ((type & 0x3e00) >> 2));
    if (auto read = message.read_attributes(); !read) return fail(read.error());
    return message;
}

TransactionId StunMessage::transaction() const {
    TransactionId id;
    std::copy_n(bytes_.begin() + 8, id.size(), id.begin());
    return id;
}

Expected<void, StunError> StunMessage::read_attributes() {
    std::size_t at = header_size;
    while (at < bytes_.size()) {
        // The length is a multiple of four, so an attribute's header always fits.
        const std::uint16_t type = load16(bytes_.data() + at);
        const std::size_t size = load16(bytes_.data() + at + 2);
        const std::size_t value_at = at + attribute_header_size;
        if (has_fingerprint_)
            return fail(StunError::attribute);  // it is the last one, section 14.7
        if (padded(size) > bytes_.size() - value_at) return fail(StunError::attribute);
        auto read = read_attribute(type, at, bytes_.subspan(value_at, size));
        if (!read) return read;
        at = value_at + padded(size);
    }
    return {};
}

Expected<void, StunError> StunMessage::read_attribute(std::uint16_t type, std::size_t at,
                                                      Bytes value) {
    if (type == Attribute::fingerprint) {
        if (!check_fingerprint(at, value)) return fail(StunError::fingerprint);
        has_fingerprint_ = true;
        return {};
    }
    if (has_integrity()) return {};  // RFC 8489 section 14.5: to be ignored
    if (type == Attribute::message_integrity) {
        if (value.size() != integrity_size) return fail(StunError::attribute);
        integrity_at_ = at;
        return {};
    }
    return read_known(type, value);
}

Expected<void, StunError> StunMessage::read_known(std::uint16_t type, Bytes value) {
    const auto need = [&](bool right) -> Expected<void, StunError> {
        if (!right) return fail(StunError::attribute);
        return {};
    };
    const auto once = [](auto& field, auto given) {
        if (!field) field = given;
    };
    switch (type) {
        case Attribute::username:
            once(username_, text_of(value));
            return need(value.size() <=
                        513);  // RFC 8489 section 14.3: less than 509, ICE may need more
        case Attribute::priority:
            if (value.size() == 4) once(priority_, load32(value.data()));
            return need(value.size() == 4);
        case Attribute::ice_controlling:
            if (value.size() == 8) once(controlling_, load64(value.data()));
            return need(value.size() == 8);
        case Attribute::ice_controlled:
            if (value.size() == 8) once(controlled_, load64(value.data()));
            return need(value.size() == 8);
        case Attribute::use_candidate:
            use_candidate_ = true;
            return {};
        case Attribute::xor_mapped_address:
            return need(mapped_address_ || read_mapped_address(value));
        case Attribute::error_code:
            if (value.size() < 4) return need(false);
            once(error_code_, static_cast<std::uint16_t>((value[2] & 7) * 100 + value[3]));
            return {};
        default:
            if (type < 0x8000 && type != Attribute::unknown_attributes &&
                unknown_count_ < unknown_.size()) {
                unknown_[unknown_count_++] = type;
            }
            return {};
    }
}

bool StunMessage::read_mapped_address(Bytes value) {
    if (value.size() != 8 && value.size() != 20) return false;
    const auto port = static_cast<std::uint16_t>(load16(value.data() + 2) ^ (magic_cookie >> 16));
    if (value[1] == 1 && value.size() == 8) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(load32(value.data() + 4) ^ magic_cookie);
        mapped_address_ = net::Address(reinterpret_cast<sockaddr*>(&address), sizeof address);
        return true;
    }
    if (value[1] != 2 || value.size() != 20) return false;
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    // The mask is the cookie and the transaction id, which follow each other in the header.
    for (std::size_t i = 0; i < 16; ++i)
        address.sin6_addr.s6_addr[i] = value[4 + i] ^ bytes_[4 + i];
    mapped_address_ = net::Address(reinterpret_cast<sockaddr*>(&address), sizeof address);
    return true;
}

bool StunMessage::check_fingerprint(std::size_t at, Bytes value) {
    return value.size() == 4 &&
           load32(value.data()) == (crc32(bytes_.first(at)) ^ fingerprint_mask);
}

bool StunMessage::is_signed_with(std::string_view password) const {
    if (!has_integrity()) return false;
    // The length field counts up to MESSAGE-INTEGRITY, whatever follows it (RFC 8489 section 14.5).
    Buffer covered(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(integrity_at_));
    store16(covered.data() + 2, static_cast<std::uint16_t>(integrity_at_ + attribute_header_size +
                                                           integrity_size - header_size));
    const Buffer expected = crypto::hmac(crypto::HashKind::sha1, bytes_of(password), covered);
    return crypto::equal_in_constant_time(
        expected, bytes_.subspan(integrity_at_ + attribute_header_size, integrity_size));
}

}  // namespace aula::ice
