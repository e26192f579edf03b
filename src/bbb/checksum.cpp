// SPDX-License-Identifier: Apache-2.0
#include "bbb/checksum.hpp"

#include <algorithm>
#include <utility>

#include "base/encoding.hpp"
#include "bbb/parameters.hpp"

namespace aula::bbb {
namespace {

constexpr std::string_view checksum_name = "checksum=";

std::optional<crypto::HashKind> kind_of_length(std::size_t hex_digits) {
    switch (hex_digits) {
        case 40:
            return crypto::HashKind::sha1;
        case 64:
            return crypto::HashKind::sha256;
        case 96:
            return crypto::HashKind::sha384;
        case 128:
            return crypto::HashKind::sha512;
        default:
            return std::nullopt;
    }
}

// java.net.URLEncoder: letters, digits and ".-*_" stay, a space becomes '+'.
std::string java_encoded(std::string_view text) {
    static constexpr char hex_digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '.' || c == '-' || c == '*' || c == '_') {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += {'%', hex_digits[byte >> 4], hex_digits[byte & 15]};
        }
    }
    return out;
}

}  // namespace

std::optional<SignedText> take_checksum(std::string_view raw) {
    std::optional<SignedText> found;
    for (std::size_t from = 0; from <= raw.size();) {
        const auto end = std::min(raw.find('&', from), raw.size());
        const auto piece = raw.substr(from, end - from);
        if (piece.starts_with(checksum_name)) {
            if (found) return std::nullopt;
            const auto before = raw.substr(0, from == 0 ? 0 : from - 1);
            const auto after = raw.substr(from == 0 ? std::min(end + 1, raw.size()) : end);
            found = SignedText{std::string(before) + std::string(after),
                               std::string(piece.substr(checksum_name.size()))};
        }
        from = end + 1;
    }
    return found;
}

std::string checksum(crypto::HashKind kind, std::string_view call, std::string_view text,
                     std::string_view secret) {
    std::string message(call);
    message.append(text).append(secret);
    return hex(crypto::hash(kind, bytes_of(message)));
}

bool checksum_holds(std::string_view received, std::string_view call, std::string_view text,
                    const std::vector<std::string>& secrets) {
    const auto kind = kind_of_length(received.size());
    if (!kind) return false;
    const auto given = lower_case(received);
    return std::any_of(secrets.begin(), secrets.end(), [&](const std::string& secret) {
        if (secret.empty()) return false;
        const auto right = checksum(*kind, call, text, secret);
        return crypto::equal_in_constant_time(bytes_of(right), bytes_of(given));
    });
}

std::optional<std::string> sorted_form(std::string_view body) {
    std::vector<std::pair<std::string, std::string>> fields;
    while (!body.empty()) {
        const auto field = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(field.size() + 1, body.size()));
        if (field.empty()) continue;
        const auto equals = std::min(field.find('='), field.size());
        auto name = percent_decoded(field.substr(0, equals));
        auto value = percent_decoded(field.substr(std::min(equals + 1, field.size())));
        if (!name || !value) return std::nullopt;
        fields.emplace_back(std::move(*name), std::move(*value));
    }
    std::stable_sort(fields.begin(), fields.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string out;
    for (const auto& [name, value] : fields) {
        if (!out.empty()) out += '&';
        out += name + '=' + java_encoded(value);
    }
    return out;
}

}  // namespace aula::bbb
