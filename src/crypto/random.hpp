// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"

namespace aula::crypto {

/// Fills with cryptographically strong random bytes.
void random_fill(MutableBytes bytes);
std::uint32_t random32();
std::uint64_t random64();
/// Letters and digits only (62 symbols, unbiased): ids, secrets, ICE passwords.
std::string random_text(std::size_t length);

}  // namespace aula::crypto
