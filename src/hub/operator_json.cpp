// SPDX-License-Identifier: Apache-2.0
#include "hub/operator_json.hpp"

#include <cmath>

#include <boost/json.hpp>

#include "base/encoding.hpp"

namespace aula::hub {

namespace {

constexpr std::size_t most_operator_body_bytes = 64 << 10;

ApiError bad_member(const char* name, const char* what) {
    return {400, "bad_request", std::string(name) + " " + what};
}

}  // namespace

Expected<boost::json::object, ApiError> parse_body(std::string_view json) {
    if (json.size() > most_operator_body_bytes)
        return fail(ApiError{413, "too_large", "the body is over 64 KiB"});
    boost::json::parse_options options;
    options.max_depth = 8;
    boost::json::error_code error;
    auto value = boost::json::parse(json, error, {}, options);
    if (error || !value.is_object())
        return fail(ApiError{400, "bad_request", "the body is not a JSON object"});
    return std::move(value.as_object());
}

Expected<std::optional<std::string>, ApiError> optional_text_in(const boost::json::object& json,
                                                                const char* name,
                                                                std::size_t most) {
    const auto* value = json.if_contains(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (!value->is_string()) return fail(bad_member(name, "is not a text"));
    const auto& text = value->get_string();
    if (text.size() > most) return fail(bad_member(name, "is too long"));
    if (!is_utf8(text)) return fail(bad_member(name, "is not UTF-8"));
    return std::string(text);
}

Expected<std::string, ApiError> text_in(const boost::json::object& json, const char* name,
                                        std::size_t most) {
    auto text = optional_text_in(json, name, most);
    if (!text) return fail(std::move(text).error());
    if (!*text) return fail(bad_member(name, "is missing"));
    return std::move(**text);
}

Expected<double, ApiError> number_in(const boost::json::object& json, const char* name,
                                     double least, double most) {
    const auto* value = json.if_contains(name);
    if (value == nullptr || !value->is_number()) return fail(bad_member(name, "is not a number"));
    const double number = value->to_number<double>();
    if (!std::isfinite(number) || number < least || number > most)
        return fail(bad_member(name, "is out of its limits"));
    return number;
}

http::Response json_answer(int status, const boost::json::value& body) {
    auto response = http::json_response(status, boost::json::serialize(body));
    response.headers.set("cache-control", "no-store");
    return response;
}

ApiError api_error_of(const Error& error) {
    switch (error.code) {
        case ErrorCode::invalid:
            return {400, "bad_request", error.text};
        case ErrorCode::not_found:
            return {404, "not_found", error.text};
        case ErrorCode::refused:
            return {409, "refused", error.text};
        case ErrorCode::conflict:
            return {409, "changed", error.text};
        case ErrorCode::unavailable:
        case ErrorCode::timeout:
        case ErrorCode::internal:
            break;
    }
    return {503, "unavailable", error.text, 5};
}

}  // namespace aula::hub
