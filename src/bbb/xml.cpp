// SPDX-License-Identifier: Apache-2.0
#include "bbb/xml.hpp"

#include <algorithm>

#include "base/xml.hpp"

namespace aula::bbb {
namespace {

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

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
