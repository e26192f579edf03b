// SPDX-License-Identifier: Apache-2.0
#include "srtp/gcm_protection.hpp"

#include <algorithm>

namespace aula::srtp {
namespace {

// What RFC 7714 section 9.2 authenticates of an encrypted SRTCP packet beside the ciphertext.
std::array<std::uint8_t, 12> rtcp_associated(const std::uint8_t* packet, std::uint32_t word) {
    std::array<std::uint8_t, 12> associated{};
    std::copy_n(packet, rtcp_header_size, associated.begin());
    store32(&associated[rtcp_header_size], word);
    return associated;
}

}  // namespace

GcmProtection::GcmProtection(const SessionKeys& keys, Engine engine) : gcm_(keys.cipher, engine) {
    std::copy_n(keys.salt.begin(), salt_.size(), salt_.begin());
}

// Two zero bytes, SSRC, 48 bits of index, xor the salt (RFC 7714 sections 8.1 and 9.1; an SRTCP
// index is the same with its upper 17 bits zero).
Gcm::Nonce GcmProtection::nonce(const std::uint8_t* ssrc, std::uint64_t index) const {
    Gcm::Nonce made = salt_;
    for (std::size_t i = 0; i < 4; ++i) made[2 + i] ^= ssrc[i];
    for (std::size_t i = 0; i < 6; ++i) {
        made[6 + i] ^= static_cast<std::uint8_t>(index >> (40 - 8 * i));
    }
    return made;
}

void GcmProtection::seal_rtp(std::uint8_t* packet, std::size_t header_size, Bytes payload,
                             std::uint64_t index) {
    gcm_.seal(nonce(packet + 8, index), {packet, header_size}, payload, packet + header_size);
}

bool GcmProtection::open_rtp(MutableBytes packet, std::size_t header_size, std::uint64_t index) {
    return gcm_.open(nonce(packet.data() + 8, index), packet.first(header_size),
                     packet.subspan(header_size), packet.data() + header_size);
}

void GcmProtection::seal_rtcp(std::uint8_t* packet, std::size_t size, std::uint32_t index) {
    const std::uint32_t word = encrypted_flag | index;
    std::uint8_t* body = packet + rtcp_header_size;
    gcm_.seal(nonce(packet + 4, index), rtcp_associated(packet, word),
              {body, size - rtcp_header_size}, body);
    store32(packet + size + Gcm::tag_size, word);
}

bool GcmProtection::open_rtcp(MutableBytes packet) {
    const std::size_t at = index_word_at(packet.size());
    const std::uint32_t word = load32(&packet[at]);
    std::uint8_t* body = packet.data() + rtcp_header_size;
    return gcm_.open(nonce(packet.data() + 4, word & ~encrypted_flag),
                     rtcp_associated(packet.data(), word), {body, at - rtcp_header_size}, body);
}

}  // namespace aula::srtp
