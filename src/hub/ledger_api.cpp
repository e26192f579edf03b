// SPDX-License-Identifier: Apache-2.0
#include "hub/ledger_api.hpp"

#include <boost/json.hpp>
#include <fmt/core.h>

#include "base/csv.hpp"
#include "timetable/school.hpp"

namespace aula::hub {

namespace {

using boost::json::array;
using boost::json::object;
using std::chrono::days;
using timetable::Date;

struct Period {
    Date first, last;
};

Expected<Period, Error> period_of(const LedgerKeeping& ledger, std::string_view period,
                                  std::string_view text) {
    const auto date = text.empty() ? ledger.zone().date(ledger.now()) : timetable::parse_date(text);
    if (!date) return fail(Error{ErrorCode::invalid, "date is written as in 2026-11-23"});
    if (period == "day") return Period{*date, *date};
    if (period == "week") {
        const Date monday = *date - (std::chrono::weekday(*date) - std::chrono::Monday);
        return Period{monday, monday + days(6)};
    }
    if (period == "month") {
        const std::chrono::year_month_day parts(*date);
        return Period{Date(parts.year() / parts.month() / 1),
                      Date(parts.year() / parts.month() / std::chrono::last)};
    }
    return fail(Error{ErrorCode::invalid, "period is day, week or month"});
}

double eur(ledger::MicroEuros amount) { return static_cast<double>(amount) / 1e6; }

std::string name_of(const LedgerKeeping& ledger, fleet::SchoolKey school) {
    return school == 0 ? std::string() : ledger.school_name(school);
}

ledger::MicroEuros month_so_far(const LedgerKeeping& ledger) {
    const Date today = ledger.zone().date(ledger.now());
    const std::chrono::year_month_day parts(today);
    return ledger.bill(Date(parts.year() / parts.month() / 1), today).total();
}

ledger::MicroEuros today_so_far(const LedgerKeeping& ledger) {
    const Date today = ledger.zone().date(ledger.now());
    return ledger.bill(today, today).total();
}

object budget_object(const LedgerKeeping& ledger) {
    const auto& budget = ledger.budget();
    const auto today = today_so_far(ledger), month = month_so_far(ledger);
    auto json = boost::json::parse(ledger::to_json(budget)).as_object();
    json["today_eur"] = eur(today);
    json["this_month_eur"] = eur(month);
    json["day_level"] = ledger::alarm_level(today, budget.day, budget.alarm_percents);
    json["month_level"] = ledger::alarm_level(month, budget.month, budget.alarm_percents);
    return json;
}

}  // namespace

Expected<std::string, Error> bill_json(const LedgerKeeping& ledger, std::string_view period,
                                       std::string_view date) {
    const auto span = period_of(ledger, period, date);
    if (!span) return fail(span.error());
    const auto bill = ledger.bill(span->first, span->last);
    array schools;
    for (const auto& share : bill.shares) {
        schools.push_back(object{{"school", share.school},
                                 {"name", name_of(ledger, share.school)},
                                 {"participant_minutes", share.participant_ms / 60'000},
                                 {"used_eur", eur(share.used)},
                                 {"overhead_eur", eur(share.overhead)},
                                 {"total_eur", eur(share.total())}});
    }
    return boost::json::serialize(object{{"first", timetable::format_date(span->first)},
                                         {"last", timetable::format_date(span->last)},
                                         {"example_prices", ledger.prices().is_example},
                                         {"total_eur", eur(bill.total())},
                                         {"used_eur", eur(bill.used)},
                                         {"boot_eur", eur(bill.boot)},
                                         {"idle_eur", eur(bill.idle)},
                                         {"storage_eur", eur(bill.storage)},
                                         {"addresses_eur", eur(bill.addresses)},
                                         {"unshared_eur", eur(bill.unshared)},
                                         {"server_minutes", bill.server_ms / 60'000},
                                         {"schools", std::move(schools)},
                                         {"budget", budget_object(ledger)}});
}

Expected<std::string, Error> bill_csv(const LedgerKeeping& ledger, std::string_view period,
                                      std::string_view date) {
    const auto span = period_of(ledger, period, date);
    if (!span) return fail(span.error());
    std::string csv = "date,school,participant_minutes,used_eur,overhead_eur,total_eur\r\n";
    for (Date day = span->first; day <= span->last; day += days(1)) {
        const auto bill = ledger.bill(day, day);
        const std::string shown = timetable::format_date(day);
        for (const auto& share : bill.shares) {
            csv +=
                fmt::format("{},{},{},{},{},{}\r\n", shown, csv_cell(name_of(ledger, share.school)),
                            share.participant_ms / 60'000, ledger::euros(share.used),
                            ledger::euros(share.overhead), ledger::euros(share.total()));
        }
        if (bill.unshared != 0)
            csv += fmt::format("{},,0,0.000000,{},{}\r\n", shown, ledger::euros(bill.unshared),
                               ledger::euros(bill.unshared));
    }
    return csv;
}

Expected<std::string, Error> servers_csv(const LedgerKeeping& ledger, std::string_view period,
                                         std::string_view date) {
    const auto span = period_of(ledger, period, date);
    if (!span) return fail(span.error());
    const auto& zone = ledger.zone();
    return ledger::intervals_csv(
        ledger.book(),
        {unix_ms(zone.midnight(span->first)), unix_ms(zone.midnight(span->last + days(1)))},
        unix_ms(ledger.now()),
        [&](WallTime at) { return duration_cast<std::chrono::minutes>(zone.offset(at)); });
}

std::string meter_json(const LedgerKeeping& ledger) {
    array servers;
    for (const auto& line : ledger.meter()) {
        servers.push_back(object{{"server", line.server},
                                 {"name", line.name},
                                 {"core_minutes", line.ours.cores},
                                 {"cloud_core_minutes", line.clouds.cores},
                                 {"memory_minutes", line.ours.memory_gb},
                                 {"cloud_memory_minutes", line.clouds.memory_gb},
                                 {"difference", line.difference()}});
    }
    return boost::json::serialize(object{{"servers", std::move(servers)}});
}

std::string budget_json(const LedgerKeeping& ledger) {
    return boost::json::serialize(budget_object(ledger));
}

void put_budget(LedgerKeeping& ledger, std::string_view body,
                std::function<void(Expected<std::string, Error>)> answer) {
    auto budget = ledger::read_budget(body);
    if (!budget) return answer(fail(std::move(budget).error()));
    ledger.set_budget(std::move(*budget),
                      [&ledger, answer = std::move(answer)](Expected<void, Error> stored) {
                          if (!stored) return answer(fail(std::move(stored).error()));
                          answer(budget_json(ledger));
                      });
}

}  // namespace aula::hub
