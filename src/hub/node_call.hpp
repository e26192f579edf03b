// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "control/control.pb.h"
#include "control/hub_links.hpp"
#include "net/loop.hpp"

namespace aula::hub {

using NodeAnswered = std::function<void(Expected<control::StreamAnswered, Error>)>;

/// One HTTP request relayed to a node. Answered exactly once, with an error when the node is gone
/// or silent.
void call_node(net::Loop& loop, control::HubLinks& links, const std::string& node,
               control::OpenStream request, Duration patience, NodeAnswered answered);

}  // namespace aula::hub
