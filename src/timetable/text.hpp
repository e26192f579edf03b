// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "timetable/words.hpp"

namespace aula::timetable {

inline constexpr Words too_large{"the file is over 8 MB", "die Datei ist größer als 8 MB"};
inline constexpr Words too_many_rows{"more than 20000 rows", "mehr als 20000 Zeilen"};

Error refused(std::string text);
/// Of a reading that was to end early; its asker is gone.
Error is_stopped();
/// "line 3: ...", "Zeile 3: ..."
Error at_line(std::size_t line, std::string_view what, Language language);
std::string_view trimmed(std::string_view text);
/// Lower case, letters and digits only, umlauts without their dots: "Gültig ab" is "gultigab".
std::string plain(std::string_view text);
/// Without a byte order mark; what is not UTF-8 is taken for Windows-1252, as spreadsheets write.
std::string as_utf8(std::string_view text);
/// A number of people from 1 to most_seats: "27", "27,5" (an average: 28), "1.200", "1,200".
std::optional<std::uint32_t> read_size(std::string_view text);

}  // namespace aula::timetable
