// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/time.hpp"

namespace aula::cloud {

/// gridscale's rate limit of one user: so many calls in a fixed window of 60 s; the whole counter
/// goes back at once.
class RateWindow {
public:
    static constexpr std::chrono::seconds length{60};

    struct Verdict {
        bool allowed = true;
        unsigned remaining = 0;
        WallTime reset{};
    };

    Verdict count(WallTime now, unsigned limit) {
        const auto begun = now - (now.time_since_epoch() % length);
        if (begun != begun_) used_ = 0;
        begun_ = begun;
        const bool allowed = used_ < limit;
        if (allowed) ++used_;
        return {allowed, limit - used_, begun_ + length};
    }

private:
    WallTime begun_{};
    unsigned used_ = 0;
};

}  // namespace aula::cloud
