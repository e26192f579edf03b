// SPDX-License-Identifier: Apache-2.0
#include "timetable/posix_zone.hpp"

#include <chrono>

namespace aula::timetable {

namespace {

/// Reads from the front of a text; everything answers nothing when it is not there.
struct Reader {
    std::string_view rest;

    bool take(char c) {
        if (rest.empty() || rest.front() != c) return false;
        rest.remove_prefix(1);
        return true;
    }
    std::optional<int> number(int most) {
        int value = 0;
        std::size_t digits = 0;
        while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9' && digits < 4) {
            value = value * 10 + (rest[digits] - '0');
            ++digits;
        }
        if (digits == 0 || value > most) return std::nullopt;
        rest.remove_prefix(digits);
        return value;
    }
    /// hh[:mm[:ss]], in seconds.
    std::optional<std::int32_t> time(int most_hours) {
        const bool is_negative = take('-');
        if (!is_negative) take('+');
        const auto hours = number(most_hours);
        if (!hours) return std::nullopt;
        std::int32_t value = *hours * 3600;
        for (const int unit : {60, 1}) {
            if (!take(':')) break;
            const auto part = number(59);
            if (!part) return std::nullopt;
            value += *part * unit;
        }
        return is_negative ? -value : value;
    }
    bool name() {
        const bool is_quoted = take('<');
        std::size_t length = 0;
        const auto belongs = [&](char c) {
            if (is_quoted) return c != '>';
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        };
        while (length < rest.size() && belongs(rest[length])) ++length;
        if (length < 3) return false;
        rest.remove_prefix(length);
        return !is_quoted || take('>');
    }
    std::optional<PosixZone::Day> day() {
        PosixZone::Day day;
        using Kind = PosixZone::Day::Kind;
        if (take('M')) {
            const auto month = number(12);
            const auto week = take('.') ? number(5) : std::nullopt;
            const auto weekday = take('.') ? number(6) : std::nullopt;
            if (!month || !week || !weekday || *month == 0 || *week == 0) return std::nullopt;
            day.month = static_cast<unsigned>(*month);
            day.week = static_cast<unsigned>(*week);
            day.weekday = static_cast<unsigned>(*weekday);
        } else {
            day.kind = take('J') ? Kind::without_leap_day : Kind::with_leap_day;
            const auto number_in_year = number(365);
            if (!number_in_year) return std::nullopt;
            if (day.kind == Kind::without_leap_day && *number_in_year == 0) return std::nullopt;
            day.day_of_year = *number_in_year;
        }
        if (take('/')) {
            const auto at = time(167);
            if (!at) return std::nullopt;
            day.time = *at;
        }
        return day;
    }
};

std::int64_t seconds_of(std::chrono::sys_days day) {
    return std::int64_t{day.time_since_epoch().count()} * 86'400;
}

}  // namespace

std::optional<PosixZone> PosixZone::parse(std::string_view text) {
    Reader reader{text};
    PosixZone zone;
    if (!reader.name()) return std::nullopt;
    const auto standard = reader.time(24);
    if (!standard) return std::nullopt;
    zone.standard_ = -*standard;  // POSIX counts to the west
    if (reader.rest.empty()) return zone;
    if (!reader.name()) return std::nullopt;
    zone.has_summer_ = true;
    zone.summer_ = zone.standard_ + 3600;
    if (!reader.rest.empty() && reader.rest.front() != ',') {
        const auto summer = reader.time(24);
        if (!summer) return std::nullopt;
        zone.summer_ = -*summer;
    }
    for (Day* day : {&zone.begin_, &zone.end_}) {
        const auto read = reader.take(',') ? reader.day() : std::nullopt;
        if (!read) return std::nullopt;
        *day = *read;
    }
    return reader.rest.empty() ? std::optional(zone) : std::nullopt;
}

std::int64_t PosixZone::Day::in_year(int year) const {
    using namespace std::chrono;
    const std::chrono::year y{year};
    if (kind != Kind::month_week_day) {
        const bool skips = kind == Kind::without_leap_day && y.is_leap() && day_of_year >= 60;
        const int first = kind == Kind::without_leap_day ? 1 : 0;
        return seconds_of(sys_days(y / 1 / 1) + days(day_of_year - first + (skips ? 1 : 0))) + time;
    }
    const std::chrono::month m{month};
    const std::chrono::weekday w{weekday};
    if (week == 5) return seconds_of(sys_days(y / m / w[last])) + time;
    return seconds_of(sys_days(y / m / w[week])) + time;
}

std::int32_t PosixZone::offset(std::int64_t unix_seconds) const {
    if (!has_summer_) return standard_;
    using namespace std::chrono;
    const sys_seconds shown{seconds(unix_seconds + standard_)};
    const int year = static_cast<int>(year_month_day(floor<days>(shown)).year());
    const std::int64_t begin = begin_.in_year(year) - standard_;
    const std::int64_t end = end_.in_year(year) - summer_;
    const bool is_summer = begin < end ? unix_seconds >= begin && unix_seconds < end
                                       : unix_seconds >= begin || unix_seconds < end;
    return is_summer ? summer_ : standard_;
}

}  // namespace aula::timetable
