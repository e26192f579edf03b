// SPDX-License-Identifier: Apache-2.0
#include "cloud/boot_times.hpp"

#include <algorithm>
#include <cmath>

namespace aula::cloud {
namespace {

constexpr double normal_99 = 2.3263478740408408;  // 99th percentile of the standard normal

/// The inverse of the normal distribution, by halving: it is drawn once a boot.
double normal_quantile(double share) {
    double low = -8, high = 8;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (0.5 * std::erfc(-middle / std::sqrt(2.0)) < share ? low : high) = middle;
    }
    return low;
}

}  // namespace

std::chrono::milliseconds BootTimes::draw(double dice) const {
    const double spread = std::log(std::max(tail, 1.0)) / normal_99;
    const double share = std::clamp(dice, 1e-6, 1 - 1e-6);
    const double factor = std::exp(spread * normal_quantile(share));
    return std::chrono::milliseconds(std::llround(static_cast<double>(median.count()) * factor));
}

}  // namespace aula::cloud
