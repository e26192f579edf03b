// SPDX-License-Identifier: Apache-2.0
#include "bbb/parameters.hpp"

#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"

namespace aula::bbb {
namespace {

// PHP's test suite sends 90 parameters in one create; a groups parameter for a whole school is some
// 100 KiB.
constexpr std::size_t most_parameters = 1000;
constexpr std::size_t longest_name = 256;
constexpr std::size_t longest_value = 256 * 1024;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

auto invalid_parameters(const char* why) { return fail(Refusal{"validationError", why}); }

}  // namespace

std::string cleaned(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    std::copy_if(text.begin(), text.end(), std::back_inserter(out),
                 [](char c) { return !is_control(c); });
    const auto first = out.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return out.substr(first, out.find_last_not_of(' ') - first + 1);
}

std::optional<std::uint64_t> digits(std::string_view text) {
    std::uint64_t value = 0;
    const auto end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc{} || at != end) return std::nullopt;
    return value;
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

Expected<Parameters, Refusal> Parameters::parse(std::string_view encoded) {
    Parameters parameters;
    while (!encoded.empty()) {
        const auto field = encoded.substr(0, encoded.find('&'));
        encoded.remove_prefix(std::min(field.size() + 1, encoded.size()));
        if (field.empty()) continue;
        const auto equals = std::min(field.find('='), field.size());
        const auto name = percent_decoded(field.substr(0, equals));
        const auto value = percent_decoded(field.substr(std::min(equals + 1, field.size())));
        if (!name || !value) return invalid_parameters("A parameter is not properly encoded");
        if (!is_utf8(*name) || !is_utf8(*value))
            return invalid_parameters("A parameter is not UTF-8");
        if (name->size() > longest_name || value->size() > longest_value) {
            return invalid_parameters("A parameter is too long");
        }
        if (parameters.size() == most_parameters)
            return invalid_parameters("There are too many parameters");
        auto plain = cleaned(*value);
        // Two ids that differ only in what is cleaned away must not become one meeting.
        if (*name == "meetingID" && !plain.empty() && plain != *value)
            return invalid_parameters("Invalid meeting ID");
        parameters.fields_.emplace_back(cleaned(*name), std::move(plain));
    }
    return parameters;
}

Parameters Parameters::of(Fields fields) {
    Parameters parameters;
    parameters.fields_ = std::move(fields);
    return parameters;
}

const std::string* Parameters::find(std::string_view name) const {
    const auto at = std::find_if(fields_.begin(), fields_.end(),
                                 [&](const auto& field) { return field.first == name; });
    return at == fields_.end() ? nullptr : &at->second;
}

std::string Parameters::text(std::string_view name) const {
    const auto* value = find(name);
    return value ? *value : std::string{};
}

bool Parameters::boolean(std::string_view name, bool absent) const {
    const auto* value = find(name);
    return value && !value->empty() ? lower_case(*value) == "true" : absent;
}

std::uint64_t Parameters::number(std::string_view name, std::uint64_t absent) const {
    const auto* value = find(name);
    return value ? digits(*value).value_or(absent) : absent;
}

std::vector<std::string> Parameters::list(std::string_view name) const {
    std::vector<std::string> items;
    auto rest = text(name);
    for (std::size_t from = 0; from <= rest.size();) {
        const auto comma = std::min(rest.find(',', from), rest.size());
        auto item = cleaned(std::string_view(rest).substr(from, comma - from));
        if (!item.empty()) items.push_back(std::move(item));
        from = comma + 1;
    }
    return items;
}

}  // namespace aula::bbb
