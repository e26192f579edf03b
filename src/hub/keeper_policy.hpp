// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "fleet/policy.hpp"

namespace aula::hub {

/// A JSON object with some or all of the policy's knobs, by the names of docs/protocol/operator.md;
/// what is not in it stays as it was.
Expected<fleet::Policy, Error> read_policy(std::string_view json, const fleet::Policy& before);
std::string write_policy(const fleet::Policy& policy);
/// "least_nodes 1, most_nodes 5": what differs.
std::string policy_changes(const fleet::Policy& before, const fleet::Policy& after);

}  // namespace aula::hub
