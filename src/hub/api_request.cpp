// SPDX-License-Identifier: Apache-2.0
#include "hub/api_request.hpp"

#include <boost/json.hpp>

#include "base/encoding.hpp"

namespace aula::hub {

namespace {

constexpr std::size_t most_body_bytes = 64 << 10;
constexpr std::size_t most_name_characters = 64;
constexpr std::size_t most_title_characters = 200;

ApiError bad_request(std::string text) { return {400, "bad_request", std::move(text)}; }

Expected<boost::json::object, ApiError> parse_object(std::string_view json) {
    if (json.size() > most_body_bytes)
        return fail(ApiError{413, "too_large", "the body is over 64 KiB"});
    boost::json::parse_options options;
    options.max_depth = 8;
    boost::json::error_code error;
    auto value = boost::json::parse(json, error, {}, options);
    if (error || !value.is_object()) return fail(bad_request("the body is not a JSON object"));
    return std::move(value.as_object());
}

/// Absent is fine, another type is not.
Expected<std::optional<std::string>, ApiError> text_member(const boost::json::object& json,
                                                           const char* name) {
    const auto* value = json.if_contains(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (!value->is_string()) return fail(bad_request(std::string(name) + " is not a string"));
    return std::string(value->as_string());
}

/// The code point that begins at `at` of well-formed UTF-8, and its bytes.
std::pair<char32_t, std::size_t> code_point(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const auto tail = [&](std::size_t i) { return static_cast<char32_t>(byte(i) & 0x3f); };
    if (byte(0) < 0x80) return {byte(0), 1};
    if (byte(0) < 0xe0) return {(char32_t{byte(0)} & 0x1f) << 6 | tail(1), 2};
    if (byte(0) < 0xf0) return {(char32_t{byte(0)} & 0x0f) << 12 | tail(1) << 6 | tail(2), 3};
    return {(char32_t{byte(0)} & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4};
}

bool is_unwanted(char32_t c) {
    const bool is_control = c < 0x20 || (c >= 0x7f && c < 0xa0);
    const bool turns_text =
        c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    return is_control || turns_text || c == 0x200b || c == 0xfeff;
}

}  // namespace

http::Response refuse(const ApiError& error) {
    boost::json::object body{{"code", error.code}, {"text", error.text}};
    if (error.retry_after != 0) body["retry_after"] = error.retry_after;
    auto response = http::json_response(error.status, boost::json::serialize(body));
    if (error.retry_after != 0)
        response.headers.set("retry-after", std::to_string(error.retry_after));
    response.headers.set("cache-control", "no-store");
    return response;
}

std::optional<std::string> clean_name(std::string_view name, std::size_t most) {
    if (!is_utf8(name)) return std::nullopt;
    std::string clean;
    std::size_t characters = 0;
    for (std::size_t at = 0; at < name.size();) {
        const auto [c, bytes] = code_point(name, at);
        const bool is_leading_blank = c == ' ' && clean.empty();
        if (!is_unwanted(c) && !is_leading_blank) {
            clean.append(name.substr(at, bytes));
            ++characters;
        }
        at += bytes;
    }
    while (clean.ends_with(' ')) {
        clean.pop_back();
        --characters;
    }
    if (characters == 0 || characters > most) return std::nullopt;
    return clean;
}

Expected<JoinBody, ApiError> parse_join(std::string_view json) {
    const auto object = parse_object(json);
    if (!object) return fail(object.error());
    JoinBody body;
    for (const auto& [name, into] :
         {std::pair{"code", &body.code}, {"name", &body.name}, {"session", &body.session}}) {
        auto value = text_member(*object, name);
        if (!value) return fail(std::move(value).error());
        *into = std::move(*value);
    }
    if (!body.code && !body.session) return fail(bad_request("neither a code nor a session"));
    if (body.code && !body.name && !body.session) return fail(bad_request("no name"));
    if (body.name) {
        body.name = clean_name(*body.name, most_name_characters);
        if (!body.name) return fail(bad_request("the name must have 1 to 64 characters"));
    }
    return body;
}

Expected<std::string, ApiError> parse_new_lesson(std::string_view json) {
    const auto object = parse_object(json);
    if (!object) return fail(object.error());
    const auto name = text_member(*object, "name");
    if (!name) return fail(name.error());
    const auto clean = *name ? clean_name(**name, most_title_characters) : std::nullopt;
    if (!clean) return fail(bad_request("the name must have 1 to 200 characters"));
    return *clean;
}

}  // namespace aula::hub
