// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sdp/session.hpp"

namespace aula::sdp {

// Of one section. The text's size bounds the whole; these keep searching through a section short.
inline constexpr std::size_t max_codecs = 128;
inline constexpr std::size_t max_items = 64;  // extensions, sources, candidates ...

/// a=<name> or a=<name>:<value>.
struct Attribute {
    std::string_view name;
    std::string_view value;
};
Attribute split_attribute(std::string_view line);

/// Takes one attribute into its section. False: broken, or one too many.
bool read_media_attribute(Media& media, const Attribute& attribute);

}  // namespace aula::sdp
