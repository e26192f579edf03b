// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace aula::control {

/// How long to wait before dialling again: doubling from 0.2 s to 5 s, each time less by up to a
/// half at random, so that the nodes of a hub that was restarted do not come all at once.
class BackOff {
public:
    std::chrono::milliseconds next(std::uint32_t random) {
        const auto longest = delay_;
        delay_ = std::min(delay_ * 2, most);
        return std::max(least, longest - longest * (random % 1000) / 2000);
    }
    void reset() { delay_ = least; }

private:
    static constexpr std::chrono::milliseconds least{200};
    static constexpr std::chrono::milliseconds most{5000};
    std::chrono::milliseconds delay_ = least;
};

}  // namespace aula::control
