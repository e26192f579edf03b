// SPDX-License-Identifier: Apache-2.0
#include <random>

#include <gtest/gtest.h>

#include "ledger/bill.hpp"
#include "ledger/wide.hpp"

using namespace aula;
using namespace aula::ledger;

namespace {

constexpr Milliseconds hour = 3'600'000, day = 24 * hour;
const PriceList prices;

Book::Machine machine(int number) { return {"s" + std::to_string(number), "conf", 4, 8}; }

MicroEuros sum_of_shares(const Bill& bill) {
    MicroEuros sum = bill.unshared;
    for (const Share& share : bill.shares) sum += share.total();
    return sum;
}

/// A life of a few servers in which everything happens, in any order, sometimes with a clock that
/// goes backwards.
struct Life {
    explicit Life(unsigned seed) : random(seed) {
        for (int i = 0; i < 600; ++i) step();
    }
    void step() {
        now += static_cast<Milliseconds>(random() % hour);
        const Milliseconds at =
            random() % 20 == 0 ? now - static_cast<Milliseconds>(random() % hour) : now;
        const auto one = machine(static_cast<int>(random() % 4));
        switch (random() % 10) {
            case 0:
                book.power_on_ordered(one, {}, prices, at);
                break;
            case 1:
                book.seen(one, {false, at - 5'000, at - 9'000, {}}, prices, at, random() % 2 == 0);
                break;
            case 2:
                book.seen_on(one, prices, at);
                break;
            case 3:
                book.ready(one.server, at);
                break;
            case 4:
                book.busy(one.server, true, at);
                break;
            case 5:
                book.busy(one.server, false, at);
                break;
            case 6:
                book.power_off_ordered(one.server, {}, at);
                break;
            case 7:
                book.seen_off(one.server, at, random() % 2 == 0);
                break;
            case 8:
                book.held(HoldingKind::storage, one.server + "-disk", "", 10 + random() % 2, prices,
                          at);
                break;
            default:
                if (random() % 4 == 0) book.released(one.server + "-disk", at);
        }
    }
    std::mt19937 random;
    Milliseconds now = 20'000 * day;
    Book book;
};

}  // namespace

TEST(Ledger, AServerMinuteHasItsPrice) {
    Book book;
    book.power_on_ordered(machine(1), {}, prices, 1'000);
    book.seen_on(machine(1), prices, 61'000);
    book.ready("s1", 121'000);
    book.busy("s1", true, 181'000);
    book.busy("s1", false, 781'000);
    book.seen_off("s1", 901'000, false);
    const Bill bill = bill_of(book, {0, day}, {{3, 1'000}}, day);
    // 4 cores at 300 µ€ and 8 GB at 100 µ€: 2000 µ€ a minute.
    EXPECT_EQ(bill.total(), 14 * 2'000);
    EXPECT_EQ(bill.boot, 1 * 2'000);
    EXPECT_EQ(bill.used, 10 * 2'000);
    EXPECT_EQ(bill.idle, 3 * 2'000);
    EXPECT_EQ(bill.server_ms, 14 * 60'000);
    EXPECT_EQ(book.minutes("s1", day).cores, 14 * 4);
    EXPECT_EQ(book.minutes("s1", day).memory_gb, 14 * 8);
    ASSERT_EQ(bill.shares.size(), 1u);
    EXPECT_EQ(bill.shares[0].total(), bill.total());
    EXPECT_EQ(euros(bill.total()), "0.028000");
}

TEST(Ledger, IntervalsOfAServerNeverOverlapWhateverIsSaid) {
    for (unsigned seed = 0; seed < 50; ++seed) {
        const Life life(seed);
        std::map<std::string, Milliseconds> last;
        for (const PowerInterval& interval : life.book.intervals()) {
            EXPECT_GE(interval.begin(), last[interval.server]) << seed;
            EXPECT_GE(interval.begin(), interval.ordered);
            const Milliseconds end = interval.off != 0 ? interval.off : life.now + day;
            EXPECT_GE(end, interval.begin());
            last[interval.server] = end;
            Milliseconds busy_until = interval.ready;
            for (const Span& busy : interval.busy) {
                EXPECT_NE(interval.ready, 0);
                EXPECT_GE(busy.from, busy_until);
                busy_until = busy.until != 0 ? busy.until : end;
                EXPECT_GE(busy_until, busy.from);
            }
        }
    }
}

TEST(Ledger, DaysSumToTheWholeAndSharesToTheirDay) {
    for (unsigned seed = 0; seed < 50; ++seed) {
        Life life(seed);
        const Milliseconds now = life.now + hour, from = 20'000 * day - hour;
        Bill sum;
        std::mt19937 random(seed);
        for (Milliseconds at = from; at < now;) {
            const Milliseconds until =
                std::min(now, at + hour + static_cast<Milliseconds>(random() % day));
            Presence presence;
            for (unsigned school = 0; school < random() % 5; ++school)
                presence[school] = static_cast<Milliseconds>(random() % 1'000'000);
            const Bill part = bill_of(life.book, {at, until}, presence, now);
            EXPECT_EQ(sum_of_shares(part), part.total());
            EXPECT_GE(part.idle, -1 - static_cast<MicroEuros>(life.book.intervals().size()));
            add_to(sum, part);
            at = until;
        }
        const Bill whole = bill_of(life.book, {from - day, now}, {}, now);
        EXPECT_EQ(sum.total(), whole.total()) << seed;
        EXPECT_EQ(sum.storage, whole.storage);
        EXPECT_EQ(sum.server_ms, whole.server_ms);
        EXPECT_EQ(sum_of_shares(sum), whole.total());
        EXPECT_EQ(whole.unshared, whole.total());
        // The same minutes as a meter counts them: whole ones of each server.
        std::map<std::string, Milliseconds> lengths;
        Milliseconds length = 0;
        for (const auto& one : life.book.intervals()) {
            lengths[one.server] += one.end(now) - one.begin();
            length += one.end(now) - one.begin();
        }
        EXPECT_EQ(length, whole.server_ms);
        for (const auto& [server, its] : lengths)
            EXPECT_EQ(life.book.minutes(server, now).cores, its / 60'000 * 4);
    }
}

TEST(Ledger, ASplitLosesNothingAndFavoursNobody) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 2'000; ++i) {
        std::vector<Milliseconds> keys(1 + random() % 40);
        for (auto& key : keys)
            key = static_cast<Milliseconds>(random() % (random() % 2 ? 10 : 1'000'000'000'000));
        const auto amount = static_cast<MicroEuros>(random() % 1'000'000'000'000);
        const auto parts = split(amount, keys);
        Wide sum_of_keys = 0;
        MicroEuros sum = 0;
        for (const auto key : keys) sum_of_keys += key;
        for (const auto part : parts) sum += part;
        if (sum_of_keys == 0) continue;
        ASSERT_EQ(sum, amount);
        for (std::size_t k = 0; k < keys.size(); ++k) {
            const auto due = static_cast<double>(amount) * static_cast<double>(keys[k]) /
                             static_cast<double>(sum_of_keys);
            ASSERT_NEAR(static_cast<double>(parts[k]), due, 1.001);
        }
    }
}

TEST(Ledger, ARefusedOrderCostsNothingAndALostAnswerDoes) {
    Book book;
    book.power_on_ordered(machine(1), {}, prices, hour);
    EXPECT_EQ(book.minutes("s1", 90 * 60'000).cores, 0) << "not until the cloud shows it on";
    EXPECT_NE(book.seen(machine(1), {}, prices, 2 * hour, false), nullptr);
    EXPECT_EQ(bill_of(book, {0, day}, {}, day).total(), 0);
    // The answer is lost, the hub is killed; later the cloud's list has it on: since the order, at
    // the latest when seen.
    book.power_on_ordered(machine(1), {}, prices, 3 * hour);
    EXPECT_EQ(book.power_on_ordered(machine(1), {}, prices, 4 * hour), nullptr);
    book.seen_on(machine(1), prices, 3 * hour + 60'000);
    book.power_off_ordered("s1", {}, 5 * hour);
    book.seen_off("s1", 9 * hour, true);
    EXPECT_EQ(book.minutes("s1", day).cores, 4 * 119);
    // Somebody else switched it on.
    EXPECT_TRUE(book.seen_on(machine(1), prices, 10 * hour)->was_found);
    EXPECT_EQ(book.seen_on(machine(1), prices, 11 * hour), nullptr);
}

TEST(Ledger, TheCloudsCounterSaysWhenAServerWentOffUnseen) {
    Book book;
    book.power_on_ordered(machine(1), {}, prices, hour);
    book.seen_on(machine(1), prices, hour);
    book.ready("s1", hour + 60'000);
    book.busy("s1", true, hour + 120'000);
    EXPECT_EQ(book.agree("s1", {4, 8}), nullptr) << "it is on: the figure is old";
    book.busy("s1", false, hour + 600'000);
    // The hub was dead when it went off after 30 minutes, and sees that after two hours.
    book.seen_off("s1", 3 * hour, false);
    EXPECT_EQ(book.minutes("s1", day).cores, 480);
    EXPECT_NE(book.agree("s1", {120, 240}), nullptr);
    EXPECT_EQ(book.minutes("s1", day).cores, 120);
    EXPECT_EQ(book.agree("s1", {123, 246}), nullptr) << "less than a minute";
    // Nobody was sent home while the counter stood still; and it was off at three at the latest.
    book.agree("s1", {0, 0});
    EXPECT_EQ(book.minutes("s1", day).cores, 40);
    book.agree("s1", {100'000, 0});
    EXPECT_EQ(book.minutes("s1", day).cores, 480);
}

TEST(Ledger, DisksCostWhetherServersAreOnOrNot) {
    Book book;
    book.held(HoldingKind::storage, "d", "disk", 20, prices, 0);
    EXPECT_EQ(book.held(HoldingKind::storage, "d", "disk", 20, prices, hour), nullptr);
    book.held(HoldingKind::ipv4, "a", "1.2.3.4", 1, prices, 12 * hour);
    book.released("a", 18 * hour);
    const Bill bill = bill_of(book, {0, day}, {}, day);
    EXPECT_EQ(bill.storage, 20 * 3'500 * 1440 / 1'000);
    EXPECT_EQ(bill.addresses, 70 * 360);
    EXPECT_EQ(bill.unshared, bill.total());
}

TEST(Ledger, BudgetAndPricesAreReadOrRefused) {
    const auto budget =
        read_budget(R"({"day_eur": 40, "month_eur": 600.5, "alarm_percents": [100, 50]})");
    ASSERT_TRUE(budget);
    EXPECT_EQ(budget->month, 600'500'000);
    EXPECT_EQ(alarm_level(19'999'999, budget->day, budget->alarm_percents), 0u);
    EXPECT_EQ(alarm_level(20'000'000, budget->day, budget->alarm_percents), 50u);
    EXPECT_EQ(alarm_level(90'000'000, budget->day, budget->alarm_percents), 100u);
    EXPECT_EQ(read_budget(to_json(*budget))->day, budget->day);
    for (const char* bad : {"", "[]", R"({"day_eur": -1})", R"({"day_eur": "4"})",
                            R"({"alarm_percents": [0]})", R"({"month_eur": 1e300})"})
        EXPECT_FALSE(read_budget(bad)) << bad;
    const auto list =
        read_prices(R"({"example": true, "core_minute": 0.0003, "memory_gb_minute": 0.0001,
        "storage_gb_minute": 0.0000035, "ipv4_minute": 0.00007})");
    ASSERT_TRUE(list) << list.error().text;
    EXPECT_EQ(*list, PriceList());
    EXPECT_FALSE(read_prices(R"({"core_minute": 0.0003})"));
    EXPECT_FALSE(read_prices(
        R"({"core_minute": -1, "memory_gb_minute": 0, "storage_gb_minute": 0, "ipv4_minute": 0})"));
}
