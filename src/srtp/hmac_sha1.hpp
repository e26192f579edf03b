// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "base/bytes.hpp"

namespace aula::srtp {

/// HMAC-SHA1 under one key. The key's two blocks are hashed once, and a message costs no
/// allocation, which OpenSSL's EVP_MAC needs three of.
class HmacSha1 {
public:
    using Tag = std::array<std::uint8_t, 20>;

    explicit HmacSha1(const std::array<std::uint8_t, 20>& key);
    ~HmacSha1();
    HmacSha1(const HmacSha1&) = delete;
    HmacSha1& operator=(const HmacSha1&) = delete;

    /// Over both parts one behind the other.
    Tag compute(Bytes first, Bytes second) const;

private:
    // An SHA_CTX each, whose type only the .cpp knows.
    struct alignas(8) Midstate {
        std::array<std::byte, 96> bytes;
    };
    Midstate inner_;
    Midstate outer_;
};

}  // namespace aula::srtp
