// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include <algorithm>

namespace aula {

namespace {

bool looks_like_formula(std::string_view text) {
    return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != text.npos;
}

}  // namespace

std::string csv_cell(std::string_view text) {
    std::string cell(looks_like_formula(text) ? "'" : "");
    cell += text;
    if (cell.find_first_of(",;\t\"\r\n") == cell.npos) return cell;
    std::string quoted = "\"";
    for (const char c : cell) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

void CsvReader::end_line() {
    if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
    if (!rest_.empty()) rest_.remove_prefix(1);
    ++next_line_;
}

bool CsvReader::cell(std::vector<std::string>& record) {
    std::string text;
    if (rest_.starts_with('"')) {
        rest_.remove_prefix(1);
        while (true) {
            const auto quote = rest_.find('"');
            if (quote == rest_.npos) {
                is_broken_ = true;
                return false;
            }
            const auto part = rest_.substr(0, quote);
            next_line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
            text += part;
            rest_.remove_prefix(quote + 1);
            if (!rest_.starts_with('"')) break;
            text += '"';
            rest_.remove_prefix(1);
        }
    }
    const char ends[] = {separator_, '\r', '\n', '\0'};
    const auto end = std::min(rest_.find_first_of(ends), rest_.size());
    text += rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (text.starts_with('\'') && looks_like_formula(std::string_view(text).substr(1)))
        text.erase(0, 1);
    record.push_back(std::move(text));
    if (rest_.empty()) return false;
    if (rest_.front() != separator_) return false;
    rest_.remove_prefix(1);
    return true;
}

std::optional<std::vector<std::string>> CsvReader::next() {
    while (!rest_.empty() && !is_broken_) {
        line_ = next_line_;
        std::vector<std::string> record;
        while (cell(record)) {
        }
        if (is_broken_) return std::nullopt;
        end_line();
        const bool is_empty = std::all_of(record.begin(), record.end(),
                                          [](const std::string& text) { return text.empty(); });
        if (!is_empty) return record;
    }
    return std::nullopt;
}

}  // namespace aula
