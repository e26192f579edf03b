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

TEST(Words, CountRoomsServersAndTimes) {
    const Reason waits{.why = Why::room_waits, .lessons = 1, .seats = 12};
    EXPECT_EQ(in_words(waits, Language::english, 0min), "1 room with 12 seats waits for a node");
    EXPECT_EQ(in_words(waits, Language::german, 0min),
              "1 Raum mit 12 Plätzen wartet auf einen Knoten");
    const Reason wait{.why = Why::room_waits, .lessons = 2, .seats = 12};
    EXPECT_EQ(in_words(wait, Language::german, 0min),
              "2 Räume mit 12 Plätzen warten auf einen Knoten");
    const Reason pool{.why = Why::pool_too_small, .lessons = 1};
    EXPECT_EQ(in_words(pool, Language::english, 0min), "1 server is to stand by, there are fewer");
    const Reason failed{.why = Why::boot_failed, .span = 1s};
    EXPECT_EQ(in_words(failed, Language::german, 0min),
              "er hat sich 1 Sekunde nach dem Einschalten nicht gemeldet");
    const Reason slow{.why = Why::boot_failed, .span = 180s};
    EXPECT_EQ(in_words(slow, Language::english, 0min),
              "it has not reported for 3 minutes after it was switched on");
    const Reason struck{.why = Why::struck_out, .lessons = 3};
    EXPECT_EQ(in_words(struck, Language::english, 0min), "it failed to start 3 times in a row");
}

TEST(Words, ThereAreSomeForEverything) {
    for (int why = 0; why <= int(Why::least_nodes); ++why)
        for (const auto language : {Language::english, Language::german})
            EXPECT_GT(in_words({.why = Why(why), .at = bell}, language, 0min).size(), 10u) << why;
}

}  // namespace
}  // namespace aula::fleet
