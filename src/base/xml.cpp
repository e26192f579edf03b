// SPDX-License-Identifier: Apache-2.0
#include "base/xml.hpp"

namespace aula {
namespace {

// U+FFFE and U+FFFF, the only well-formed UTF-8 above U+001F that XML 1.0 forbids (section 2.2).
bool is_noncharacter(std::string_view rest) {
    return rest.starts_with("\xef\xbf\xbe") || rest.starts_with("\xef\xbf\xbf");
}

}  // namespace

std::string xml_escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            case '\r':
                out += "&#13;";
                break;  // a parser would turn it into a line feed
            case '\n':
            case '\t':
                out += c;
                break;
            default:
                if (is_noncharacter(text.substr(at))) {
                    at += 2;
                } else if (static_cast<unsigned char>(c) >= 0x20) {
                    out += c;
                }
        }
    }
    return out;
}

}  // namespace aula
