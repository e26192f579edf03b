// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "control/node_link.hpp"

namespace aula::app {

/// What a node is told at its start: the user data of its server, JSON.
struct NodeConfig {
    control::NodeLinkOptions link;
    std::string media = "0.0.0.0:0";
    std::vector<std::string> advertise;
    unsigned shards = 0;  // 0: one a core
    unsigned seats = 200;
    std::string metrics;  // empty: not served
};

std::string to_json(const NodeConfig& config);
Expected<NodeConfig, Error> read_node_config(std::string_view json);

}  // namespace aula::app
