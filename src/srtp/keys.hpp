// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "srtp/session.hpp"

namespace aula::srtp {

/// The profile that DTLS negotiated (the numbers of RFC 5764 section 4.1.2 and RFC 7714
/// section 14.2).
constexpr std::optional<Profile> profile_of(std::uint16_t dtls_number) {
    switch (dtls_number) {
        case 0x0007:
            return Profile::aead_aes_128_gcm;
        case 0x0001:
            return Profile::aes128_cm_sha1_80;
        default:
            return std::nullopt;
    }
}

/// What one direction's RTP or RTCP is protected with; GCM uses 12 bytes of the salt and no
/// authentication key.
struct SessionKeys {
    std::array<std::uint8_t, 16> cipher{};
    std::array<std::uint8_t, 14> salt{};
    std::array<std::uint8_t, 20> authentication{};
};

/// RFC 3711 section 4.3 with a key derivation rate of zero. The salt has salt_size(profile) bytes.
SessionKeys derive_rtp_keys(Profile profile, Bytes master_key, Bytes master_salt);
SessionKeys derive_rtcp_keys(Profile profile, Bytes master_key, Bytes master_salt);

/// The AES-CM key stream for one label (RFC 3711 section 4.3.3).
void derive(std::uint8_t label, Bytes master_key, Bytes master_salt, MutableBytes out);

}  // namespace aula::srtp
