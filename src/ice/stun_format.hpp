// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.hpp"

/// Numbers of RFC 8489 and RFC 8445 that reader and writer share.
namespace aula::ice::stun_format {

constexpr std::size_t header_size = 20;
constexpr std::size_t attribute_header_size = 4;
constexpr std::uint32_t magic_cookie = 0x2112A442;
constexpr std::size_t integrity_size = 20;
constexpr std::uint32_t fingerprint_mask = 0x5354554e;  // "STUN", RFC 8489 section 14.7

enum Attribute : std::uint16_t {
    username = 0x0006,
    message_integrity = 0x0008,
    error_code = 0x0009,
    unknown_attributes = 0x000a,
    xor_mapped_address = 0x0020,
    priority = 0x0024,
    use_candidate = 0x0025,
    fingerprint = 0x8028,
    ice_controlled = 0x8029,
    ice_controlling = 0x802a,
};

/// The CRC-32 of ITU V.42, as FINGERPRINT wants it.
std::uint32_t crc32(Bytes bytes);

constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

}  // namespace aula::ice::stun_format
