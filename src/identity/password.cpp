// SPDX-License-Identifier: Apache-2.0
#include "identity/password.hpp"

#include <algorithm>
#include <array>

#include <sodium.h>

#include "base/encoding.hpp"
#include "base/expects.hpp"

namespace aula::identity {

namespace {

constexpr std::size_t least_characters = 10;
constexpr std::size_t most_password_bytes = 256;

void need_sodium() {
    // Safe to call again, also from several threads.
    static const int ready = sodium_init();
    AULA_EXPECTS(ready >= 0);
}

std::size_t characters_of(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

}  // namespace

std::optional<PasswordFlaw> flaw_of(std::string_view password, std::string_view account) {
    if (password.size() > most_password_bytes) return PasswordFlaw::too_long;
    if (!is_utf8(password)) return PasswordFlaw::not_text;
    if (characters_of(password) < least_characters) return PasswordFlaw::too_short;
    if (password == account) return PasswordFlaw::is_name;
    return std::nullopt;
}

std::optional<std::string> hash_password(std::string_view password, PasswordCost cost) {
    need_sodium();
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), cost.operations,
                              cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return std::nullopt;
    return std::string(text.data());
}

PasswordCheck check_password(const std::string& stored, std::string_view password,
                             PasswordCost cost) {
    need_sodium();
    if (crypto_pwhash_str_verify(stored.c_str(), password.data(), password.size()) != 0)
        return PasswordCheck::wrong;
    return crypto_pwhash_str_needs_rehash(stored.c_str(), cost.operations, cost.memory_bytes) == 0
               ? PasswordCheck::right
               : PasswordCheck::right_but_old;
}

}  // namespace aula::identity
