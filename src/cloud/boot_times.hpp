// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace aula::cloud {

/// How long a guest needs from power-on to its running node: log-normal, told by its median and by
/// the 99th percentile over the median, as people measure it.
struct BootTimes {
    std::chrono::milliseconds median{0};
    double tail = 1;  // 1: always the median

    /// The boot time below which this share of all lie; dice: evenly from [0, 1).
    std::chrono::milliseconds draw(double dice) const;
};

}  // namespace aula::cloud
