// SPDX-License-Identifier: Apache-2.0
#include "bbb/welcome.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace aula::bbb {
namespace {

constexpr std::size_t longest_greeting = 8000;
constexpr std::size_t longest_entity = 12;

using Entity = std::pair<std::string_view, std::string_view>;
constexpr std::array<Entity, 7> entities{{{"amp", "&"},
                                          {"lt", "<"},
                                          {"gt", ">"},
                                          {"quot", "\""},
                                          {"apos", "'"},
                                          {"#39", "'"},
                                          {"nbsp", " "}}};
constexpr std::array line_tags = {"br", "p", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3"};

/// What stands before the entity's end is replaced, anything unknown stays as it was written.
std::string without_entities(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto amp = std::min(text.find('&'), text.size());
        out += text.substr(0, amp);
        text.remove_prefix(amp);
        if (text.empty()) break;
        const auto end = text.substr(0, longest_entity).find(';');
        const auto name = end == std::string_view::npos ? "" : text.substr(1, end - 1);
        const auto known = std::find_if(entities.begin(), entities.end(),
                                        [&](const Entity& one) { return one.first == name; });
        out += known == entities.end() ? "&" : known->second;
        text.remove_prefix(known == entities.end() ? 1 : end + 1);
    }
    return out;
}

/// `a` of `<a href=..>` and of `</a>`, in lower case.
std::string name_of_tag(std::string_view tag) {
    if (tag.starts_with('/')) tag.remove_prefix(1);
    return lower_case(tag.substr(0, tag.find_first_of(" \t/")));
}

/// An address that the chat may show as a link.
std::string address_of(std::string_view tag) {
    const auto at = lower_case(tag).find("href=");
    if (at == std::string::npos) return {};
    auto value = tag.substr(at + 5);
    const char quote = value.empty() ? ' ' : value.front();
    const bool is_quoted = quote == '"' || quote == '\'';
    if (is_quoted) value.remove_prefix(1);
    value = value.substr(0, value.find(is_quoted ? quote : ' '));
    const std::string address = without_entities(value);
    return is_web_url(address) ? address : std::string{};
}

void end_line(std::string& out) {
    while (out.ends_with(' ')) out.pop_back();
    if (!out.empty() && !out.ends_with("\n\n")) out += '\n';
}

std::string cut(std::string text, std::size_t most) {
    if (text.size() > most) {
        while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
        text.resize(most);
    }
    return text;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

}  // namespace

std::string plain_text(std::string_view html, std::size_t most) {
    std::string out;
    std::string address;
    std::size_t link_from = 0;
    while (!html.empty() && out.size() <= most) {
        const auto open = std::min(html.find('<'), html.size());
        out += without_entities(html.substr(0, open));
        html.remove_prefix(open);
        const auto close = html.find('>');
        // A lone "<", or "3 < 4", is text.
        const bool is_tag = close != std::string_view::npos && html.size() > 1 &&
                            html.substr(1, 1).find_first_of(" <=0123456789") == std::string::npos;
        if (!is_tag) {
            out += html.substr(0, 1);
            html.remove_prefix(std::min<std::size_t>(1, html.size()));
            continue;
        }
        const auto tag = html.substr(1, close - 1);
        html.remove_prefix(close + 1);
        const auto name = name_of_tag(tag);
        if (std::find(line_tags.begin(), line_tags.end(), name) != line_tags.end()) end_line(out);
        if (name != "a") continue;
        if (!tag.starts_with('/')) {
            address = address_of(tag);
            link_from = out.size();
        } else if (const auto to = std::exchange(address, {}); !to.empty()) {
            // A link that is written out needs no second one.
            if (out.find(to, std::min(link_from, out.size())) == std::string::npos)
                out += " (" + to + ")";
        }
    }
    while (out.ends_with('\n') || out.ends_with(' ')) out.pop_back();
    return cut(std::move(out), most);
}

std::string greeting(const Meeting& meeting, std::string_view parameter) {
    auto text = plain_text(meeting.parameters.text(parameter), longest_greeting);
    // After the markup: a name with "<" in it is a name.
    replace_all(text, "%%CONFNAME%%", meeting.name);
    replace_all(text, "%%DIALNUM%%", meeting.dial_number);
    replace_all(text, "%%CONFNUM%%", meeting.voice_bridge);
    return cut(std::move(text), longest_greeting);
}

}  // namespace aula::bbb
