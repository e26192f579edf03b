// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aula {

/// A cell of RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in
/// front, which CsvReader takes off again.
std::string csv_cell(std::string_view text);

/// Reads the records of a text, RFC 4180 and what spreadsheets make of it: any separator, any line
/// ends, quotes around what holds them.
class CsvReader {
public:
    CsvReader(std::string_view text, char separator) : rest_(text), separator_(separator) {}

    /// The next record that is not empty; nothing at the end, or when a quote is never closed.
    std::optional<std::vector<std::string>> next();
    /// Of the record that next() gave; the first line is 1.
    std::size_t line() const { return line_; }
    bool is_broken() const { return is_broken_; }

private:
    bool cell(std::vector<std::string>& record);  // true: another follows
    void end_line();

    std::string_view rest_;
    char separator_;
    std::size_t line_ = 0;
    std::size_t next_line_ = 1;
    bool is_broken_ = false;
};

}  // namespace aula
