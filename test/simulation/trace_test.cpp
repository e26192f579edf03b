// SPDX-License-Identifier: Apache-2.0
#include "simulation/trace.hpp"

#include <gtest/gtest.h>

namespace aula::simulation {
namespace {

const std::string header =
    "lesson,school,planned_start,planned_end,planned_seats,start,end,seats\n";

TraceError error_of(const std::string& rows) {
    const auto trace = read_trace(header + rows);
    return trace ? TraceError{999, TraceFault::empty} : trace.error();
}

WallTime at(long long second) { return WallTime(std::chrono::seconds(second)); }

TEST(Trace, ReadsPlannedAndRealColumns) {
    const auto trace = read_trace(header + "b,north,1000,3700,25,1010,3800,23\r\n" +
                                  "a,south,,,,500,900,7\n\"c,1\",north,5000,6000,30,,,\n");
    ASSERT_TRUE(trace) << in_words(trace.error());
    ASSERT_EQ(trace->size(), 3u);
    const auto& unannounced = (*trace)[0];
    EXPECT_FALSE(unannounced.planned);
    EXPECT_EQ(unannounced.start, at(500));
    EXPECT_EQ(unannounced.seats, 7u);
    const auto& planned = (*trace)[1];
    ASSERT_TRUE(planned.planned);
    EXPECT_EQ(planned.planned->start, at(1000));
    EXPECT_EQ(planned.planned->seats, 25u);
    EXPECT_EQ(planned.end, at(3800));
    EXPECT_NE(planned.school, unannounced.school);
    const auto& cancelled = (*trace)[2];
    EXPECT_FALSE(cancelled.takes_place());
    EXPECT_EQ(cancelled.school, planned.school);
}

TEST(Trace, NamesTheLineThatIsWrong) {
    EXPECT_EQ(in_words(read_trace("lesson,school\n").error()),
              "line 1: the header has to be "
              "lesson,school,planned_start,planned_end,planned_seats,start,end,seats");
    EXPECT_EQ(in_words(error_of("a,s,,,,1,2,3\nb,s,,,,5,4,3\n")),
              "line 3: an end has to be after its start, by 24 hours at most");
}

TEST(Trace, RejectsWhatIsNoLesson) {
    const std::vector<std::pair<std::string, TraceFault>> cases = {
        {"a,s,,,,1,2", TraceFault::fields},
        {"a,s,,,,1,2,3,4", TraceFault::fields},
        {"\"a,s,,,,1,2,3", TraceFault::fields},
        {",s,,,,1,2,3", TraceFault::name},
        {std::string(201, 'x') + ",s,,,,1,2,3", TraceFault::name},
        {"a,s,,,,-1,2,3", TraceFault::number},
        {"a,s,,,,1,2.5,3", TraceFault::number},
        {"a,s,,,,1,99999999999999999999,3", TraceFault::number},
        {"a,s,1,,,1,2,3", TraceFault::half_planned},
        {"a,s,,,,1,2,", TraceFault::half_real},
        {"a,s,,,,,,", TraceFault::nothing},
        {"a,s,,,,1,86402,3", TraceFault::order},
        {"a,s,,,,1,2,0", TraceFault::seats},
        {"a,s,,,,1,2,3\na,t,,,,1,2,3", TraceFault::twice},
        {"a,s,,,,1,2,3\nb,s,,,,400000000,400000001,3", TraceFault::span},
        {"a,s,1,2,3,400000000,400000001,3", TraceFault::span},
        {"a,s,,,,7258118401,7258118402,3", TraceFault::number},
        {"\n\n", TraceFault::empty},
    };
    for (const auto& [rows, fault] : cases) EXPECT_EQ(error_of(rows).fault, fault) << rows;
}

TEST(Trace, ReplaysEachLessonOnceOnTheDayItIsFirstMentioned) {
    constexpr long long day = 24 * 3600;
    auto trace = read_trace(header + "a,s," + std::to_string(day + 100) + "," +
                            std::to_string(day + 900) + ",9," + std::to_string(day - 50) + "," +
                            std::to_string(day + 900) + ",9\nb,s,,,," + std::to_string(day * 2) +
                            "," + std::to_string(day * 2 + 5) + ",3\n");
    ASSERT_TRUE(trace);
    const auto lessons = replay(std::move(*trace));
    EXPECT_EQ(lessons.from, at(0));
    EXPECT_EQ(lessons.days, 3u);
    EXPECT_EQ(lessons.of_day(0).size(), 1u);
    EXPECT_EQ(lessons.of_day(1).size(), 0u);
    EXPECT_EQ(lessons.of_day(2).size(), 1u);
}

}  // namespace
}  // namespace aula::simulation
