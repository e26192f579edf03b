// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "fleet/plan.hpp"

namespace aula::fleet {
namespace {

const WallTime bell{std::chrono::hours(24 * 20000) + 6h + 45min};  // 06:45 UTC

TEST(Words, CountLessonsAndSeats) {
    const Reason many{.why = Why::lessons_ahead, .lessons = 3, .seats = 81, .at = bell};
    EXPECT_EQ(in_words(many, Language::english, 60min), "3 lessons with 81 seats begin at 07:45");
    EXPECT_EQ(in_words(many, Language::german, 60min),
              "3 Unterrichtsstunden mit 81 Plätzen beginnen um 07:45 Uhr");
    const Reason one{.why = Why::lessons_ahead, .lessons = 1, .seats = 1, .at = bell};
    EXPECT_EQ(in_words(one, Language::english, 0min), "1 lesson with 1 seat begins at 06:45");
    EXPECT_EQ(in_words(one, Language::german, -7h),
              "1 Unterrichtsstunde mit 1 Platz beginnt um 23:45 Uhr");
}

}  // namespace
}  // namespace aula::fleet
