// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"

#include <array>

namespace aula {
namespace {

constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string base64_with(std::string_view alphabet, Bytes bytes, bool padded) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::size_t at = 0;
    for (; at + 3 <= bytes.size(); at += 3) {
        const std::uint32_t group = load24(&bytes[at]);
        for (const int shift : {18, 12, 6, 0}) text.push_back(alphabet[(group >> shift) & 63]);
    }
    const std::size_t rest = bytes.size() - at;
    if (rest == 0) return text;
    const std::uint32_t group =
        (std::uint32_t{bytes[at]} << 16) | (rest == 2 ? std::uint32_t{bytes[at + 1]} << 8 : 0);
    text.push_back(alphabet[(group >> 18) & 63]);
    text.push_back(alphabet[(group >> 12) & 63]);
    if (rest == 2) text.push_back(alphabet[(group >> 6) & 63]);
    if (padded) text.append(3 - rest, '=');
    return text;
}

int base64_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

constexpr std::string_view hex_digits = "0123456789abcdef";

}  // namespace

std::string hex(Bytes bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text.push_back(hex_digits[byte >> 4]);
        text.push_back(hex_digits[byte & 15]);
    }
    return text;
}

std::optional<Buffer> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    Buffer bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t at = 0; at < text.size(); at += 2) {
        const int high = hex_value(text[at]);
        const int low = hex_value(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return bytes;
}

std::string base64(Bytes bytes) { return base64_with(standard_alphabet, bytes, true); }
std::string base64url(Bytes bytes) { return base64_with(url_alphabet, bytes, false); }

std::optional<Buffer> from_base64(std::string_view text) {
    for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
    if (text.size() % 4 == 1) return std::nullopt;
    Buffer bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t group = 0;
    int bits = 0;
    for (const char c : text) {
        const int value = base64_value(c);
        if (value < 0) return std::nullopt;
        group = (group << 6) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(group >> bits));
        }
    }
    return bytes;
}

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded.push_back(c);
            continue;
        }
        const auto byte = static_cast<std::uint8_t>(c);
        encoded.push_back('%');
        encoded.push_back("0123456789ABCDEF"[byte >> 4]);
        encoded.push_back("0123456789ABCDEF"[byte & 15]);
    }
    return encoded;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '+') {
            decoded.push_back(' ');
        } else if (text[at] != '%') {
            decoded.push_back(text[at]);
        } else {
            if (at + 2 >= text.size()) return std::nullopt;
            const int high = hex_value(text[at + 1]);
            const int low = hex_value(text[at + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            decoded.push_back(static_cast<char>(high * 16 + low));
            at += 2;
        }
    }
    return decoded;
}

bool is_utf8(std::string_view text) {
    const Bytes bytes = bytes_of(text);
    for (std::size_t at = 0; at < bytes.size();) {
        const std::uint8_t lead = bytes[at++];
        if (lead < 0x80) continue;
        const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (lead < 0xc2 || lead > 0xf4 || at + static_cast<std::size_t>(more) > bytes.size()) {
            return false;
        }
        // The second byte rules out overlong forms, surrogates and values above U+10FFFF.
        const std::uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        const std::uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (bytes[at] < low || bytes[at] > high) return false;
        for (int i = 1; i < more; ++i) {
            if ((bytes[at + static_cast<std::size_t>(i)] & 0xc0) != 0x80) return false;
        }
        at += static_cast<std::size_t>(more);
    }
    return true;
}

}  // namespace aula
