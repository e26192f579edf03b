// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aula::identity {

enum class PasswordFlaw : std::uint8_t { too_short, too_long, not_text, is_name };

/// What speaks against a new password: fewer than 10 characters, more than 256 bytes, or the
/// account's name. Nothing about digits and capitals: length is what guessing costs.
std::optional<PasswordFlaw> flaw_of(std::string_view password, std::string_view account);

/// What one guess costs whoever has stolen the hashes, and one sign-in us.
struct PasswordCost {
    unsigned long long operations = 2;
    std::size_t memory_bytes = 64 << 20;
};

/// Argon2id with a salt of its own, salt and cost in the text. Nothing: the memory is not there.
std::optional<std::string> hash_password(std::string_view password, PasswordCost cost = {});

enum class PasswordCheck : std::uint8_t {
    wrong,
    right,
    right_but_old,  // hashed at another cost: to be hashed again
};
PasswordCheck check_password(const std::string& stored, std::string_view password,
                             PasswordCost cost = {});

}  // namespace aula::identity
