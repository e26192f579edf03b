// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace aula::app {

struct BenchRole;
struct SimulateRole;

// The options of the roles that measure.
void add_bench(CLI::App& app, BenchRole& role);
void add_simulate(CLI::App& app, SimulateRole& role);

}  // namespace aula::app
