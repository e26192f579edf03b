// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "app/roles.hpp"

namespace aula::app {

/// The LiveKit key of a load test: as given, or what the hub of the data folder made for itself and
/// uses when it was given none.
std::pair<std::string, std::string> bench_key(const BenchRole& role);
/// As many sockets as the machine allows.
void raise_descriptor_limit();

}  // namespace aula::app
