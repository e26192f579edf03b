// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fleet/demand.hpp"
#include "store/history_tables.hpp"

namespace aula::hub {

/// Lessons as `aula simulate --trace` reads them. What no trace can hold is left out: a room of
/// which nobody had told before and that nobody entered.
std::string trace_csv(const std::vector<store::PastLesson>& lessons,
                      const std::function<std::string(fleet::SchoolKey)>& school_name);

}  // namespace aula::hub
