// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.hpp"

#include <array>
#include <string_view>

#include <openssl/rand.h>

#include "base/expects.hpp"

namespace aula::crypto {

void random_fill(MutableBytes bytes) {
    if (bytes.empty()) return;
    AULA_EXPECTS(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
}

std::uint32_t random32() {
    std::array<std::uint8_t, 4> bytes{};
    random_fill(bytes);
    return load32(bytes.data());
}

std::uint64_t random64() {
    std::array<std::uint8_t, 8> bytes{};
    random_fill(bytes);
    return load64(bytes.data());
}

std::string random_text(std::size_t length) {
    static constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    // Bytes from here on would make the first symbols likelier.
    static constexpr std::size_t unbiased = 256 / alphabet.size() * alphabet.size();
    std::string text;
    text.reserve(length);
    std::array<std::uint8_t, 64> bytes{};
    while (text.size() < length) {
        random_fill(bytes);
        for (const auto byte : bytes) {
            if (byte < unbiased && text.size() < length) text += alphabet[byte % alphabet.size()];
        }
    }
    return text;
}

}  // namespace aula::crypto
