// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace aula {

std::string hex(Bytes bytes);
std::optional<Buffer> from_hex(std::string_view text);

/// RFC 4648 section 4, padded.
std::string base64(Bytes bytes);
/// RFC 4648 section 5, without padding (as RFC 7515 wants it).
std::string base64url(Bytes bytes);
/// Reads either alphabet, padded or not; anything else is refused.
std::optional<Buffer> from_base64(std::string_view text);

/// RFC 3986 percent encoding of everything but unreserved characters.
std::string percent_encoded(std::string_view text);
/// Also turns '+' into a space, as forms do; nullopt for a broken escape.
std::optional<std::string> percent_decoded(std::string_view text);

/// True for well-formed UTF-8 without overlong forms and surrogates (RFC 3629).
bool is_utf8(std::string_view text);

}  // namespace aula
