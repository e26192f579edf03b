// SPDX-License-Identifier: Apache-2.0
#include "fleet/habits.hpp"

#include <gtest/gtest.h>

using namespace aula;
using namespace aula::fleet;

namespace {

void teach(Habits& habits, CourseKey course, Seats peak, int times) {
    for (int i = 0; i < times; ++i) habits.learn({1, course, 30, peak});
}

constexpr WeekSlot tuesday_ten = 96 + 40;

}  // namespace

TEST(Habits, EmptyTheyTakeWhatIsAnnounced) {
    const Habits habits;
    for (const Seats seats : {1u, 27u, 5000u}) EXPECT_EQ(habits.expected(3, 9, seats), seats);
    for (WeekSlot slot = 0; slot < week_slots; ++slot) EXPECT_EQ(habits.unannounced(slot), 0u);
}

TEST(Habits, OneOddDayChangesLittleAndAWeekOfThemMuch) {
    Habits habits;
    teach(habits, 7, 30, 20);
    EXPECT_EQ(habits.expected(1, 7, 30), 30u);
    teach(habits, 7, 0, 1);
    EXPECT_GE(habits.expected(1, 7, 30), 26u);
    teach(habits, 7, 0, 20);
    EXPECT_LE(habits.expected(1, 7, 30), 3u);
    // And back: after a week of good lessons there is room for most of it again.
    teach(habits, 7, 30, 5);
    EXPECT_GE(habits.expected(1, 7, 30), 20u);
}

TEST(Habits, WhatIsExpectedCoversMostOfWhatComes) {
    Habits habits;
    std::uint32_t random = 1;
    int covered = 0;
    Seats reserved = 0;
    for (int i = 0; i < 500; ++i) {
        random = random * 1'664'525 + 1'013'904'223;
        const Seats real = 18 + (random >> 24) % 9;  // 18 to 26 of 30
        const Seats expected = habits.expected(1, 7, 30);
        if (i >= 50) covered += real <= expected;
        if (i >= 50) reserved += expected;
        habits.learn({1, 7, 30, real});
    }
    // What one room has too little the next one on its node has too much.
    EXPECT_GT(covered, 450 * 6 / 10);
    EXPECT_LT(reserved / 450, 27u);
}

TEST(Habits, ANewCourseTakesAfterItsSchool) {
    Habits habits;
    for (CourseKey course = 0; course < 40; ++course) teach(habits, course, 15, 3);
    EXPECT_LT(habits.expected(1, 1'000, 30), 20u);
    EXPECT_EQ(habits.expected(2, 1'000, 30), 30u);
}

TEST(Habits, MoreThanTwiceTheAnnouncedIsNotBelieved) {
    Habits habits;
    teach(habits, 7, 3'000, 50);
    EXPECT_EQ(habits.expected(1, 7, 30), 60u);
    habits.learn({1, 7, 0, 20});
    EXPECT_EQ(habits.expected(1, 7, 30), 60u);
}

TEST(Habits, UnannouncedLoadNeedsTwoDays) {
    Habits habits;
    habits.learn_unannounced(tuesday_ten, 500);
    EXPECT_EQ(habits.unannounced(tuesday_ten), 0u);
    habits.learn_unannounced(tuesday_ten, 40);
    EXPECT_EQ(habits.unannounced(tuesday_ten), 40u);
    EXPECT_EQ(habits.unannounced(tuesday_ten + 1), 0u);
}

TEST(Habits, ALockdownIsLearntWithinDaysAndForgottenWithinWeeks) {
    Habits habits;
    for (int week = 0; week < 10; ++week) {
        for (WeekSlot day = 0; day < 5; ++day)
            habits.learn_unannounced(static_cast<WeekSlot>(day * 96 + 40), 20);
    }
    EXPECT_NEAR(habits.unannounced(tuesday_ten), 20, 2);
    // Monday and Tuesday are ten times as busy: Wednesday is expected to be so too.
    habits.learn_unannounced(40, 200);
    EXPECT_NEAR(habits.unannounced(tuesday_ten), 20, 2);
    habits.learn_unannounced(96 + 40, 200);
    EXPECT_GE(habits.unannounced(2 * 96 + 40), 140u);
    for (int week = 0; week < 8; ++week) {
        for (WeekSlot day = 0; day < 5; ++day)
            habits.learn_unannounced(static_cast<WeekSlot>(day * 96 + 40), 20);
    }
    EXPECT_NEAR(habits.unannounced(2 * 96 + 40), 20, 2);
}

TEST(Habits, WhatIsStoredIsTheSame) {
    Habits habits;
    for (CourseKey course = 0; course < 50; ++course)
        teach(habits, course * 0x123456789abcdef, 11 + static_cast<Seats>(course) % 30, 3);
    for (int i = 0; i < 12; ++i) habits.learn_unannounced(671, static_cast<Seats>(i * 3));
    const auto back = Habits::from_json(habits.to_json());
    ASSERT_TRUE(back) << back.error().text;
    for (CourseKey course = 0; course < 60; ++course)
        EXPECT_EQ(back->expected(1, course * 0x123456789abcdef, 1000),
                  habits.expected(1, course * 0x123456789abcdef, 1000));
    EXPECT_EQ(back->unannounced(671), habits.unannounced(671));
    EXPECT_EQ(back->to_json(), habits.to_json());
    for (const char* bad :
         {"", "{}", "[]", R"({"outcomes":1,"courses":[[1]],"schools":[],"slots":[]})",
          R"({"outcomes":1,"courses":[],"schools":[],"slots":[[672,1]]})",
          R"({"outcomes":1,"courses":[],"schools":[[1,-5,0,1]],"slots":[]})"})
        EXPECT_FALSE(Habits::from_json(bad)) << bad;
}
