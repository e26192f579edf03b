// SPDX-License-Identifier: Apache-2.0
#include "http/message.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace aula::http {

void Headers::set(std::string name, std::string value) {
    std::erase_if(fields_, [&](const auto& field) { return field.first == name; });
    add(std::move(name), std::move(value));
}

void Headers::add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
}

const std::string* Headers::find(std::string_view lower_case_name) const {
    const auto at = std::find_if(fields_.begin(), fields_.end(),
                                 [&](const auto& field) { return field.first == lower_case_name; });
    return at == fields_.end() ? nullptr : &at->second;
}

std::optional<Parameters> parse_parameters(std::string_view text) {
    Parameters parameters;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = percent_decoded(pair.substr(0, equals));
        auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value) return std::nullopt;
        parameters.emplace_back(std::move(*name), std::move(*value));
    }
    return parameters;
}

const std::string* find_parameter(const Parameters& parameters, std::string_view name) {
    for (const auto& [key, value] : parameters) {
        if (key == name) return &value;
    }
    return nullptr;
}

Response text_response(int status, std::string body) {
    Response response{status, {}, std::move(body)};
    response.headers.set("content-type", "text/plain; charset=utf-8");
    return response;
}

Response json_response(int status, std::string body) {
    Response response{status, {}, std::move(body)};
    response.headers.set("content-type", "application/json");
    return response;
}

}  // namespace aula::http
