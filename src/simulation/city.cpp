// SPDX-License-Identifier: Apache-2.0
#include "simulation/city.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "simulation/chance.hpp"

namespace aula::simulation {
namespace {

using std::chrono::minutes;

constexpr WallTime school_year{std::chrono::sys_days{std::chrono::year{2026} / 8 / 31}};
constexpr auto lesson_length = minutes(45);
constexpr std::array<unsigned, 14> holiday_weeks = {6,  7,  16, 17, 23, 30, 31,
                                                    38, 46, 47, 48, 49, 50, 51};
constexpr std::array<unsigned, 5> days_off = {33, 64, 242, 255, 266};
constexpr std::array<int, 7> breaks = {5, 20, 5, 15, 5, 45, 5};  // minutes after the nth lesson
constexpr double lockdown_factor = 10;
constexpr double hours_a_day = 6.5;  // of a class, in the mean

// What a stream of chance is for.
enum Purpose : std::uint64_t { of_school = 1, of_class, of_slot, of_course, of_lesson, of_room };

struct School {
    fleet::SchoolKey key;
    minutes first_bell;
    double unannounced;
    bool forgets_lockdown;
    unsigned classes;
};

School school_of(const CityTraits& city, fleet::SchoolKey key, unsigned pupils) {
    Chance chance({city.seed, of_school, key});
    School school{};
    school.key = key;
    school.first_bell = minutes(7 * 60 + 30 + 5 * static_cast<int>(chance.below(11)));
    school.unannounced = chance.uniform(city.unannounced_least, city.unannounced_most);
    school.forgets_lockdown = chance.happens(city.unannounced_by);
    school.classes = std::max(1u, (pupils + 12) / 25);
    return school;
}

/// More in winter than in summer; 1 in the mean of a year.
double season(unsigned day) {
    constexpr double peak_day = 120;  // the end of December
    return 1 + 0.5 * std::cos(2 * std::numbers::pi * (day - peak_day) / 365);
}

class Day {
public:
    Day(const CityTraits& city, unsigned day) : city_(city), day_(day) {
        const auto lockdown = lockdown_week(city);
        is_lockdown_ = lockdown && day / 7 == *lockdown;
        is_first_of_lockdown_ = is_lockdown_ && (day == 0 || (day - 1) / 7 != *lockdown);
        share_ = std::min(1.0, city.online * season(day) * (is_lockdown_ ? lockdown_factor : 1));
    }

    std::vector<Lesson> lessons();

private:
    void add_class(const School& school, unsigned number);
    void add_lesson(const School& school, unsigned number, unsigned slot, minutes bell);
    void add_rooms(const School& school);
    Lesson attended(Chance& chance, WallTime bell, fleet::Seats roster, double attendance) const;
    WallTime at(minutes time_of_day) const {
        return school_year + std::chrono::hours(24 * day_) + time_of_day;
    }
    fleet::LessonKey key(const School& school, unsigned number, unsigned slot) const {
        return ((day_ * 100'000ull + school.key) * 1'000 + number) * 100 + slot;
    }

    const CityTraits& city_;
    unsigned day_;
    bool is_lockdown_ = false;
    bool is_first_of_lockdown_ = false;
    double share_ = 0;
    std::vector<Lesson> lessons_;
};

std::vector<Lesson> Day::lessons() {
    if (!is_school_day(day_)) return {};
    const auto schools = std::max(1u, city_.pupils / std::max(1u, city_.pupils_a_school));
    for (unsigned key = 0; key < schools; ++key) {
        // The last pupils are spread, so that all are somewhere.
        const auto pupils = city_.pupils / schools + (key < city_.pupils % schools ? 1 : 0);
        const auto school = school_of(city_, key, pupils);
        for (unsigned number = 0; number < school.classes; ++number) add_class(school, number);
        add_rooms(school);
    }
    std::sort(lessons_.begin(), lessons_.end(), [](const Lesson& a, const Lesson& b) {
        return std::pair(a.first_mention(), a.key) < std::pair(b.first_mention(), b.key);
    });
    return std::move(lessons_);
}

void Day::add_class(const School& school, unsigned number) {
    Chance chance({city_.seed, of_class, school.key, number, day_ % 7});
    const bool whole_days = chance.happens(0.5);  // such a class is at home for a day, or not
    const double of_this_day = chance.uniform();
    const unsigned hours = 5 + chance.below(4);
    auto bell = school.first_bell;
    for (unsigned slot = 0; slot < hours; ++slot) {
        const double lot = whole_days ? of_this_day : chance.uniform();
        if (lot < share_) add_lesson(school, number, slot, bell);
        bell += lesson_length + minutes(breaks[std::min<std::size_t>(slot, breaks.size() - 1)]);
    }
}

void Day::add_lesson(const School& school, unsigned number, unsigned slot, minutes bell) {
    const std::uint64_t course_number = (school.key * 1'000ull + number) * 6 + slot % 6;
    Chance course({city_.seed, of_course, course_number});
    Chance size({city_.seed, of_class, school.key, number});
    const double pupils = std::clamp(25 + 4 * size.normal(), 8.0, 34.0);
    const double wrong = course.happens(city_.roster_wrong) ? course.uniform(0.7, 1.3) : 1.0;
    const double attendance = std::clamp(city_.attendance + 0.04 * course.normal(), 0.6, 1.0);

    Chance chance({city_.seed, of_lesson, key(school, number, slot)});
    auto real_bell = at(bell);
    if (chance.happens(city_.shifted)) {
        real_bell += minutes(static_cast<int>(chance.uniform(-10, 10)));
    }
    const bool is_announced = !chance.happens(school.unannounced / 2) &&
                              !(is_first_of_lockdown_ && school.forgets_lockdown);
    auto lesson = attended(chance, real_bell, static_cast<fleet::Seats>(pupils), attendance);
    if (is_announced && chance.happens(city_.nobody_comes)) lesson.seats = 0;
    if (!is_announced && lesson.seats == 0) return;
    lesson.key = key(school, number, slot);
    lesson.school = school.key;
    lesson.course = course_number;
    if (is_announced) {
        const auto roster = static_cast<fleet::Seats>(pupils * wrong) + 1;
        lesson.planned = Announcement{at(bell), at(bell) + lesson_length, roster};
    }
    lessons_.push_back(lesson);
}

/// Who comes when: most within the minutes around the bell, one of twenty later.
Lesson Day::attended(Chance& chance, WallTime bell, fleet::Seats roster, double attendance) const {
    Lesson lesson;
    double first = chance.triangle(-4, -2, 0);  // the teacher
    lesson.seats = 1;
    for (fleet::Seats pupil = 0; pupil < roster; ++pupil) {
        if (!chance.happens(attendance)) continue;
        ++lesson.seats;
        if (!chance.happens(0.05)) first = std::min(first, chance.triangle(-4, -1, 6));
    }
    if (chance.happens(0.03)) lesson.seats += 1 + chance.below(5);  // guests
    double last = 45 + chance.uniform(0, 3);
    if (chance.happens(city_.overrun)) last += std::min(25.0, chance.exponential(6));
    const auto whole = [&](double m) { return bell + std::chrono::seconds(std::llround(m * 60)); };
    lesson.start = whole(first);
    lesson.filled = whole(6);
    lesson.end = whole(last);
    return lesson;
}

/// Half of what nobody announces is no class hour: talks with parents, projects, staff.
void Day::add_rooms(const School& school) {
    Chance chance({city_.seed, of_room, school.key, day_});
    const double mean = school.classes * hours_a_day * share_ * school.unannounced / 2;
    const auto count = static_cast<unsigned>(mean + chance.uniform());
    for (unsigned number = 0; number < count; ++number) {
        Lesson lesson;
        lesson.key = key(school, 999, number % 100) + (number / 100) * 1'000'000'000'000'000ull;
        lesson.school = school.key;
        lesson.course = (1ull << 40) + school.key;
        lesson.seats = 2 + chance.below(14);
        lesson.start = at(minutes(8 * 60)) + std::chrono::seconds(chance.below(11 * 3600));
        lesson.filled = lesson.start + minutes(5);
        lesson.end = lesson.start + std::chrono::seconds(600 + chance.below(3600));
        lessons_.push_back(lesson);
    }
}

}  // namespace

bool is_school_day(unsigned day) {
    const auto in_year = day % 364;
    if (day % 7 >= 5) return false;
    if (std::find(days_off.begin(), days_off.end(), in_year) != days_off.end()) return false;
    return std::find(holiday_weeks.begin(), holiday_weeks.end(), in_year / 7) ==
           holiday_weeks.end();
}

std::optional<unsigned> lockdown_week(const CityTraits& traits) {
    std::vector<unsigned> candidates;
    for (unsigned week = 1; week < std::min(traits.days / 7, 52u); week += 2) {
        if (is_school_day(week * 7)) candidates.push_back(week);
    }
    if (candidates.empty()) return std::nullopt;
    Chance chance({traits.seed, 7777});
    return candidates[chance.below(static_cast<std::uint32_t>(candidates.size()))];
}

Lessons city(const CityTraits& traits) {
    Lessons lessons;
    lessons.from = school_year;
    lessons.days = traits.days;
    lessons.of_day = [traits](unsigned day) { return Day(traits, day).lessons(); };
    lessons.is_lockdown = [week = lockdown_week(traits)](unsigned asked) {
        return week && asked == *week;
    };
    return lessons;
}

}  // namespace aula::simulation
