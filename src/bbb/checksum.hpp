// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/hash.hpp"

namespace aula::bbb {

/// A raw, undecoded query (or form body) without its checksum parameter, and that checksum.
struct SignedText {
    std::string text;
    std::string checksum;
};

/// Nullopt unless there is exactly one checksum parameter. Only that piece and one '&' beside it
/// go; the bytes that stay are unchanged, because they are what the caller signed.
std::optional<SignedText> take_checksum(std::string_view raw);

/// hex(HASH(call + text + secret)).
std::string checksum(crypto::HashKind kind, std::string_view call, std::string_view text,
                     std::string_view secret);

/// The length of the received checksum chooses the hash. Any of the secrets may fit; an empty one
/// never does.
bool checksum_holds(std::string_view received, std::string_view call, std::string_view text,
                    const std::vector<std::string>& secrets);

/// A form's fields as servers up to 2.7 sign them: sorted by name, values encoded as Java does.
/// Nullopt for a form that does not parse.
std::optional<std::string> sorted_form(std::string_view body_without_checksum);

}  // namespace aula::bbb
