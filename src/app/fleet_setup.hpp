// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "app/node_config.hpp"
#include "base/city_clock.hpp"
#include "hub/fleet_options.hpp"
#include "hub/hub.hpp"

namespace aula::app {

/// "REAL,SHOWN,SPEED", or the usual clock when it is empty. Throws std::runtime_error.
CityClock read_clock(const std::string& text);
/// The name of a time zone that this machine knows. Throws std::runtime_error.
std::string read_zone(const std::string& name);
/// After so long a job of the cloud counts as hanging: five minutes of the city.
std::chrono::milliseconds longest_job(const CityClock& clock);

/// The policy of a JSON file; `before` for what is not in it, and when there is no file. Throws.
fleet::Policy read_policy_file(const std::string& file, const fleet::Policy& before);

/// The price list of a JSON file; without one that of the examples. Throws.
ledger::PriceList read_price_file(const std::string& file);

/// What servers of the fleet are told: `like` with an invitation of the hub, which is asked for
/// when it is needed; null: it has not started.
void set_user_data(hub::FleetOptions& fleet, NodeConfig like, std::function<hub::Hub*()> hub,
                   std::string host);

}  // namespace aula::app
