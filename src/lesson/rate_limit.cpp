// SPDX-License-Identifier: Apache-2.0
#include "lesson/rate_limit.hpp"

#include <algorithm>

namespace aula::lesson {

bool RateLimit::allow(const Rate& rate, WallTime now) {
    const WallTime full_at = now + rate.burst * rate.interval;
    // Later than that only when the clock was set back; nobody shall wait for it to catch up.
    empty_at_ = std::clamp(empty_at_, now, full_at);
    if (empty_at_ + rate.interval > full_at) return false;
    empty_at_ += rate.interval;
    return true;
}

}  // namespace aula::lesson
