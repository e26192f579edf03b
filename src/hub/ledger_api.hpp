// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "hub/ledger_keeping.hpp"

/// What the operator's page asks of the ledger: docs/protocol/timetable.md.
namespace aula::hub {

/// period "day", "week" or "month" that holds the date ("" today): sums, shares by school, budget.
Expected<std::string, Error> bill_json(const LedgerKeeping& ledger, std::string_view period,
                                       std::string_view date);
/// One line a day and school of the period.
Expected<std::string, Error> bill_csv(const LedgerKeeping& ledger, std::string_view period,
                                      std::string_view date);
/// One line a server's time on.
Expected<std::string, Error> servers_csv(const LedgerKeeping& ledger, std::string_view period,
                                         std::string_view date);
/// {"servers": [{"server", "name", "core_minutes", "cloud_core_minutes", "difference", ...}]}
std::string meter_json(const LedgerKeeping& ledger);
/// {"day_eur", "month_eur", "alarm_percents", "today_eur", "this_month_eur", "day_level",
/// "month_level"}
std::string budget_json(const LedgerKeeping& ledger);
void put_budget(LedgerKeeping& ledger, std::string_view body,
                std::function<void(Expected<std::string, Error>)> answer);

}  // namespace aula::hub
