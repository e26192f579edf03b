// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "base/result.hpp"
#include "base/time.hpp"

/// For the .cpp files of this module that read the API's JSON.
namespace aula::gridscale {

namespace json = boost::json;

/// Runs a reading function, whose every missing or wrongly typed member throws.
template <class Read>
auto reading(std::string_view text, Read read)
    -> Expected<decltype(read(std::declval<const json::object&>())), Error> {
    try {
        json::parse_options options;
        options.max_depth = 16;
        const auto value = json::parse({text.data(), text.size()}, {}, options);
        return read(value.as_object());
    } catch (const std::exception&) {
        return fail(Error{ErrorCode::internal, "the cloud's answer could not be read"});
    }
}

/// What a list holds, an object of objects: {"servers":{uuid:{...},...}}.
template <class Read>
auto reading_list(std::string_view text, std::string_view key, Read read) {
    return reading(text, [&](const json::object& whole) {
        std::vector<decltype(read(std::declval<const json::object&>()))> all;
        for (const auto& [id, one] : whole.at({key.data(), key.size()}).as_object())
            all.push_back(read(one.as_object()));
        return all;
    });
}

/// Empty when it is missing, null or no string.
std::string optional_string(const json::object& object, std::string_view name);
/// 0 when it is missing or null.
std::int64_t optional_number(const json::object& object, std::string_view name);
bool optional_bool(const json::object& object, std::string_view name);
std::vector<std::string> optional_strings(const json::object& object, std::string_view name);
/// The array of objects at relations.<name>: of each this member, or else its object_uuid.
std::vector<std::string> relation_ids(const json::object& object, std::string_view name,
                                      std::string_view id = "object_uuid");
/// 1970 when it is missing or not "2026-01-05T07:40:00Z".
WallTime optional_time(const json::object& object, std::string_view name);

}  // namespace aula::gridscale
