// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "srtp/gcm.hpp"
#include "srtp/protection.hpp"

namespace aula::srtp {

/// AEAD_AES_128_GCM (RFC 7714).
class GcmProtection final : public Protection {
public:
    GcmProtection(const SessionKeys& keys, Engine engine);

    std::size_t tag_size() const override { return Gcm::tag_size; }
    void seal_rtp(std::uint8_t* packet, std::size_t header_size, Bytes payload,
                  std::uint64_t index) override;
    bool open_rtp(MutableBytes packet, std::size_t header_size, std::uint64_t index) override;
    void seal_rtcp(std::uint8_t* packet, std::size_t size, std::uint32_t index) override;
    bool open_rtcp(MutableBytes packet) override;
    std::size_t index_word_at(std::size_t sealed_size) const override {
        return sealed_size - index_word_size;
    }

private:
    Gcm::Nonce nonce(const std::uint8_t* ssrc, std::uint64_t index) const;

    Gcm gcm_;
    Gcm::Nonce salt_{};
};

}  // namespace aula::srtp
