// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/bytes.hpp"
#include "crypto/openssl.hpp"
#include "srtp/engine.hpp"

namespace aula::srtp {

/// AES-128-GCM with a 12-byte nonce and a 16-byte tag under one key, by either engine. Input and
/// output may be the same bytes.
class Gcm {
public:
    using Nonce = std::array<std::uint8_t, 12>;
    static constexpr std::size_t tag_size = 16;

    Gcm(Bytes key, Engine engine);
    ~Gcm();
    Gcm(const Gcm&) = delete;
    Gcm& operator=(const Gcm&) = delete;

    /// Writes plain.size() bytes and the tag.
    void seal(const Nonce& nonce, Bytes associated, Bytes plain, std::uint8_t* out);
    /// sealed ends with the tag; writes the rest opened. False when forged.
    bool open(const Nonce& nonce, Bytes associated, Bytes sealed, std::uint8_t* out);

private:
    struct ExpandedKey;
    std::unique_ptr<ExpandedKey> ipsec_mb_;  // null when OpenSSL does the work
    crypto::CipherOwner openssl_;
};

}  // namespace aula::srtp
