// SPDX-License-Identifier: Apache-2.0
#include "timetable/recurrence.hpp"

#include <algorithm>

namespace aula::timetable {

namespace {

using namespace std::chrono;
using Frequency = Recurrence::Frequency;

/// One day and where it lies, so that rules are questions about numbers.
struct RuleDay {
    explicit RuleDay(Date d) : date(d), parts(d), weekday_(d) {
        month_length =
            static_cast<int>(static_cast<unsigned>((parts.year() / parts.month() / last).day()));
        of_month = static_cast<int>(static_cast<unsigned>(parts.day()));
        of_year = static_cast<int>((d - Date(parts.year() / January / 1)).count()) + 1;
        year_length = parts.year().is_leap() ? 366 : 365;
    }
    Date date;
    year_month_day parts;
    weekday weekday_;
    int month_length, of_month, of_year, year_length;
};

bool has(const std::vector<int>& list, int value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}
/// Counted from the beginning (1) or the end (-1).
bool has(const std::vector<int>& list, int value, int of) {
    return has(list, value) || has(list, value - of - 1);
}

class RuleExpansion {
public:
    RuleExpansion(const Recurrence& rule, LocalTime start, std::pair<Date, Date> window,
                  std::size_t& steps)
        : rule_(rule), start_(start), first_(start.date), window_(window), steps_(steps) {}

    std::optional<std::vector<Date>> run();

private:
    struct Period {
        Date from, until;  // until is not in it
    };
    Period period(std::int64_t number) const;
    std::int64_t first_number() const;
    bool is_in_rule(const RuleDay& day) const;
    bool is_weekday(const RuleDay& day) const;
    bool is_by_default(const RuleDay& day) const;
    bool is_week(const RuleDay& day) const;
    Date week_begin(Date date) const { return date - (weekday(date) - rule_.week_start); }
    std::vector<Date> days_in(const Period& period);
    /// False: this was the last.
    bool take(Date date);

    const Recurrence& rule_;
    LocalTime start_;
    RuleDay first_;
    std::pair<Date, Date> window_;
    std::size_t& steps_;
    std::size_t taken_ = 0;
    std::vector<Date> found_;
};

RuleExpansion::Period RuleExpansion::period(std::int64_t number) const {
    const std::int64_t steps = number * rule_.interval;
    const year_month month = first_.parts.year() / first_.parts.month();
    switch (rule_.frequency) {
        case Frequency::daily: {
            const Date day = start_.date + days(steps);
            return {day, day + days(1)};
        }
        case Frequency::weekly: {
            const Date day = week_begin(start_.date) + days(7 * steps);
            return {day, day + days(7)};
        }
        case Frequency::monthly: {
            const auto at = month + months(static_cast<int>(steps));
            return {Date(at / 1), Date((at + months(1)) / 1)};
        }
        default: {
            const auto at = month.year() + years(static_cast<int>(steps));
            return {Date(at / January / 1), Date((at + years(1)) / January / 1)};
        }
    }
}

/// The last that ends before the window, where nothing has to be counted from the beginning.
std::int64_t RuleExpansion::first_number() const {
    if (rule_.count != 0 || window_.first <= start_.date) return 0;
    static constexpr int longest[] = {1, 7, 31, 366};
    const auto days_between = (window_.first - start_.date).count();
    return days_between / longest[static_cast<std::size_t>(rule_.frequency)] / rule_.interval;
}

bool RuleExpansion::is_weekday(const RuleDay& day) const {
    const bool in_month = rule_.frequency == Frequency::monthly || !rule_.months.empty();
    const int of = in_month ? day.of_month : day.of_year;
    const int length = in_month ? day.month_length : day.year_length;
    return std::any_of(rule_.weekdays.begin(), rule_.weekdays.end(),
                       [&](const Recurrence::WeekdayOf& one) {
                           if (one.day != day.weekday_) return false;
                           if (one.position == 0) return true;
                           return one.position > 0 ? (of - 1) / 7 + 1 == one.position
                                                   : (length - of) / 7 + 1 == -one.position;
                       });
}

/// Weeks of which four days lie in the year are its own.
bool RuleExpansion::is_week(const RuleDay& day) const {
    const auto first_week = [&](year y) { return week_begin(Date(y / January / 4)); };
    year y = day.parts.year();
    if (day.date < first_week(y))
        --y;
    else if (day.date >= first_week(y + years(1)))
        ++y;
    const auto week = static_cast<int>((day.date - first_week(y)).count() / 7) + 1;
    const auto weeks_of_year =
        static_cast<int>((first_week(y + years(1)) - first_week(y)).count() / 7);
    return has(rule_.weeks, week, weeks_of_year);
}

/// What the rule does not say, its start does.
bool RuleExpansion::is_by_default(const RuleDay& day) const {
    if (rule_.frequency == Frequency::daily || !rule_.weekdays.empty() ||
        !rule_.month_days.empty() || !rule_.year_days.empty())
        return true;
    if (rule_.frequency == Frequency::weekly || !rule_.weeks.empty())
        return day.weekday_ == first_.weekday_;
    if (rule_.frequency == Frequency::yearly && rule_.months.empty() &&
        day.parts.month() != first_.parts.month())
        return false;
    return day.of_month == first_.of_month;
}

bool RuleExpansion::is_in_rule(const RuleDay& day) const {
    const auto month = static_cast<int>(static_cast<unsigned>(day.parts.month()));
    if (!rule_.months.empty() && !has(rule_.months, month)) return false;
    if (!rule_.weeks.empty() && !is_week(day)) return false;
    if (!rule_.year_days.empty() && !has(rule_.year_days, day.of_year, day.year_length))
        return false;
    if (!rule_.month_days.empty() && !has(rule_.month_days, day.of_month, day.month_length))
        return false;
    if (!rule_.weekdays.empty() && !is_weekday(day)) return false;
    return is_by_default(day);
}

std::vector<Date> RuleExpansion::days_in(const Period& span) {
    std::vector<Date> in_rule;
    for (Date date = span.from; date < span.until && steps_ > 0; date += days(1), --steps_) {
        if (is_in_rule(RuleDay(date))) in_rule.push_back(date);
    }
    if (rule_.positions.empty()) return in_rule;
    std::vector<Date> picked;
    const auto size = static_cast<int>(in_rule.size());
    for (int i = 0; i < size; ++i) {
        if (has(rule_.positions, i + 1, size))
            picked.push_back(in_rule[static_cast<std::size_t>(i)]);
    }
    return picked;
}

bool RuleExpansion::take(Date date) {
    if (date < start_.date) return true;
    if (date > window_.second) return false;
    if (rule_.until && std::pair(date, start_.since_midnight) >
                           std::pair(rule_.until->date, rule_.until->since_midnight))
        return false;
    if (date >= window_.first) found_.push_back(date);
    return ++taken_ != rule_.count;
}

std::optional<std::vector<Date>> RuleExpansion::run() {
    if (rule_.interval == 0) return std::nullopt;
    for (std::int64_t number = first_number();; ++number) {
        const Period span = period(number);
        if (span.from > window_.second || (rule_.until && span.from > rule_.until->date)) break;
        if (steps_ == 0) return std::nullopt;
        const auto in_rule = days_in(span);
        if (!std::all_of(in_rule.begin(), in_rule.end(), [&](Date date) { return take(date); }))
            break;
    }
    return std::move(found_);
}

}  // namespace

std::optional<std::vector<Date>> expand(const Recurrence& rule, LocalTime start,
                                        std::pair<Date, Date> window, std::size_t& steps) {
    return RuleExpansion(rule, start, window, steps).run();
}

}  // namespace aula::timetable
