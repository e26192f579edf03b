// SPDX-License-Identifier: Apache-2.0
#include "gridscale/reading.hpp"

#include "gridscale/answers.hpp"

namespace aula::gridscale {
namespace {

const json::value* member(const json::object& object, std::string_view name) {
    return object.if_contains({name.data(), name.size()});
}

}  // namespace

std::string optional_string(const json::object& object, std::string_view name) {
    const auto* value = member(object, name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::int64_t optional_number(const json::object& object, std::string_view name) {
    const auto* value = member(object, name);
    return value && value->is_number() ? value->to_number<std::int64_t>() : 0;
}

bool optional_bool(const json::object& object, std::string_view name) {
    const auto* value = member(object, name);
    return value && value->is_bool() && value->get_bool();
}

std::vector<std::string> optional_strings(const json::object& object, std::string_view name) {
    std::vector<std::string> texts;
    const auto* value = member(object, name);
    if (!value || !value->is_array()) return texts;
    for (const auto& text : value->get_array()) texts.emplace_back(text.as_string());
    return texts;
}

std::vector<std::string> relation_ids(const json::object& object, std::string_view name,
                                      std::string_view id) {
    std::vector<std::string> ids;
    const auto* relations = object.if_contains("relations");
    if (!relations || !relations->is_object()) return ids;
    const auto* list = member(relations->get_object(), name);
    if (!list || !list->is_array()) return ids;
    for (const auto& one : list->get_array()) {
        const auto* named = member(one.as_object(), id);
        ids.emplace_back((named ? *named : one.as_object().at("object_uuid")).as_string());
    }
    return ids;
}

WallTime optional_time(const json::object& object, std::string_view name) {
    return parse_time(optional_string(object, name)).value_or(WallTime{});
}

}  // namespace aula::gridscale
