// SPDX-License-Identifier: Apache-2.0
#include "lesson/chat_text.hpp"

#include "base/encoding.hpp"

namespace aula::lesson {

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

/// Takes the first character off well-formed UTF-8.
char32_t take_character(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    char32_t character = lead < 0x80   ? lead
                         : lead < 0xe0 ? lead & 0x1f
                         : lead < 0xf0 ? lead & 0xf
                                       : lead & 7;
    text.remove_prefix(1);
    while (!text.empty() && is_continuation(text.front())) {
        character = (character << 6) | (static_cast<unsigned char>(text.front()) & 0x3f);
        text.remove_prefix(1);
    }
    return character;
}

bool is_visible(char32_t character) {
    if (character <= 0x20 || (character >= 0x7f && character <= 0xa0) || character == 0xad)
        return false;
    if (character >= 0x2000 && character <= 0x200f) return false;  // spaces, zero width, marks
    if (character >= 0x2028 && character <= 0x202f) return false;  // separators, embeddings
    if (character >= 0x205f && character <= 0x206f) return false;  // joiners, isolates
    if (character >= 0xfe00 && character <= 0xfe0f) return false;  // variation selectors
    return character != 0x1680 && character != 0x3000 && character != 0x3164 && character != 0xfeff;
}

}  // namespace

Expected<std::string, Refusal> clean_chat(std::string_view text, std::size_t characters) {
    if (text.size() > 2 * 4 * characters) return fail(Refusal::too_long);
    if (!is_utf8(text)) return fail(Refusal::bad_message);
    std::string cleaned;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool ends_line = text[i] == '\r' && text.substr(i + 1, 1) != "\n";
        if (ends_line) cleaned += '\n';
        if (!is_control(text[i]) || text[i] == '\n' || text[i] == '\t') cleaned += text[i];
    }
    std::size_t count = 0;
    bool visible = false;
    for (std::string_view rest = cleaned; !rest.empty(); ++count) {
        visible = is_visible(take_character(rest)) || visible;
    }
    if (count > characters) return fail(Refusal::too_long);
    if (!visible) return fail(Refusal::empty);
    return cleaned;
}

std::string clean_name(std::string_view text, std::size_t bytes) {
    if (!is_utf8(text)) return {};
    if (text.size() > bytes) {
        while (bytes > 0 && is_continuation(text[bytes])) --bytes;
        text = text.substr(0, bytes);
    }
    std::string cleaned(text);
    std::erase_if(cleaned, is_control);
    return cleaned;
}

}  // namespace aula::lesson
