// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.hpp"

namespace aula::crypto {

enum class HashKind : std::uint8_t { sha1, sha256, sha384, sha512 };

Buffer hash(HashKind kind, Bytes message);
Buffer hmac(HashKind kind, Bytes key, Bytes message);

/// Compares without telling by its time where the difference is.
bool equal_in_constant_time(Bytes a, Bytes b);

}  // namespace aula::crypto
