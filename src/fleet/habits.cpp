// SPDX-License-Identifier: Apache-2.0
#include "fleet/habits.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <boost/json.hpp>

namespace aula::fleet {

namespace {

// A lesson counts a fifth: after a week of five a change is two thirds learnt, and one odd day is
// still partly covered by the deviation that it makes.
constexpr float weight = 0.2F;
// Rooms share a node, and not all of them are fuller than usual on the same day: a third of the
// usual deviation for each, as of nine rooms together, is a margin for all of them.
constexpr float pooled = 0.3F;
// An odd day with ten times the people is no reason to expect them again.
constexpr float most_ratio = 2.0F;
// A school's own mean counts as much as so many lessons of the course itself.
constexpr float school_lessons = 2;
// Of a peak a week older; what was needed in autumn is forgotten in spring.
constexpr double week_decay = 0.95;
// Other weekdays say less about this one.
constexpr double other_day = 0.75;
constexpr std::size_t slots_a_day = 96;

}  // namespace

void Habits::Show::learn(float ratio) {
    ratio = std::min(ratio, most_ratio);
    deviation += weight * (std::abs(ratio - mean) - deviation);
    mean += weight * (ratio - mean);
    ++count;
}

Seats Habits::expected(SchoolKey school, CourseKey course, Seats announced) const {
    const Show none;
    const auto of_school = schools_.find(school);
    const auto of_course = courses_.find({school, course});
    const Show& wide = of_school == schools_.end() ? none : of_school->second;
    const Show& near = of_course == courses_.end() ? none : of_course->second;
    const auto lessons = static_cast<float>(near.count);
    const float share = lessons / (lessons + school_lessons);
    const auto of = [](const Show& show) { return show.mean + pooled * show.deviation; };
    const float factor = share * of(near) + (1 - share) * of(wide);
    return static_cast<Seats>(std::lround(factor * static_cast<float>(announced)));
}

void Habits::learn(const LessonOutcome& outcome) {
    if (outcome.announced == 0) return;
    const float ratio = static_cast<float>(outcome.peak) / static_cast<float>(outcome.announced);
    ++outcomes_;
    schools_[outcome.school].learn(ratio);
    Show& course = courses_[{outcome.school, outcome.course}];
    course.learn(ratio);
    course.seen = outcomes_;
    if (courses_.size() > most_courses) forget_one();
}

/// The course that was not heard of for longest, of a few: good enough, and cheap.
void Habits::forget_one() {
    auto from =
        courses_.upper_bound({static_cast<SchoolKey>(outcomes_ * 2'654'435'761u % schools_.size()),
                              outcomes_ * 0x9e3779b97f4a7c15u});
    auto oldest = courses_.begin();
    for (int i = 0; i < 16; ++i) {
        if (from == courses_.end()) from = courses_.begin();
        if (from->second.seen < oldest->second.seen) oldest = from;
        ++from;
    }
    courses_.erase(oldest);
}

Seats Habits::unannounced(WeekSlot slot) const {
    if (slot >= week_slots) return 0;
    // The highest but one: a single day never decides.
    double highest = 0, second = 0;
    const auto look = [&](double peak) {
        second = std::max(second, std::min(peak, highest));
        highest = std::max(highest, peak);
    };
    for (std::size_t at = slot % slots_a_day; at < week_slots; at += slots_a_day) {
        const Days& days = slots_[at];
        const bool is_own = at == slot;
        // Of other weekdays the last one only, and not those on which there is no school.
        const std::size_t count = is_own ? days.count : std::min<std::size_t>(days.count, 1);
        double factor = is_own ? 1 : other_day;
        for (std::size_t i = 0; i < count; ++i, factor *= week_decay)
            look(factor * static_cast<double>(days.peaks[i]));
    }
    return static_cast<Seats>(std::lround(second));
}

void Habits::learn_unannounced(WeekSlot slot, Seats peak) {
    if (slot >= week_slots) return;
    Days& days = slots_[slot];
    std::shift_right(days.peaks.begin(), days.peaks.end(), 1);
    days.peaks[0] = peak;
    days.count = static_cast<std::uint8_t>(std::min<std::size_t>(days.count + 1u, weeks_kept));
}

std::string Habits::to_json() const {
    using boost::json::array;
    array courses, schools, slots;
    for (const auto& [key, show] : courses_) {
        courses.push_back(
            array{key.first, key.second, show.mean, show.deviation, show.count, show.seen});
    }
    for (const auto& [school, show] : schools_)
        schools.push_back(array{school, show.mean, show.deviation, show.count});
    for (std::size_t slot = 0; slot < week_slots; ++slot) {
        const Days& days = slots_[slot];
        if (days.count == 0) continue;
        array one{slot};
        for (std::size_t i = 0; i < days.count; ++i) one.push_back(days.peaks[i]);
        slots.push_back(std::move(one));
    }
    return boost::json::serialize(boost::json::object{{"outcomes", outcomes_},
                                                      {"courses", std::move(courses)},
                                                      {"schools", std::move(schools)},
                                                      {"slots", std::move(slots)}});
}

Expected<Habits, Error> Habits::from_json(std::string_view json) try {
    const auto value = boost::json::parse({json.data(), json.size()});
    const auto& stored = value.as_object();
    Habits habits;
    habits.outcomes_ = stored.at("outcomes").to_number<std::uint64_t>();
    const auto show = [](const boost::json::array& from, std::size_t at) {
        Show out;
        out.mean = from.at(at).to_number<float>();
        out.deviation = from.at(at + 1).to_number<float>();
        out.count = from.at(at + 2).to_number<std::uint32_t>();
        const bool is_good = out.mean >= 0 && out.mean <= most_ratio && out.deviation >= 0 &&
                             out.deviation <= most_ratio;
        if (!is_good) throw std::invalid_argument("a factor is out of its limits");
        return out;
    };
    for (const auto& element : stored.at("courses").as_array()) {
        const auto& one = element.as_array();
        if (habits.courses_.size() == most_courses) break;
        const std::pair key(one.at(0).to_number<SchoolKey>(), one.at(1).to_number<CourseKey>());
        Show& course = habits.courses_[key] = show(one, 2);
        course.seen = one.at(5).to_number<std::uint64_t>();
    }
    for (const auto& element : stored.at("schools").as_array()) {
        const auto& one = element.as_array();
        habits.schools_[one.at(0).to_number<SchoolKey>()] = show(one, 1);
    }
    for (const auto& element : stored.at("slots").as_array()) {
        const auto& one = element.as_array();
        const auto slot = one.at(0).to_number<std::size_t>();
        if (slot >= week_slots) throw std::out_of_range("no such slot");
        for (std::size_t i = std::min(one.size(), weeks_kept + 1); i > 1; --i)
            habits.learn_unannounced(static_cast<WeekSlot>(slot), one[i - 1].to_number<Seats>());
    }
    return habits;
} catch (const std::exception& exception) {
    return fail(Error{ErrorCode::invalid, std::string("these are no habits: ") + exception.what()});
}

}  // namespace aula::fleet
