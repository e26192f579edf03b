// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "ledger/book.hpp"
#include "store/ledger_tables.hpp"

/// How the ledger's intervals are written into the store.
namespace aula::hub {

store::LedgerRow row_of(const ledger::PowerInterval& interval);
store::LedgerRow row_of(const ledger::Holding& holding);
/// Nothing: the row was not written by this program.
std::optional<ledger::PowerInterval> interval_of(const store::LedgerRow& row);
std::optional<ledger::Holding> holding_of(const store::LedgerRow& row);

}  // namespace aula::hub
