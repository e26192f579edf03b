// SPDX-License-Identifier: Apache-2.0
#include "ice/candidate.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <vector>

namespace aula::ice {

namespace {

constexpr std::size_t line_limit = 1024;
constexpr std::array<std::string_view, 4> type_names = {"host", "srflx", "prflx", "relay"};
constexpr std::array<std::string_view, 4> tcp_type_names = {"", "active", "passive", "so"};

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (!line.empty()) {
        const std::size_t end = line.find(' ');
        if (end != 0) words.push_back(line.substr(0, end));
        if (end == std::string_view::npos) break;
        line.remove_prefix(end + 1);
    }
    return words;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    });
}

template <class Enum>
std::optional<Enum> named(const std::array<std::string_view, 4>& names, std::string_view word) {
    const auto at = std::find(names.begin(), names.end(), word);
    if (word.empty() || at == names.end()) return std::nullopt;
    return static_cast<Enum>(at - names.begin());
}

bool is_foundation(std::string_view text) {
    return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/';
    });
}

bool looks_like_name(std::string_view host) {
    return host.find(':') == std::string_view::npos &&
           std::any_of(host.begin(), host.end(),
                       [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
}

Expected<void, CandidateError> read_address(Candidate& candidate, std::string_view host,
                                            std::string_view port) {
    const auto number = number_of<std::uint16_t>(port);
    if (!number) return fail(CandidateError::syntax);
    // Browsers hide local addresses behind mDNS names; such a peer is found by its checks.
    if (looks_like_name(host)) return fail(CandidateError::unsupported);
    const auto address = net::Address::of(host, *number);
    if (!address) return fail(CandidateError::syntax);
    candidate.address = *address;
    return {};
}

Expected<void, CandidateError> read_transport(Candidate& candidate, std::string_view word) {
    if (same_ignoring_case(word, "udp")) return {};
    if (!same_ignoring_case(word, "tcp")) return fail(CandidateError::unsupported);
    candidate.protocol = Protocol::tcp;
    return {};
}

}  // namespace

std::uint32_t host_priority(Protocol protocol, std::uint16_t rank) {
    constexpr std::uint32_t component = 1;
    if (protocol == Protocol::udp) {
        return (126U << 24) | ((65535U - rank) << 8) | (256 - component);
    }
    // RFC 6544 section 4.2: below every UDP candidate; passive has direction preference 4 of 0
    // to 7.
    return (90U << 24) | (((4U << 13) | (8191U - std::min<std::uint32_t>(rank, 8191))) << 8) |
           (256 - component);
}

std::string Candidate::to_line() const {
    const bool tcp = protocol == Protocol::tcp;
    std::string line = "candidate:" + foundation + " " + std::to_string(component) +
                       (tcp ? " tcp " : " udp ") + std::to_string(priority) + " " + address.ip() +
                       " " + std::to_string(address.port()) + " typ ";
    line += type_names[static_cast<std::size_t>(type)];
    if (tcp_type != TcpType::none) {
        line += " tcptype ";
        line += tcp_type_names[static_cast<std::size_t>(tcp_type)];
    }
    return line;
}

Expected<Candidate, CandidateError> Candidate::parse(std::string_view line) {
    if (line.size() > line_limit) return fail(CandidateError::syntax);
    if (line.starts_with("a=")) line.remove_prefix(2);
    if (!line.starts_with("candidate:")) return fail(CandidateError::syntax);
    const auto words = words_of(line.substr(10));
    if (words.size() < 8 || words[6] != "typ") return fail(CandidateError::syntax);

    Candidate candidate;
    const auto component = number_of<std::uint16_t>(words[1]);
    const auto priority = number_of<std::uint32_t>(words[3]);
    const auto type = named<CandidateType>(type_names, words[7]);
    if (!is_foundation(words[0]) || !component || !priority) return fail(CandidateError::syntax);
    if (!type) return fail(CandidateError::unsupported);
    candidate.foundation = words[0];
    candidate.component = *component;
    candidate.priority = *priority;
    candidate.type = *type;
    if (auto read = read_transport(candidate, words[2]); !read) return fail(read.error());
    if (auto read = read_address(candidate, words[4], words[5]); !read) return fail(read.error());
    for (std::size_t i = 8; i + 1 < words.size(); i += 2) {
        if (words[i] != "tcptype") continue;
        const auto tcp_type = named<TcpType>(tcp_type_names, words[i + 1]);
        if (!tcp_type) return fail(CandidateError::syntax);
        candidate.tcp_type = *tcp_type;
    }
    return candidate;
}

}  // namespace aula::ice
