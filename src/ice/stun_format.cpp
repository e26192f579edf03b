// SPDX-License-Identifier: Apache-2.0
#include "ice/stun_format.hpp"

#include <array>

namespace aula::ice::stun_format {

namespace {

constexpr std::array<std::uint32_t, 256> crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1) != 0 ? (value >> 1) ^ 0xedb88320U : value >> 1;
        }
        table[byte] = value;
    }
    return table;
}();

}  // namespace

std::uint32_t crc32(Bytes bytes) {
    std::uint32_t crc = ~std::uint32_t{0};
    for (const std::uint8_t byte : bytes) crc = crc_table[(crc ^ byte) & 0xff] ^ (crc >> 8);
    return ~crc;
}

}  // namespace aula::ice::stun_format
