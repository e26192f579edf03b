// SPDX-License-Identifier: Apache-2.0
#include "srtp/keys.hpp"

#include <algorithm>

#include "base/expects.hpp"
#include "crypto/openssl.hpp"

namespace aula::srtp {
namespace {

SessionKeys derive_from(std::uint8_t first_label, Profile profile, Bytes master_key,
                        Bytes master_salt) {
    AULA_EXPECTS(master_key.size() == key_size(profile));
    AULA_EXPECTS(master_salt.size() == salt_size(profile));
    SessionKeys keys;
    derive(first_label, master_key, master_salt, keys.cipher);
    derive(static_cast<std::uint8_t>(first_label + 1), master_key, master_salt,
           keys.authentication);
    derive(static_cast<std::uint8_t>(first_label + 2), master_key, master_salt,
           MutableBytes(keys.salt).first(salt_size(profile)));
    return keys;
}

}  // namespace

void derive(std::uint8_t label, Bytes master_key, Bytes master_salt, MutableBytes out) {
    // x = label * 2^48 xor salt, and the counter block is x * 2^16. The 12 bytes of salt that GCM
    // has stand to the left, zeros behind them (RFC 7714 section 11).
    std::array<std::uint8_t, 16> block{};
    std::ranges::copy(master_salt, block.begin());
    block[7] ^= label;
    const crypto::CipherOwner cipher(EVP_CIPHER_CTX_new());
    AULA_EXPECTS(EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_ctr(), nullptr, master_key.data(),
                                    block.data()) == 1);
    std::ranges::fill(out, std::uint8_t{0});
    int size = 0;
    AULA_EXPECTS(EVP_EncryptUpdate(cipher.get(), out.data(), &size, out.data(),
                                   static_cast<int>(out.size())) == 1);
}

SessionKeys derive_rtp_keys(Profile profile, Bytes master_key, Bytes master_salt) {
    return derive_from(0, profile, master_key, master_salt);
}

SessionKeys derive_rtcp_keys(Profile profile, Bytes master_key, Bytes master_salt) {
    return derive_from(3, profile, master_key, master_salt);
}

}  // namespace aula::srtp
