// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "lesson/refusal.hpp"

namespace aula::lesson {

/// The text as it is kept: newlines are \n, other control characters but tab are gone. Refused when
/// it is not UTF-8, longer than `characters` code points, or has nothing one could see.
Expected<std::string, Refusal> clean_chat(std::string_view text, std::size_t characters);

/// A name on one line and of at most `bytes`, cut between characters.
std::string clean_name(std::string_view text, std::size_t bytes);

}  // namespace aula::lesson
