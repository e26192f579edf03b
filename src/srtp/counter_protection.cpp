// SPDX-License-Identifier: Apache-2.0
#include "srtp/counter_protection.hpp"

#include <algorithm>

#include "base/expects.hpp"
#include "crypto/hash.hpp"

namespace aula::srtp {
namespace {

std::array<std::uint8_t, 4> rollover_counter_of(std::uint64_t index) {
    std::array<std::uint8_t, 4> bytes{};
    store32(bytes.data(), static_cast<std::uint32_t>(index >> 16));
    return bytes;
}

}  // namespace

CounterProtection::CounterProtection(const SessionKeys& keys)
    : cipher_(EVP_CIPHER_CTX_new()), mac_(keys.authentication), salt_(keys.salt) {
    AULA_EXPECTS(EVP_EncryptInit_ex(cipher_.get(), EVP_aes_128_ctr(), nullptr, keys.cipher.data(),
                                    nullptr) == 1);
}

// The counter block is salt * 2^16 xor SSRC * 2^64 xor index * 2^16 (RFC 3711 section 4.1.1).
void CounterProtection::apply_key_stream(const std::uint8_t* ssrc, std::uint64_t index, Bytes in,
                                         std::uint8_t* out) {
    std::array<std::uint8_t, 16> block{};
    std::ranges::copy(salt_, block.begin());
    for (std::size_t i = 0; i < 4; ++i) block[4 + i] ^= ssrc[i];
    for (std::size_t i = 0; i < 6; ++i) {
        block[8 + i] ^= static_cast<std::uint8_t>(index >> (40 - 8 * i));
    }
    int written = 0;
    AULA_EXPECTS(EVP_EncryptInit_ex(cipher_.get(), nullptr, nullptr, nullptr, block.data()) == 1);
    AULA_EXPECTS(in.empty() || EVP_EncryptUpdate(cipher_.get(), out, &written, in.data(),
                                                 static_cast<int>(in.size())) == 1);
}

void CounterProtection::seal_rtp(std::uint8_t* packet, std::size_t header_size, Bytes payload,
                                 std::uint64_t index) {
    apply_key_stream(packet + 8, index, payload, packet + header_size);
    const std::size_t size = header_size + payload.size();
    const auto tag = mac_.compute({packet, size}, rollover_counter_of(index));
    std::copy_n(tag.begin(), short_tag_size, packet + size);
}

bool CounterProtection::open_rtp(MutableBytes packet, std::size_t header_size,
                                 std::uint64_t index) {
    const auto sealed = packet.first(packet.size() - short_tag_size);
    const auto tag = mac_.compute(sealed, rollover_counter_of(index));
    if (!crypto::equal_in_constant_time(Bytes(tag).first(short_tag_size),
                                        packet.last(short_tag_size))) {
        return false;
    }
    const auto payload = sealed.subspan(header_size);
    apply_key_stream(packet.data() + 8, index, payload, payload.data());
    return true;
}

void CounterProtection::seal_rtcp(std::uint8_t* packet, std::size_t size, std::uint32_t index) {
    std::uint8_t* body = packet + rtcp_header_size;
    apply_key_stream(packet + 4, index, {body, size - rtcp_header_size}, body);
    store32(packet + size, encrypted_flag | index);
    const auto tag = mac_.compute({packet, size + index_word_size}, {});
    std::copy_n(tag.begin(), short_tag_size, packet + size + index_word_size);
}

bool CounterProtection::open_rtcp(MutableBytes packet) {
    const auto tag = mac_.compute(packet.first(packet.size() - short_tag_size), {});
    if (!crypto::equal_in_constant_time(Bytes(tag).first(short_tag_size),
                                        packet.last(short_tag_size))) {
        return false;
    }
    const std::size_t at = index_word_at(packet.size());
    const auto body = packet.subspan(rtcp_header_size, at - rtcp_header_size);
    apply_key_stream(packet.data() + 4, load32(&packet[at]) & ~encrypted_flag, body, body.data());
    return true;
}

}  // namespace aula::srtp
