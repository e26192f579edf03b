// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "timetable/school.hpp"

namespace aula::timetable {

namespace {

std::optional<int> digits(std::string_view text, std::size_t least, std::size_t most) {
    if (text.size() < least || text.size() > most) return std::nullopt;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<Date> date_of(std::optional<int> year, std::optional<int> month,
                            std::optional<int> day) {
    if (!year || !month || !day || *year < 1970 || *year > 2200) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return Date(date);
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
    const auto dash = text.find('-');
    if (dash != text.npos) {
        if (text.size() != 10 || text[7] != '-') return std::nullopt;
        return date_of(digits(text.substr(0, 4), 4, 4), digits(text.substr(5, 2), 2, 2),
                       digits(text.substr(8, 2), 2, 2));
    }
    const auto first = text.find('.');
    const auto second = first == text.npos ? first : text.find('.', first + 1);
    if (second == text.npos) return std::nullopt;
    const auto year = digits(text.substr(second + 1), 2, 4);
    const bool is_short = text.size() - second - 1 == 2;
    return date_of(year && is_short ? std::optional(*year + 2000) : year,
                   digits(text.substr(first + 1, second - first - 1), 1, 2),
                   digits(text.substr(0, first), 1, 2));
}

std::string format_date(Date date) {
    const std::chrono::year_month_day parts(date);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(parts.year()),
                       static_cast<unsigned>(parts.month()), static_cast<unsigned>(parts.day()));
}

std::optional<TimeOfDay> parse_time(std::string_view text) {
    const auto mark = text.find_first_of(":.");
    std::optional<int> hours, minutes;
    if (mark != text.npos) {
        hours = digits(text.substr(0, mark), 1, 2);
        minutes = digits(text.substr(mark + 1), 2, 2);
    } else if (text.size() == 4) {
        hours = digits(text.substr(0, 2), 2, 2);
        minutes = digits(text.substr(2), 2, 2);
    }
    if (!hours || !minutes || *minutes > 59) return std::nullopt;
    const TimeOfDay time(*hours * 60 + *minutes);
    return time <= std::chrono::hours(24) ? std::optional(time) : std::nullopt;
}

std::string format_time(TimeOfDay time) {
    return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
}

}  // namespace aula::timetable
