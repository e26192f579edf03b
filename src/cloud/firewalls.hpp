// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "cloud/answer.hpp"

namespace aula::cloud {

/// The answer that tells what is wrong with these rules of a firewall or a network's link. Ports
/// that were written as numbers become texts.
std::optional<Answer> tidy_rules(json::object& rules);

}  // namespace aula::cloud
