// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "gridscale/connection.hpp"
#include "hub/keeper.hpp"
#include "ledger/price.hpp"

namespace aula::hub {

/// The cloud on which a hub keeps its fleet. As in Keeper::Wiring.
struct FleetOptions {
    gridscale::ConnectionOptions cloud;
    PoolOptions pool;
    fleet::Policy policy;  // until an operator changes it
    std::string hub_id;
    ledger::PriceList prices;
    std::function<Expected<std::string, Error>(const std::string& node)> user_data;
    std::function<bool(const std::string& user_data)> is_current;
    Duration shutdown_grace = std::chrono::seconds(60);
};

}  // namespace aula::hub
