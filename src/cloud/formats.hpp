// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace aula::cloud {

/// "2026-01-05T07:40:00Z": the one layout that clients parse.
std::string time_text(WallTime time);
/// The same read, also as other clients write it: with a fraction of the second, which is dropped,
/// with an offset, or without any zone, which is UTC.
std::optional<WallTime> parse_time(std::string_view text);
/// A random UUID (RFC 9562 version 4).
std::string make_uuid();

}  // namespace aula::cloud
