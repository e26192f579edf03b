// SPDX-License-Identifier: Apache-2.0
#include "simulation/city.hpp"

#include <set>

#include <gtest/gtest.h>

namespace aula::simulation {
namespace {

CityTraits small_city() {
    CityTraits traits;
    traits.pupils = 6000;
    traits.days = 56;
    return traits;
}

std::size_t lessons_of_week(const Lessons& lessons, unsigned week) {
    std::size_t count = 0;
    for (unsigned day = week * 7; day < week * 7 + 7; ++day) count += lessons.of_day(day).size();
    return count;
}

TEST(City, IsTheSameForTheSameSeedOnly) {
    auto traits = small_city();
    const auto one = city(traits).of_day(1);
    const auto again = city(traits).of_day(1);
    traits.seed = 2;
    const auto other = city(traits).of_day(1);
    ASSERT_EQ(one.size(), again.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_EQ(one[i].key, again[i].key);
        EXPECT_EQ(one[i].start, again[i].start);
        EXPECT_EQ(one[i].end, again[i].end);
        EXPECT_EQ(one[i].seats, again[i].seats);
    }
    EXPECT_TRUE(other.size() != one.size() || other[0].start != one[0].start);
}

TEST(City, HasLessonsThatMakeSenseOnSchoolDaysOnly) {
    const auto lessons = city(small_city());
    std::set<fleet::LessonKey> keys;
    for (unsigned day = 0; day < 56; ++day) {
        const auto of_day = lessons.of_day(day);
        EXPECT_EQ(of_day.empty(), !is_school_day(day)) << "day " << day;
        const auto midnight = lessons.from + std::chrono::hours(24) * day;
        for (const auto& lesson : of_day) {
            EXPECT_TRUE(keys.insert(lesson.key).second);
            EXPECT_GE(lesson.first_mention(), midnight);
            EXPECT_LT(lesson.first_mention(), midnight + std::chrono::hours(24));
            EXPECT_TRUE(lesson.planned || lesson.takes_place());
            EXPECT_LT(lesson.seats, 60u);
        }
    }
    EXPECT_TRUE(is_school_day(4));
    EXPECT_FALSE(is_school_day(5));
    EXPECT_FALSE(is_school_day(6 * 7));  // autumn holidays
}

TEST(City, LeavesSomeLessonsUnannouncedAndSomeAnnouncedOnesEmpty) {
    const auto lessons = city(small_city());
    double announced = 0, unannounced = 0, empty = 0;
    for (unsigned day = 0; day < 5; ++day) {
        for (const auto& lesson : lessons.of_day(day)) {
            if (lesson.planned) ++announced;
            if (!lesson.planned) ++unannounced;
            if (!lesson.takes_place()) ++empty;
        }
    }
    EXPECT_GT(unannounced / (announced + unannounced), 0.05);
    EXPECT_LT(unannounced / (announced + unannounced), 0.45);
    EXPECT_GT(empty, 0);
    EXPECT_LT(empty / announced, 0.05);
}

TEST(City, LocksDownOneOfTheWeeksThatAreJudged) {
    const auto traits = small_city();
    const auto lessons = city(traits);
    const auto week = lockdown_week(traits);
    ASSERT_TRUE(week);
    EXPECT_EQ(*week % 2, 1u);
    EXPECT_TRUE(lessons.is_lockdown(*week));
    EXPECT_FALSE(lessons.is_lockdown(*week - 1));
    EXPECT_GT(lessons_of_week(lessons, *week), 7 * lessons_of_week(lessons, *week - 1));
}

}  // namespace
}  // namespace aula::simulation
