// SPDX-License-Identifier: Apache-2.0
#include "bbb/xml.hpp"

#include <algorithm>

namespace aula::bbb {
namespace {

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

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

bool is_xml_name(std::string_view name) {
    if (name.empty() || !(is_ascii_letter(name[0]) || name[0] == '_')) return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    });
}

Xml& Xml::open(std::string_view name) {
    out_.append("<").append(name).append(">");
    open_.emplace_back(name);
    return *this;
}

Xml& Xml::close() {
    out_.append("</").append(open_.back()).append(">");
    open_.pop_back();
    return *this;
}

Xml& Xml::text(std::string_view name, std::string_view value) {
    out_.append("<")
        .append(name)
        .append(">")
        .append(xml_escaped(value))
        .append("</")
        .append(name)
        .append(">");
    return *this;
}

std::string Xml::finish() {
    while (!open_.empty()) close();
    return std::move(out_);
}

}  // namespace aula::bbb
