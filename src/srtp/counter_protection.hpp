// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/openssl.hpp"
#include "srtp/hmac_sha1.hpp"
#include "srtp/protection.hpp"

namespace aula::srtp {

/// AES_CM_128_HMAC_SHA1_80 (RFC 3711 sections 4.1.1 and 4.2.1), the profile every peer must have.
class CounterProtection final : public Protection {
public:
    explicit CounterProtection(const SessionKeys& keys);

    std::size_t tag_size() const override { return short_tag_size; }
    void seal_rtp(std::uint8_t* packet, std::size_t header_size, Bytes payload,
                  std::uint64_t index) override;
    bool open_rtp(MutableBytes packet, std::size_t header_size, std::uint64_t index) override;
    void seal_rtcp(std::uint8_t* packet, std::size_t size, std::uint32_t index) override;
    bool open_rtcp(MutableBytes packet) override;
    std::size_t index_word_at(std::size_t sealed_size) const override {
        return sealed_size - short_tag_size - index_word_size;
    }

private:
    static constexpr std::size_t short_tag_size = 10;

    void apply_key_stream(const std::uint8_t* ssrc, std::uint64_t index, Bytes in,
                          std::uint8_t* out);

    crypto::CipherOwner cipher_;
    HmacSha1 mac_;
    std::array<std::uint8_t, 14> salt_;
};

}  // namespace aula::srtp
