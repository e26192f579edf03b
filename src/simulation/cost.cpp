// SPDX-License-Identifier: Apache-2.0
#include "simulation/cost.hpp"

#include "simulation/chance.hpp"

namespace aula::simulation {
namespace {

constexpr ledger::PriceList prices;

}  // namespace

double euros_of_nodes(Duration on) {
    const auto a_minute = prices.core * node_shape.cores + prices.memory_gb * node_shape.memory_gb;
    return in_minutes(on) * static_cast<double>(a_minute) * 1e-9;
}

double euros_of_disks(Duration in_existence) {
    return in_minutes(in_existence) * static_cast<double>(prices.storage_gb * node_shape.disk_gb) *
           1e-9;
}

}  // namespace aula::simulation
