// SPDX-License-Identifier: Apache-2.0
#include <random>

#include <gtest/gtest.h>

#include "ledger/bill.hpp"

using namespace aula;
using namespace aula::ledger;

namespace {

constexpr Milliseconds minute = 60'000, day = 24 * 60 * minute;
const PriceList list_prices;
const auto is_there = [](const std::string&) { return true; };

Book::Machine of_size(const std::string& server, std::uint32_t cores) {
    return {server, "conf", cores, 2 * cores};
}

/// A hundred days, on each of which each server is on for a while; one disk grows each ten days.
Book hundred_days(std::mt19937& random) {
    Book book;
    for (Milliseconds at = day; at <= 100 * day; at += day) {
        for (const char* server : {"a", "b", "c"}) {
            const auto cores = random() % 2 == 0 ? 2u : 4u;
            const Milliseconds length = minute + static_cast<Milliseconds>(random() % (day / 2));
            book.power_on_ordered(of_size(server, cores), {}, list_prices, at);
            book.ready(server, at + minute / 2);
            book.seen_off(server, at + length, false);
        }
        const auto gigabytes = static_cast<std::uint32_t>(20 + at / day / 10);
        book.held(HoldingKind::storage, "disk", "", gigabytes, list_prices, at);
    }
    return book;
}

}  // namespace

TEST(Forgetting, LaterBillsAndTheMeterStayAsTheyWere) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        std::mt19937 random(seed);
        Book book = hundred_days(random);
        const Book before = book;
        const Milliseconds cut = 60 * day, now = 101 * day;
        std::size_t rows = 0;
        while (true) {
            const auto gone = book.forget(cut, 7, is_there);
            EXPECT_LE(gone.intervals.size(), 7u);
            EXPECT_TRUE(gone.servers.empty());
            rows += gone.intervals.size();
            if (gone.intervals.empty() && gone.holdings.empty()) break;
        }
        EXPECT_GE(rows, 3 * 58u);
        EXPECT_EQ(book.intervals().size() + rows, before.intervals().size());
        EXPECT_LT(book.holdings().size(), before.holdings().size());
        EXPECT_EQ(bill_of(book, {cut, now}, {}, now).total(),
                  bill_of(before, {cut, now}, {}, now).total());
        for (const char* server : {"a", "b", "c"}) {
            EXPECT_EQ(book.minutes(server, now).cores, before.minutes(server, now).cores);
            EXPECT_EQ(book.minutes(server, now).memory_gb, before.minutes(server, now).memory_gb);
        }
        // Who is on, and what is held, is found as before.
        EXPECT_EQ(book.open_holding("disk"), before.open_holding("disk"));
        EXPECT_EQ(book.holding(*book.open_holding("disk"))->amount, 30u);
        EXPECT_NE(book.power_on_ordered(of_size("a", 4), {}, list_prices, now), nullptr);
        EXPECT_EQ(book.open_interval("a")->ordered, now);
    }
}

TEST(Forgetting, WhatIsStoredMakesTheSameBookAgain) {
    std::mt19937 random(1);
    Book book = hundred_days(random);
    std::map<std::string, std::map<std::uint32_t, Book::ForgottenPower>> stored;
    const auto before = book.minutes("b", 0);
    for (Milliseconds cut = 20 * day; cut <= 90 * day; cut += day) {
        for (const auto& power : book.forget(cut, 5, is_there).power)
            stored[power.server][power.cores] = power;
    }
    Book again;
    for (const auto& [server, sizes] : stored)
        for (const auto& [cores, power] : sizes) again.add(power);
    for (const auto& interval : book.intervals()) again.add(interval);
    EXPECT_EQ(again.minutes("b", 0).cores, before.cores);
    EXPECT_EQ(again.minutes("b", 0).memory_gb, before.memory_gb);
}

TEST(Forgetting, AServerThatIsGoneLeavesNothing) {
    std::mt19937 random(2);
    Book book = hundred_days(random);
    const auto gone =
        book.forget(200 * day, 1'000, [](const std::string& server) { return server != "b"; });
    EXPECT_EQ(gone.servers, std::vector<std::string>{"b"});
    EXPECT_EQ(book.intervals().size(), 2u) << "the newest of the others";
    EXPECT_EQ(book.minutes("b", 0).cores, 0);
    EXPECT_GT(book.minutes("a", 0).cores, 0);
    for (const auto& power : gone.power) EXPECT_NE(power.server, "b");
}

TEST(Forgetting, WhatGoesOnStays) {
    Book book;
    book.power_on_ordered(of_size("a", 4), {}, list_prices, day);
    book.ready("a", day);
    book.held(HoldingKind::ipv4, "address", "", 1, list_prices, day);
    const auto gone = book.forget(1'000 * day, 10, [](const std::string&) { return false; });
    EXPECT_TRUE(gone.intervals.empty());
    EXPECT_TRUE(gone.holdings.empty());
    EXPECT_NE(book.open_interval("a"), nullptr);
    EXPECT_TRUE(book.open_holding("address"));
}
