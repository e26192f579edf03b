// SPDX-License-Identifier: Apache-2.0
#include "timetable/fold.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace aula::timetable {

namespace {

using std::chrono::days;

// Longer than a term's holidays: what comes then is another timetable.
constexpr std::size_t most_weeks_left_out = 8;

auto series(const Occurrence& one) {
    return std::tuple(std::string_view(one.course), std::chrono::weekday(one.date).c_encoding(),
                      one.from, one.to, one.size, std::string_view(one.meeting));
}

class Folding {
public:
    Folding(const School& school, const std::vector<DaysOff>& more, Date looked_until)
        : school_(school), looked_until_(looked_until) {
        for (const auto* list : {&school.days_off, &more}) {
            for (const DaysOff& off : *list) {
                for (Date date = off.first; date <= off.last; date += days(1)) off_.insert(date);
            }
        }
    }

    /// One series, by date.
    void add(const Occurrence* first, const Occurrence* last) {
        const days step(is_each_other_week(first, last) ? 14 : 7);
        Row row;
        for (const Occurrence* one = first; one != last; ++one) {
            if (one != first && one->date == *row.valid_until) continue;
            auto left_out = one == first ? std::vector<Date>() : between(row, one->date, step);
            const bool is_new = one == first || left_out.size() > most_weeks_left_out ||
                                row.not_on.size() + left_out.size() > most_row_exceptions;
            if (is_new && one != first) rows.push_back(std::move(row));
            if (is_new)
                row = begin(*one, step);
            else
                row.not_on.insert(row.not_on.end(), left_out.begin(), left_out.end());
            row.valid_until = one->date;
        }
        if (days(7 * (last - 1)->endless_weeks) == step && *row.valid_until + step > looked_until_)
            row.valid_until.reset();
        rows.push_back(std::move(row));
    }

    std::vector<Row> rows;

private:
    /// Whole weeks from the first A week's Monday.
    bool is_week_a(Date date) const {
        const auto monday = [](Date day) {
            return day - (std::chrono::weekday(day) - std::chrono::Monday);
        };
        return (monday(date) - monday(*school_.week_a)) / days(7) % 2 == 0;
    }

    bool is_each_other_week(const Occurrence* first, const Occurrence* last) const {
        if (!school_.week_a || last - first < 2) return false;
        return std::all_of(first, last, [&](const Occurrence& one) {
            return (one.date - first->date) % days(14) == days(0);
        });
    }

    Row begin(const Occurrence& one, days step) const {
        Row row;
        row.day = std::chrono::weekday(one.date);
        row.from = one.from;
        row.to = one.to;
        for (const Slot& slot : school_.slots) {
            if (slot.from == one.from && slot.to == one.to) row.slot = slot.name;
        }
        if (!row.slot.empty()) row.from = row.to = {};
        row.course = one.course;
        row.size = one.size;
        row.meeting = one.meeting;
        row.valid_from = one.date;
        if (step == days(14)) row.weeks = is_week_a(one.date) ? Weeks::a : Weeks::b;
        return row;
    }

    std::vector<Date> between(const Row& row, Date date, days step) const {
        std::vector<Date> left_out;
        for (Date day = *row.valid_until + step; day < date; day += step) {
            if (!off_.contains(day)) left_out.push_back(day);
        }
        return left_out;
    }

    const School& school_;
    Date looked_until_;
    std::set<Date> off_;
};

}  // namespace

std::vector<Row> fold(std::vector<Occurrence> occurrences, const School& school,
                      const std::vector<DaysOff>& more_days_off, Date looked_until) {
    std::sort(occurrences.begin(), occurrences.end(), [](const auto& a, const auto& b) {
        return std::pair(series(a), a.date) < std::pair(series(b), b.date);
    });
    Folding folding(school, more_days_off, looked_until);
    const Occurrence* at = occurrences.data();
    const Occurrence* const end = at + occurrences.size();
    while (at != end) {
        const Occurrence* next = std::find_if(
            at, end, [&](const Occurrence& one) { return series(one) != series(*at); });
        folding.add(at, next);
        at = next;
    }
    // As a timetable is read: by day and time.
    std::stable_sort(folding.rows.begin(), folding.rows.end(), [&](const Row& a, const Row& b) {
        return std::pair(a.day.iso_encoding(), a.from) < std::pair(b.day.iso_encoding(), b.from);
    });
    return std::move(folding.rows);
}

}  // namespace aula::timetable
