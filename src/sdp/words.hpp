// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace aula::sdp {

/// Takes words off a line, one space (or any other character) between them.
class Words {
public:
    explicit Words(std::string_view line) : rest_(line) {}

    /// The next word; empty at the end.
    std::string_view next(char separator = ' ') {
        while (!rest_.empty() && rest_.front() == separator) rest_.remove_prefix(1);
        const auto end = std::min(rest_.find(separator), rest_.size());
        const auto word = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return word;
    }
    /// All that is left, without the separator before it.
    std::string_view rest(char separator = ' ') const {
        const auto start = rest_.find_first_not_of(separator);
        return start == std::string_view::npos ? std::string_view{} : rest_.substr(start);
    }

private:
    std::string_view rest_;
};

/// A decimal number and nothing else.
template <class Number>
std::optional<Number> number(std::string_view word) {
    Number value{};
    const char* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, value);
    if (error != std::errc{} || stop != end || word.empty()) return std::nullopt;
    return value;
}

}  // namespace aula::sdp
