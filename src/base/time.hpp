// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace aula {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;
using WallClock = std::chrono::system_clock;
using WallTime = WallClock::time_point;

using std::chrono::duration_cast;
using namespace std::chrono_literals;

/// Milliseconds since 1970, as LiveKit's and BigBlueButton's messages carry times.
inline long long unix_ms(WallTime time) {
    return duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

}  // namespace aula
