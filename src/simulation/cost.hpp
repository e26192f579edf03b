// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"
#include "ledger/price.hpp"

namespace aula::simulation {

/// The server of the example: what a node of 200 seats is reckoned to need.
struct NodeShape {
    std::int64_t cores = 8;
    std::int64_t memory_gb = 16;
    std::int64_t disk_gb = 20;
};
inline constexpr NodeShape node_shape;

/// At the example prices of ledger::PriceList. A server that is on, without its disk.
double euros_of_nodes(Duration on);
double euros_of_disks(Duration in_existence);

}  // namespace aula::simulation
