// SPDX-License-Identifier: Apache-2.0
// The book beside what the cloud shows.
#include <gtest/gtest.h>

#include "ledger/book.hpp"

namespace aula::ledger {

namespace {

constexpr Milliseconds minute = 60'000;
const PriceList prices;
const Book::Machine machine{"s1", "node-1", 4, 8};

Book::Sight shown(bool power, Milliseconds changed, Milliseconds asked, std::int64_t minutes) {
    return {power, changed, asked, {4 * minutes, 8 * minutes}};
}

}  // namespace

TEST(Sight, BothSwitchesAreBookedWhenTheyWereNotWhenTheyWereSeen) {
    Book book;
    book.power_on_ordered(machine, {}, prices, 100 * minute);
    book.seen(machine, shown(true, 101 * minute, 103 * minute, 2), prices, 104 * minute, false);
    EXPECT_EQ(book.minutes("s1", 111 * minute).cores, 4 * 10);
    // It went off during a long silence of the cloud; the counter is not asked.
    book.seen(machine, shown(false, 121 * minute, 149 * minute, 20), prices, 150 * minute, false);
    EXPECT_EQ(book.minutes("s1", 999 * minute).cores, 4 * 20);
    EXPECT_EQ(book.seen(machine, shown(false, 121 * minute, 151 * minute, 20), prices, 152 * minute,
                        false),
              nullptr);
}

TEST(Sight, AWrongCounterIsNotCopied) {
    Book book;
    book.power_on_ordered(machine, {}, prices, 100 * minute);
    book.seen(machine, shown(true, 100 * minute, 100 * minute, 0), prices, 100 * minute, false);
    book.seen(machine, shown(true, 100 * minute, 110 * minute, 99), prices, 110 * minute, false);
    book.seen(machine, shown(false, 120 * minute, 121 * minute, 99), prices, 121 * minute, false);
    book.seen(machine, shown(false, 120 * minute, 131 * minute, 99), prices, 131 * minute, false);
    EXPECT_EQ(book.minutes("s1", 999 * minute).cores, 4 * 20);
}

TEST(Sight, AnOrderThatNeverCameAboutCostsNothing) {
    Book book;
    book.power_on_ordered(machine, {}, prices, 100 * minute);
    EXPECT_EQ(book.minutes("s1", 130 * minute).cores, 0);
    book.seen(machine, shown(false, 50 * minute, 135 * minute, 0), prices, 135 * minute, true);
    EXPECT_EQ(book.open_interval("s1"), nullptr);
    EXPECT_EQ(book.minutes("s1", 999 * minute).cores, 0);
}

TEST(Sight, OnAndOffWhileNobodyLookedIsInTheCounter) {
    Book book;
    book.power_on_ordered(machine, {}, prices, 100 * minute);
    book.seen(machine, shown(false, 112 * minute, 135 * minute, 9), prices, 135 * minute, true);
    ASSERT_EQ(book.intervals().size(), 1u);
    EXPECT_EQ(book.intervals()[0].on, 103 * minute);
    EXPECT_EQ(book.intervals()[0].off, 112 * minute);
}

TEST(Sight, AServerThatNobodyOrderedIsBookedFromTheCloudsTime) {
    Book book;
    book.seen(machine, shown(true, 100 * minute, 140 * minute, 40), prices, 140 * minute, false);
    EXPECT_TRUE(book.open_interval("s1")->was_found);
    book.seen(machine, shown(false, 150 * minute, 160 * minute, 50), prices, 160 * minute, false);
    EXPECT_EQ(book.minutes("s1", 999 * minute).cores, 4 * 50);
    // Its name was changed after it went on: the counter knows better than the last change.
    book.seen(machine, shown(true, 190 * minute, 200 * minute, 80), prices, 200 * minute, false);
    EXPECT_EQ(book.open_interval("s1")->on, 170 * minute);
}

TEST(Sight, ACloudThatNamesNoMomentLeavesTheSightAndTheCounter) {
    Book book;
    book.power_on_ordered(machine, {}, prices, 100 * minute);
    book.seen(machine, shown(true, 0, 101 * minute, 0), prices, 101 * minute, false);
    book.busy("s1", true, 102 * minute);
    book.seen(machine, shown(false, 0, 150 * minute, 20), prices, 150 * minute, true);
    EXPECT_EQ(book.minutes("s1", 999 * minute).cores, 4 * 20);
    EXPECT_EQ(book.intervals()[0].busy.back().until, book.intervals()[0].off);
}

TEST(Sight, LaterChangesOfAServerThatIsOnMoveNothing) {
    Book book;
    book.power_on_ordered(machine, {}, prices, 100 * minute);
    book.ready("s1", 102 * minute);
    EXPECT_EQ(book.open_interval("s1")->on, 100 * minute) << "it speaks, so it was carried out";
    book.seen(machine, shown(true, 101 * minute, 103 * minute, 2), prices, 103 * minute, false);
    book.seen(machine, shown(true, 130 * minute, 140 * minute, 39), prices, 140 * minute, false);
    EXPECT_EQ(book.open_interval("s1")->on, 101 * minute);
    // A change from before the last sight of it on is not its going off.
    book.seen(machine, shown(false, 130 * minute, 150 * minute, 46), prices, 150 * minute, false);
    EXPECT_EQ(book.intervals()[0].off, 147 * minute) << "the counter, as no moment is named";
}

}  // namespace aula::ledger
