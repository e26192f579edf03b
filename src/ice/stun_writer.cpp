// SPDX-License-Identifier: Apache-2.0
#include "ice/stun_writer.hpp"

#include <algorithm>
#include <cstddef>

#include "base/expects.hpp"
#include "crypto/hash.hpp"
#include "ice/stun_format.hpp"

namespace aula::ice {

using namespace stun_format;

StunWriter::StunWriter(StunClass message_class, const TransactionId& transaction)
    : size_(header_size) {
    const auto bits = static_cast<unsigned>(message_class);
    store16(bytes_.data(),
            static_cast<std::uint16_t>(((bits & 2) << 7) | ((bits & 1) << 4) | binding_method));
    store32(bytes_.data() + 4, magic_cookie);
    std::copy(transaction.begin(), transaction.end(), bytes_.begin() + 8);
}

std::uint8_t* StunWriter::attribute(std::uint16_t type, std::size_t size) {
    AULA_EXPECTS(size_ + attribute_header_size + padded(size) <= bytes_.size());
    std::uint8_t* at = bytes_.data() + size_;
    store16(at, type);
    store16(at + 2, static_cast<std::uint16_t>(size));
    size_ += attribute_header_size + padded(size);
    return at + attribute_header_size;
}

void StunWriter::username(std::string_view name) {
    AULA_EXPECTS(name.size() <= username_limit);
    std::copy(name.begin(), name.end(), attribute(Attribute::username, name.size()));
}

void StunWriter::priority(std::uint32_t value) {
    store32(attribute(Attribute::priority, 4), value);
}

void StunWriter::use_candidate() { attribute(Attribute::use_candidate, 0); }

void StunWriter::ice_controlling(std::uint64_t tie_breaker) {
    store64(attribute(Attribute::ice_controlling, 8), tie_breaker);
}

void StunWriter::ice_controlled(std::uint64_t tie_breaker) {
    store64(attribute(Attribute::ice_controlled, 8), tie_breaker);
}

void StunWriter::mapped_address(const net::Address& address) {
    const bool v6 = address.is_ipv6();
    const auto* ip = reinterpret_cast<const std::uint8_t*>(address.raw()) +
                     (v6 ? offsetof(sockaddr_in6, sin6_addr) : offsetof(sockaddr_in, sin_addr));
    const std::size_t ip_size = v6 ? 16 : 4;
    std::uint8_t* value = attribute(Attribute::xor_mapped_address, 4 + ip_size);
    value[1] = v6 ? 2 : 1;
    store16(value + 2, static_cast<std::uint16_t>(address.port() ^ (magic_cookie >> 16)));
    for (std::size_t i = 0; i < ip_size; ++i) value[4 + i] = ip[i] ^ bytes_[4 + i];
}

void StunWriter::error(StunErrorCode code) {
    std::uint8_t* value = attribute(Attribute::error_code, 4);  // the reason phrase may be empty
    const auto number = static_cast<unsigned>(code);
    value[2] = static_cast<std::uint8_t>(number / 100);
    value[3] = static_cast<std::uint8_t>(number % 100);
}

void StunWriter::unknown_attributes(std::span<const std::uint16_t> types) {
    std::uint8_t* value = attribute(Attribute::unknown_attributes, 2 * types.size());
    for (std::size_t i = 0; i < types.size(); ++i) store16(value + 2 * i, types[i]);
}

void StunWriter::set_length(std::size_t body) {
    store16(bytes_.data() + 2, static_cast<std::uint16_t>(body));
}

Bytes StunWriter::finish(std::string_view password) {
    if (!password.empty()) {
        const Bytes covered(bytes_.data(), size_);
        set_length(size_ - header_size + attribute_header_size + integrity_size);
        const Buffer tag = crypto::hmac(crypto::HashKind::sha1, bytes_of(password), covered);
        std::copy(tag.begin(), tag.end(), attribute(Attribute::message_integrity, integrity_size));
    }
    const Bytes covered(bytes_.data(), size_);
    set_length(size_ - header_size + attribute_header_size + 4);
    const std::uint32_t crc = crc32(covered) ^ fingerprint_mask;
    store32(attribute(Attribute::fingerprint, 4), crc);
    return {bytes_.data(), size_};
}

StunWriter refusal_of(const StunMessage& request, StunErrorCode code) {
    StunWriter reply(StunClass::error, request.transaction());
    reply.error(code);
    if (code == StunErrorCode::unknown_attribute) {
        reply.unknown_attributes(request.unknown_required());
    }
    return reply;
}

}  // namespace aula::ice
