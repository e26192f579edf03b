// SPDX-License-Identifier: Apache-2.0
#include "cloud/body.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/encoding.hpp"
#include "cloud/formats.hpp"

namespace aula::cloud {
namespace {

constexpr std::size_t longest_text = 256 * 1024;  // user data is the longest
constexpr std::size_t most_texts = 100;

using Read = Expected<json::value, std::string>;

auto wrong(const Field& field, const std::string& what) {
    return fail(std::string(field.name) + " must be " + what);
}

bool is_choice(std::string_view choices, std::string_view text) {
    while (!choices.empty()) {
        const auto choice = choices.substr(0, choices.find('|'));
        if (choice == text) return true;
        choices.remove_prefix(std::min(choice.size() + 1, choices.size()));
    }
    return false;
}

/// gridscale counts characters, not bytes.
std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

Read read_text(const Field& field, const json::value& value) {
    if (!value.is_string()) return wrong(field, "a string");
    const std::string_view text = value.get_string();
    if (text.size() > longest_text || !is_utf8(text)) return wrong(field, "a shorter UTF-8 string");
    const auto length = static_cast<std::int64_t>(characters(text));
    if (length < field.least || (field.most != 0 && length > field.most)) {
        return wrong(field, "a string of " + std::to_string(field.least) + " to " +
                                std::to_string(field.most) + " characters");
    }
    if (field.type == FieldType::choice && !is_choice(field.choices, text))
        return wrong(field, "one of " + std::string(field.choices));
    if (field.type == FieldType::base64 && !from_base64(text)) return wrong(field, "base64");
    if (field.type != FieldType::time || text.empty()) return value;
    const auto time = parse_time(text);
    if (!time) return wrong(field, "a time like 2026-01-05T07:40:00Z");
    return json::value(time_text(*time));
}

Read read_whole(const Field& field, const json::value& value) {
    std::optional<std::int64_t> number;
    if (value.is_int64()) number = value.get_int64();
    if (field.type == FieldType::whole_or_text && value.is_string()) {
        const auto& text = value.get_string();
        std::int64_t read = 0;
        const auto [end, error] = std::from_chars(text.begin(), text.end(), read);
        if (error == std::errc{} && end == text.end()) number = read;
    }
    if (!number || *number < field.least || *number > field.most) {
        return wrong(field, "a whole number from " + std::to_string(field.least) + " to " +
                                std::to_string(field.most));
    }
    return json::value(*number);
}

Read read_texts(const Field& field, const json::value& value) {
    if (!value.is_array() || value.get_array().size() > most_texts)
        return wrong(field, "a list of at most " + std::to_string(most_texts) + " strings");
    for (const auto& text : value.get_array()) {
        if (!text.is_string() || text.get_string().size() > 1024)
            return wrong(field, "a list of strings");
    }
    return value;
}

Read read_field(const Field& field, const json::value& value) {
    switch (field.type) {
        case FieldType::whole:
        case FieldType::whole_or_text:
            return read_whole(field, value);
        case FieldType::boolean:
            if (!value.is_bool()) return wrong(field, "a boolean");
            return value;
        case FieldType::texts:
            return read_texts(field, value);
        case FieldType::object:
            if (!value.is_object()) return wrong(field, "an object");
            return value;
        default:
            return read_text(field, value);
    }
}

}  // namespace

Expected<json::object, std::string> read_new(std::span<const Field> fields,
                                             const json::object& given) {
    json::object out;
    for (const auto& field : fields) {
        const auto* value = given.if_contains({field.name.data(), field.name.size()});
        if (!value || value->is_null()) {
            if (field.required) return fail(std::string(field.name) + " is required");
            out[{field.name.data(), field.name.size()}] = json::parse(field.preset);
            continue;
        }
        auto read = read_field(field, *value);
        if (!read) return fail(read.error());
        out[{field.name.data(), field.name.size()}] = std::move(*read);
    }
    return out;
}

Expected<json::object, std::string> read_changes(std::span<const Field> fields,
                                                 const json::object& given) {
    json::object out;
    for (const auto& field : fields) {
        const auto* value = given.if_contains({field.name.data(), field.name.size()});
        if (!value || value->is_null() || !field.changeable) continue;
        auto read = read_field(field, *value);
        if (!read) return fail(read.error());
        out[{field.name.data(), field.name.size()}] = std::move(*read);
    }
    return out;
}

}  // namespace aula::cloud
