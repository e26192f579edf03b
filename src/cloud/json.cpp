// SPDX-License-Identifier: Apache-2.0
#include "cloud/json.hpp"

namespace aula::cloud {

std::optional<json::object> read_object(std::string_view text) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 16;
    auto value = json::parse({text.data(), text.size()}, error, {}, options);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string text_member(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    return value && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::int64_t whole_member(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    return value && value->is_int64() ? value->get_int64() : 0;
}

bool bool_member(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    return value && value->is_bool() && value->get_bool();
}

}  // namespace aula::cloud
