// SPDX-License-Identifier: Apache-2.0
#include "timetable/school.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/encoding.hpp"

namespace aula::timetable {

namespace {

using std::chrono::days;
constexpr TimeOfDay whole_day = std::chrono::hours(24);

Error wrong(std::string text) { return {ErrorCode::invalid, std::move(text)}; }

bool is_text(std::string_view text) {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    };
    return text.size() <= most_name_bytes && is_utf8(text) &&
           std::none_of(text.begin(), text.end(), is_control);
}

bool is_stretch(TimeOfDay from, TimeOfDay to) {
    return from >= TimeOfDay(0) && from < whole_day && to >= TimeOfDay(0) && to <= whole_day &&
           from != to;
}

Expected<void, Error> check_slots(const School& school) {
    if (school.slots.size() > most_slots) return fail(wrong("more than 40 lesson times"));
    std::set<std::string_view> names;
    for (const Slot& slot : school.slots) {
        if (slot.name.empty() || !is_text(slot.name))
            return fail(wrong("a lesson time needs a name"));
        if (!names.insert(slot.name).second)
            return fail(wrong("two lesson times are named \"" + slot.name + "\""));
        if (!is_stretch(slot.from, slot.to))
            return fail(wrong("lesson \"" + slot.name + "\" needs two times of day"));
    }
    return {};
}

Expected<void, Error> check_days_off(const School& school) {
    if (school.days_off.size() > most_days_off) return fail(wrong("more than 400 stretches off"));
    for (const DaysOff& off : school.days_off) {
        if (!is_text(off.name)) return fail(wrong("the name of a day off is too long"));
        if (off.last < off.first || off.last - off.first > days(400))
            return fail(wrong("\"" + off.name + "\" ends before it begins, or after a year"));
    }
    return {};
}

/// FNV-1a of 64 bits.
std::uint64_t key_of(std::string_view school, std::string_view course, WallTime start) {
    std::uint64_t key = 14695981039346656037u;
    const auto mix = [&](std::string_view text) {
        for (const char c : text) {
            key ^= static_cast<unsigned char>(c);
            key *= 1099511628211u;
        }
    };
    mix(school);
    mix(std::string_view("\0", 1));
    mix(course);
    mix(std::string_view("\0", 1));
    mix(std::to_string(unix_ms(start)));
    return key;
}

Date monday_of(Date date) { return date - (std::chrono::weekday(date) - std::chrono::Monday); }

/// One school's rows over a stretch of days.
class Expansion {
public:
    Expansion(const School& school, const Zone& zone, WallTime from, WallTime until)
        : school_(school), zone_(zone), from_(from), until_(until) {
        for (const Slot& slot : school.slots) slots_.emplace(slot.name, &slot);
    }

    void add_day(Date date) {
        if (is_off(school_, date)) return;
        const std::chrono::weekday day(date);
        for (const Row& row : school_.rows) {
            if (row.day == day && is_on(row, date)) add(row, date);
        }
    }
    std::vector<AnnouncedLesson> finish() &&;

private:
    bool is_on(const Row& row, Date date) const {
        if (row.valid_from && date < *row.valid_from) return false;
        if (row.valid_until && date > *row.valid_until) return false;
        if (row.weeks != Weeks::every) {
            const auto apart = (monday_of(date) - monday_of(*school_.week_a)) / days(7);
            if ((apart % 2 == 0) != (row.weeks == Weeks::a)) return false;
        }
        return !std::binary_search(row.not_on.begin(), row.not_on.end(), date);
    }

    void add(const Row& row, Date date) {
        const auto slot = row.slot.empty() ? slots_.end() : slots_.find(row.slot);
        const TimeOfDay from = slot == slots_.end() ? row.from : slot->second->from;
        const TimeOfDay to = slot == slots_.end() ? row.to : slot->second->to;
        AnnouncedLesson lesson;
        lesson.start = zone_.utc(date, from);
        lesson.end = zone_.utc(to < from ? date + days(1) : date, to);
        // The hour that a clock change leaves out, or has twice, may turn a lesson around.
        if (lesson.end <= lesson.start)
            lesson.end = lesson.start + (to - from + (to < from ? whole_day : TimeOfDay(0)));
        if (lesson.start < from_ || lesson.start >= until_) return;
        lesson.size = row.size;
        lesson.course = row.course;
        lesson.meeting = row.meeting;
        lesson.key = key_of(school_.id, row.course, lesson.start);
        lessons_.push_back(std::move(lesson));
    }

    const School& school_;
    const Zone& zone_;
    WallTime from_, until_;
    std::map<std::string_view, const Slot*> slots_;
    std::vector<AnnouncedLesson> lessons_;
};

std::vector<AnnouncedLesson> Expansion::finish() && {
    std::sort(lessons_.begin(), lessons_.end(), [](const auto& a, const auto& b) {
        return std::tie(a.start, a.course) < std::tie(b.start, b.course);
    });
    std::vector<AnnouncedLesson> merged;
    for (AnnouncedLesson& lesson : lessons_) {
        if (merged.empty() || merged.back().key != lesson.key) {
            merged.push_back(std::move(lesson));
            continue;
        }
        AnnouncedLesson& same = merged.back();
        same.end = std::max(same.end, lesson.end);
        same.size = std::max(same.size, lesson.size);
        if (same.meeting.empty()) same.meeting = std::move(lesson.meeting);
    }
    return merged;
}

}  // namespace

std::optional<Words> what_is_wrong(const Row& row, const School& school) {
    const auto has_slot = [&](const Slot& slot) { return slot.name == row.slot; };
    if (!row.day.ok()) return Words{"has no weekday", "hat keinen Wochentag"};
    if (row.course.empty() || !is_text(row.course))
        return Words{"has no course, or too long a name",
                     "hat keinen Kurs, oder einen zu langen Namen"};
    if (!is_text(row.meeting))
        return Words{"has too long a meeting", "hat eine zu lange Konferenz"};
    if (row.size == 0 || row.size > most_seats)
        return Words{"needs a size from 1 to 5000", "braucht eine Anzahl von 1 bis 5000"};
    if (row.slot.empty() && !is_stretch(row.from, row.to))
        return Words{"needs two times of day", "braucht zwei Uhrzeiten"};
    if (!row.slot.empty() && std::none_of(school.slots.begin(), school.slots.end(), has_slot))
        return Words{"is in a lesson that the school's lesson times do not have",
                     "liegt in einer Stunde, die in den Unterrichtszeiten der Schule fehlt"};
    if (row.weeks != Weeks::every && !school.week_a)
        return Words{"is for A or B weeks, and no A week is given",
                     "ist für A- oder B-Wochen, und es ist kein Tag einer A-Woche angegeben"};
    if (row.valid_from && row.valid_until && *row.valid_until < *row.valid_from)
        return Words{"ends before it begins", "endet, bevor es beginnt"};
    if (row.not_on.size() > most_row_exceptions)
        return Words{"has more than 400 exceptions", "hat mehr als 400 Ausnahmen"};
    return std::nullopt;
}

bool is_school_id(std::string_view id) {
    const auto is_good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), is_good);
}

bool is_off(const School& school, Date date) {
    return std::any_of(school.days_off.begin(), school.days_off.end(),
                       [&](const DaysOff& off) { return off.first <= date && date <= off.last; });
}

Expected<void, Error> check(const School& school) {
    if (!is_school_id(school.id))
        return fail(wrong("a school's id is made of a-z, 0-9 and '-', at most 64"));
    if (school.name.empty() || !is_text(school.name))
        return fail(wrong("the school needs a name of at most 200 bytes"));
    if (const auto zone = Zone::load(school.zone); !zone) return fail(wrong(zone.error().text));
    if (auto checked = check_slots(school); !checked) return checked;
    if (auto checked = check_days_off(school); !checked) return checked;
    if (school.rows.size() > most_rows) return fail(wrong("more than 20000 rows"));
    for (std::size_t i = 0; i < school.rows.size(); ++i) {
        const Row& row = school.rows[i];
        if (const auto what = what_is_wrong(row, school))
            return fail(wrong("row " + std::to_string(i + 1) + " " + std::string(what->english)));
        if (!std::is_sorted(row.not_on.begin(), row.not_on.end()))
            return fail(wrong("row " + std::to_string(i + 1) + " has exceptions out of order"));
    }
    return {};
}

std::vector<AnnouncedLesson> expand(const School& school, const Zone& zone, WallTime from,
                                    WallTime until) {
    if (until <= from) return {};
    // A time that a clock change moves may lie on the next day.
    const Date last = zone.date(until) + days(1);
    Expansion expansion(school, zone, from, until);
    for (Date date = zone.date(from) - days(1); date <= last; date += days(1))
        expansion.add_day(date);
    return std::move(expansion).finish();
}

}  // namespace aula::timetable
