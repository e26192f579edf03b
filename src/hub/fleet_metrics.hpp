// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "hub/keeper_view.hpp"
#include "hub/metrics.hpp"
#include "ledger/bill.hpp"

namespace aula::hub {

void add_fleet_metrics(MetricsText& text, const FleetView& view, const ledger::Budget& budget,
                       const std::vector<ledger::MeterLine>& meter);

}  // namespace aula::hub
