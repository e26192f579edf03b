// SPDX-License-Identifier: Apache-2.0
#include "hub/metrics.hpp"

namespace aula::hub {

namespace {

std::string escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        if (c == '\\' || c == '"') text += '\\';
        text += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return text;
}

}  // namespace

void MetricsText::begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ")
        .append(name)
        .append(" ")
        .append(help)
        .append("\n# TYPE ")
        .append(name)
        .append(" ");
    text_.append(type).append("\n");
}

void MetricsText::add(const std::string& value, Labels labels) {
    text_ += name_;
    std::string_view before = "{";
    for (const auto& [label, of] : labels) {
        text_.append(before).append(label).append("=\"").append(escaped(of)).append("\"");
        before = ",";
    }
    if (labels.size() != 0) text_ += '}';
    text_.append(" ").append(value).append("\n");
}

}  // namespace aula::hub
