// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "base/time.hpp"

namespace aula::room {

/// What somebody may still use up: it grows with time up to a burst. A new one is full.
class Allowance {
public:
    Allowance(double a_second, double burst) : a_second_(a_second), burst_(burst), left_(burst) {}

    /// Takes the cost, or nothing when not that much is left.
    bool take(double cost, Time now) {
        const double elapsed = std::chrono::duration<double>(now - at_).count();
        left_ = std::min(burst_, left_ + elapsed * a_second_);
        at_ = now;
        if (left_ < cost) return false;
        left_ -= cost;
        return true;
    }

private:
    double a_second_;
    double burst_;
    double left_;
    Time at_{};
};

}  // namespace aula::room
