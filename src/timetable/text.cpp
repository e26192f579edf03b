// SPDX-License-Identifier: Apache-2.0
#include "timetable/text.hpp"

#include <array>

#include "base/encoding.hpp"
#include "timetable/school.hpp"

namespace aula::timetable {

namespace {

/// 0x80 to 0x9f of Windows-1252; the rest is Latin-1. Zero: not assigned.
constexpr std::array<char16_t, 32> windows_1252 = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

void append_utf8(std::string& text, char16_t c) {
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xc0 | (c >> 6));
        text += static_cast<char>(0x80 | (c & 0x3f));
    } else {
        text += static_cast<char>(0xe0 | (c >> 12));
        text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (c & 0x3f));
    }
}

/// The letter that stands for a German one of two bytes (0xc3 and this), or nothing.
std::string_view without_dots(char second) {
    switch (static_cast<unsigned char>(second)) {
        case 0xa4:
        case 0x84:
            return "a";
        case 0xb6:
        case 0x96:
            return "o";
        case 0xbc:
        case 0x9c:
            return "u";
        case 0x9f:
            return "ss";
        default:
            return {};
    }
}

}  // namespace

Error refused(std::string text) { return Error{ErrorCode::invalid, std::move(text)}; }

Error is_stopped() { return Error{ErrorCode::unavailable, "the reading was stopped"}; }

Error at_line(std::size_t line, std::string_view what, Language language) {
    return {ErrorCode::invalid, Words{"line ", "Zeile "}.in(language) + std::to_string(line) +
                                    ": " + std::string(what)};
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string plain(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\xc3' && i + 1 < text.size()) out += without_dots(text[++i]);
        if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    }
    return out;
}

std::string as_utf8(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (is_utf8(text)) return std::string(text);
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_special = byte >= 0x80 && byte < 0xa0;
        const char16_t letter = is_special ? windows_1252[byte - 0x80] : byte;
        append_utf8(out, letter == 0 && byte != 0 ? u'?' : letter);
    }
    return out;
}

std::optional<std::uint32_t> read_size(std::string_view text) {
    text = trimmed(text);
    std::uint32_t value = 0;
    std::size_t digits = 0;
    std::optional<std::size_t> mark;
    bool rounds_up = false;
    for (const char c : text) {
        if ((c == '.' || c == ',') && !mark && digits > 0) {
            mark = digits;
            continue;
        }
        if (c < '0' || c > '9' || ++digits > 9) return std::nullopt;
        // Three digits behind the mark: it parts thousands.
        const bool is_fraction = mark && text.size() != *mark + 4;
        if (is_fraction)
            rounds_up = rounds_up || c != '0';
        else
            value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    value += rounds_up ? 1 : 0;
    if (digits == 0 || value == 0 || value > most_seats) return std::nullopt;
    return value;
}

}  // namespace aula::timetable
