// SPDX-License-Identifier: Apache-2.0
#include "fleet/timing.hpp"

#include <gtest/gtest.h>

#include "fleet/forecast.hpp"
#include "fleet_town.hpp"

namespace aula::fleet {
namespace {

using test::morning;
using test::Town;

Spread even_minutes() {
    Spread::Points points{};
    for (std::size_t i = 0; i < points.size(); ++i) points[i] = std::chrono::minutes(i);
    return Spread(points);
}

TEST(Spread, LiesBetweenItsQuantiles) {
    const Spread spread = even_minutes();
    EXPECT_EQ(spread.at(0), 0min);
    EXPECT_EQ(spread.at(0.5), 10min);
    EXPECT_EQ(spread.at(0.525), 10min + 30s);
    EXPECT_EQ(spread.at(1), 20min);
    EXPECT_EQ(spread.at(7), 20min);
    EXPECT_DOUBLE_EQ(spread.share_before(0min), 0);
    EXPECT_DOUBLE_EQ(spread.share_before(5min), 0.25);
    EXPECT_DOUBLE_EQ(spread.share_before(5min + 30s), 0.275);
    EXPECT_DOUBLE_EQ(spread.share_before(21min), 1);
}

TEST(Spread, OfOneValueJumps) {
    const Spread spread{Spread::Points{}};
    EXPECT_DOUBLE_EQ(spread.share_before(0s), 0);
    EXPECT_DOUBLE_EQ(spread.share_before(1s), 1);
}

TEST(TimingRecord, TakesWhatIsUsualUntilItHasSeenEnough) {
    TimingRecord record;
    for (int i = 0; i < 29; ++i) record.opened(morning, morning + 7min);
    EXPECT_EQ(record.timing().opening.at(0.5), Timing().opening.at(0.5));
    record.opened(morning, morning + 7min);
    EXPECT_EQ(record.timing().opening.at(0.5), 7min);
    EXPECT_EQ(record.timing().ending.at(0.5), Timing().ending.at(0.5));
}

TEST(TimingRecord, ForgetsWhatIsOld) {
    TimingRecord record;
    for (int i = 0; i < 2000; ++i) record.ended(morning, morning + 10min);
    for (int i = 0; i < 1999; ++i) record.ended(morning, morning - 10s * (i % 11));
    EXPECT_EQ(record.timing().ending.latest(), 10min);
    record.ended(morning, morning);
    EXPECT_EQ(record.timing().ending.latest(), 0s);
    EXPECT_EQ(record.timing().ending.at(0.5), -50s);
}

TEST(TimingRecord, LearnsHowLongUnannouncedRoomsLast) {
    TimingRecord record;
    for (int i = 0; i < 60; ++i) record.ended_unannounced(std::chrono::minutes(i));
    EXPECT_NEAR(double(record.timing().unannounced_length / 1min), 30, 1);
}

TEST(TimingRecord, LearnsHowManyRoomsNobodyAnnounces) {
    TimingRecord record;
    EXPECT_NEAR(record.timing().unannounced_rooms, 0.1, 1e-6);
    for (int i = 0; i < 100; ++i) record.ended(morning, morning);
    EXPECT_LT(record.timing().unannounced_rooms, 0.02);
    for (int i = 0; i < 4000; ++i) {
        record.ended(morning, morning);
        if (i % 4 == 0) record.ended_unannounced(20min);
    }
    EXPECT_NEAR(record.timing().unannounced_rooms, 0.2, 0.02);
    EXPECT_NEAR(TimingRecord::from_json(record.to_json())->timing().unannounced_rooms,
                record.timing().unannounced_rooms, 1e-6);
}

TEST(TimingRecord, IsTheSameFromItsText) {
    TimingRecord record;
    EXPECT_EQ(*TimingRecord::from_json(record.to_json()), record);
    for (int i = 0; i < 3000; ++i) {
        record.opened(morning, morning + std::chrono::seconds(i % 1777 - 300));
        if (i < 50) record.ended(morning, morning - std::chrono::minutes(i));
    }
    auto copy = TimingRecord::from_json(record.to_json());
    ASSERT_TRUE(copy);
    EXPECT_EQ(*copy, record);
    // The oldest are still those that go first.
    for (int i = 0; i < 10; ++i) {
        record.opened(morning, morning + 2h);
        copy->opened(morning, morning + 2h);
    }
    EXPECT_EQ(*copy, record);
    EXPECT_EQ(copy->timing().opening.at(0.3), record.timing().opening.at(0.3));
}

TEST(TimingRecord, TakesNothingOfATextThatIsNoRecord) {
    for (const char* bad : {"", "[]", "{}", R"({"opening":[],"ending":[]})",
                            R"({"opening":[1],"ending":[],"length":5})",
                            R"({"opening":[1.5],"ending":[],"length":[]})",
                            R"({"opening":[],"ending":["1"],"length":[]})",
                            R"({"opening":[],"ending":[],"length":[],"unannounced":1.5})",
                            R"({"opening":[],"ending":[],"length":[],"rooms":-1})",
                            R"({"opening":[],"ending":[],"length":[43201]})",
                            R"({"opening":[-9223372036854775808],"ending":[],"length":[]})"})
        EXPECT_FALSE(TimingRecord::from_json(bad)) << bad;
}

/// Openings are spread, so that not all nodes are there for the first who comes.
TEST(Forecast, SpreadsABellTheLongAndLargeFirst) {
    Town town;
    town.timing = Timing();
    for (Seats seats = 1; seats <= 20; ++seats) town.lesson(10min, seats);
    town.lesson(10min, 1, 90min);
    const auto bookings = coming(town.snapshot, {town.lessons, {}, town.timing}, town.policy,
                                 town.now, town.now + 20min);
    ASSERT_EQ(bookings.size(), 21u);
    EXPECT_EQ(bookings[0].lesson, 21u);
    EXPECT_EQ(bookings[1].seats, 20u);
    EXPECT_EQ(bookings[20].seats, 1u);
    EXPECT_LT(bookings[0].opens, bookings[20].opens - 2min);
}

TEST(Forecast, ARoomThatOverrunsIsReckonedWith) {
    Town town;
    town.timing = Timing();
    Server& node = town.server(ServerState::ready);
    const auto left = [&](Duration until_end) {
        node.rooms.clear();
        town.room(node, 20, until_end);
        return staying(town.snapshot, town.timing, town.now).at(0).ends - town.now;
    };
    EXPECT_GT(left(10min), 10min);
    EXPECT_LT(left(10min), 13min);
    EXPECT_GT(left(-2min), 10s);
    EXPECT_EQ(left(-20min), 10min);
    EXPECT_EQ(left(-16min), 8min);
}

}  // namespace
}  // namespace aula::fleet
