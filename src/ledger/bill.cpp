// SPDX-License-Identifier: Apache-2.0
#include "ledger/bill.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/core.h>

#include "base/csv.hpp"
#include "ledger/wide.hpp"

namespace aula::ledger {

namespace {

/// The parts of an interval's price. Cut from one running sum, so that they sum to it.
void add_interval(Bill& bill, const PowerInterval& interval, Span window, Milliseconds now) {
    const Span all{interval.begin(), interval.end(now)};
    const auto part = [&](Milliseconds from, Milliseconds until) {
        return cost_within(interval.price, all,
                           {std::max(from, window.from), std::min(until, window.until)});
    };
    const MicroEuros whole = part(all.from, all.until);
    const MicroEuros boot =
        part(all.from, interval.ready != 0 ? std::min(interval.ready, all.until) : all.until);
    MicroEuros used = 0;
    for (const Span& busy : interval.busy)
        used += part(busy.from, busy.until != 0 ? busy.until : all.until);
    bill.boot += boot;
    bill.used += used;
    bill.idle += whole - boot - used;
    bill.server_ms += std::max<Milliseconds>(
        0, std::min(all.until, window.until) - std::max(all.from, window.from));
}

std::vector<fleet::SchoolKey> schools_of(const Presence& presence) {
    std::vector<fleet::SchoolKey> schools;
    for (const auto& [school, time] : presence) {
        if (time > 0) schools.push_back(school);
    }
    return schools;
}

void add_shares(Bill& bill, const Presence& presence) {
    const auto schools = schools_of(presence);
    if (schools.empty()) {
        bill.unshared = bill.total();
        return;
    }
    std::vector<Milliseconds> keys;
    for (const auto school : schools) keys.push_back(presence.at(school));
    const auto used = split(bill.used, keys);
    const auto overhead = split(bill.overhead(), keys);
    for (std::size_t i = 0; i < schools.size(); ++i)
        bill.shares.push_back({schools[i], keys[i], used[i], overhead[i]});
}

MicroEuros micro_euros(const boost::json::object& json, const char* name) {
    const auto* value = json.if_contains(name);
    if (value == nullptr || value->is_null()) return 0;
    const double amount = value->to_number<double>();
    if (!(amount >= 0 && amount <= 1e9))
        throw std::invalid_argument(std::string(name) + " is no amount of euros");
    return std::llround(amount * 1e6);
}

std::string moment(Milliseconds at) { return at == 0 ? "" : fmt::format("{}", at / 1000); }

}  // namespace

std::vector<MicroEuros> split(MicroEuros amount, const std::vector<Milliseconds>& keys) {
    std::vector<MicroEuros> parts(keys.size(), 0);
    const auto sum = std::accumulate(keys.begin(), keys.end(), Wide{0});
    if (sum <= 0) return parts;
    std::vector<std::pair<Wide, std::size_t>> remainders;
    MicroEuros given = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const Wide due = static_cast<Wide>(amount) * keys[i];
        parts[i] = static_cast<MicroEuros>(due / sum);
        given += parts[i];
        remainders.emplace_back(-(due % sum), i);
    }
    std::sort(remainders.begin(), remainders.end());
    for (std::size_t i = 0; given < amount; ++i, ++given) ++parts[remainders[i].second];
    return parts;
}

Bill bill_of(const Book& book, Span window, const Presence& presence, Milliseconds now) {
    Bill bill;
    window.until = std::min(window.until, now);
    for (const PowerInterval& interval : book.intervals())
        add_interval(bill, interval, window, now);
    for (const Holding& holding : book.holdings()) {
        const Span all{holding.from, holding.until != 0 ? holding.until : now};
        MicroEuros& sum = holding.kind == HoldingKind::storage ? bill.storage : bill.addresses;
        sum += cost_within(holding.price, all, window);
    }
    add_shares(bill, presence);
    return bill;
}

void add_to(Bill& sum, const Bill& more) {
    sum.used += more.used;
    sum.boot += more.boot;
    sum.idle += more.idle;
    sum.storage += more.storage;
    sum.addresses += more.addresses;
    sum.server_ms += more.server_ms;
    sum.unshared += more.unshared;
    for (const Share& share : more.shares) {
        const auto at = std::lower_bound(
            sum.shares.begin(), sum.shares.end(), share.school,
            [](const Share& one, fleet::SchoolKey school) { return one.school < school; });
        if (at == sum.shares.end() || at->school != share.school) {
            sum.shares.insert(at, share);
            continue;
        }
        at->participant_ms += share.participant_ms;
        at->used += share.used;
        at->overhead += share.overhead;
    }
}

Expected<Budget, Error> read_budget(std::string_view json) try {
    const auto value = boost::json::parse({json.data(), json.size()});
    const auto& stored = value.as_object();
    Budget budget;
    budget.day = micro_euros(stored, "day_eur");
    budget.month = micro_euros(stored, "month_eur");
    if (const auto* percents = stored.if_contains("alarm_percents")) {
        budget.alarm_percents.clear();
        for (const auto& percent : percents->as_array())
            budget.alarm_percents.push_back(percent.to_number<unsigned>());
        std::sort(budget.alarm_percents.begin(), budget.alarm_percents.end());
        if (budget.alarm_percents.size() > 10 ||
            std::any_of(budget.alarm_percents.begin(), budget.alarm_percents.end(),
                        [](unsigned percent) { return percent == 0 || percent > 1000; }))
            throw std::invalid_argument("alarm_percents are at most ten, from 1 to 1000");
    }
    return budget;
} catch (const std::exception& exception) {
    return fail(Error{ErrorCode::invalid, std::string("the budget: ") + exception.what()});
}

std::string to_json(const Budget& budget) {
    boost::json::array percents;
    for (const unsigned percent : budget.alarm_percents) percents.emplace_back(percent);
    return boost::json::serialize(
        boost::json::object{{"day_eur", static_cast<double>(budget.day) / 1e6},
                            {"month_eur", static_cast<double>(budget.month) / 1e6},
                            {"alarm_percents", std::move(percents)}});
}

unsigned alarm_level(MicroEuros spent, MicroEuros limit, const std::vector<unsigned>& percents) {
    unsigned level = 0;
    if (limit <= 0) return level;
    for (const unsigned percent : percents) {
        if (static_cast<Wide>(spent) * 100 >= static_cast<Wide>(limit) * percent)
            level = std::max(level, percent);
    }
    return level;
}

std::string euros(MicroEuros amount) {
    const MicroEuros positive = amount < 0 ? -amount : amount;
    return fmt::format("{}{}.{:06}", amount < 0 ? "-" : "", positive / 1'000'000,
                       positive % 1'000'000);
}

std::string intervals_csv(const Book& book, Span window, Milliseconds now,
                          const std::function<std::chrono::minutes(WallTime)>& utc_offset) {
    std::string csv =
        "server,name,cores,memory_gb,ordered,on,ready,off,busy_minutes,euros,reason,end_reason\r\n";
    const auto words = [&](const fleet::Reason& reason) {
        return csv_cell(fleet::in_words(reason, fleet::Language::english, utc_offset(reason.at)));
    };
    window.until = std::min(window.until, now);
    for (const PowerInterval& interval : book.intervals()) {
        const Span all{interval.begin(), interval.end(now)};
        if (all.until <= window.from || all.from >= window.until) continue;
        Milliseconds busy = 0;
        for (const Span& span : interval.busy)
            busy += (span.until != 0 ? span.until : all.until) - span.from;
        csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_cell(interval.server),
                           csv_cell(interval.name), interval.cores, interval.memory_gb,
                           moment(interval.ordered), moment(interval.on), moment(interval.ready),
                           moment(interval.off), busy / 60'000,
                           euros(cost_within(interval.price, all, window)),
                           interval.was_found ? "found on" : words(interval.reason),
                           interval.end_reason ? words(*interval.end_reason) : "");
    }
    return csv;
}

}  // namespace aula::ledger
