// SPDX-License-Identifier: Apache-2.0
#include "fleet/boot.hpp"

#include <algorithm>
#include <cmath>

namespace aula::fleet {

namespace {

constexpr double normal_95 = 1.6449;

/// The quantile of the normal distribution (Abramowitz and Stegun 26.2.23, good to 0.0005).
double normal_quantile(double share) {
    const double tail = std::clamp(share < 0.5 ? share : 1 - share, 1e-9, 0.5);
    const double t = std::sqrt(-2 * std::log(tail));
    const double upper = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                                 (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    return share < 0.5 ? -upper : upper;
}

}  // namespace

Duration boot_within(const BootTimes& boots, double share) {
    if (boots.median <= Duration(0) || boots.p95 <= boots.median)
        return std::max(boots.median, boots.p95);
    const double ratio = double(boots.p95.count()) / double(boots.median.count());
    const double factor = std::exp(std::log(ratio) / normal_95 * normal_quantile(share));
    return Duration(Duration::rep(double(boots.median.count()) * factor));
}

}  // namespace aula::fleet
