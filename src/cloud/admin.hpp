// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "cloud/answer.hpp"
#include "cloud/datacenter.hpp"

namespace aula::cloud {

/// A fault as /aula/faults takes it. The sentence says what is wrong.
Expected<Fault, std::string> read_fault(const json::object& given, WallTime now);

/// /aula/...: faults to order, machines to freeze or crash, and the exact meters. Not part of
/// gridscale's API; the caller has checked the admin token.
Answer administer(Datacenter& datacenter, const Call& call);

}  // namespace aula::cloud
