// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/message.hpp"

namespace aula::hub {

/// A refusal of docs/protocol/api.md.
struct ApiError {
    int status = 400;
    std::string code;
    std::string text;
    int retry_after = 0;  // seconds; 0: does not say
};
http::Response refuse(const ApiError& error);

struct JoinBody {
    std::optional<std::string> code;
    std::optional<std::string> name;
    std::optional<std::string> session;
};
Expected<JoinBody, ApiError> parse_join(std::string_view json);
/// The new lesson's name.
Expected<std::string, ApiError> parse_new_lesson(std::string_view json);

/// Without control characters and what turns the direction of text, blanks trimmed; nothing when it
/// is not UTF-8, or has no or more than `most` characters then.
std::optional<std::string> clean_name(std::string_view name, std::size_t most);

}  // namespace aula::hub
