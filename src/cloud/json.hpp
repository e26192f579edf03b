// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

/// What the cloud's resources share about JSON. For files of this module only.
namespace aula::cloud {

namespace json = boost::json;

/// The object that a text is; nullopt for anything else, too deep a one, or text that is not UTF-8.
std::optional<json::object> read_object(std::string_view text);
/// A member that is a string; empty when it is not there or something else.
std::string text_member(const json::object& object, std::string_view name);
std::int64_t whole_member(const json::object& object, std::string_view name);
bool bool_member(const json::object& object, std::string_view name);

}  // namespace aula::cloud
