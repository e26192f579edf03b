// SPDX-License-Identifier: Apache-2.0
#include "rtp/ntp_time.hpp"

#include <algorithm>
#include <limits>

namespace aula::rtp {

std::uint32_t to_compact_ntp(Duration span) {
    using Compact = std::chrono::duration<std::int64_t, std::ratio<1, 65536>>;
    constexpr auto longest = std::chrono::hours(18);  // 65536 s and a bit
    const auto bounded = std::clamp<Duration>(span, Duration::zero(), longest);
    return static_cast<std::uint32_t>(duration_cast<Compact>(bounded).count());
}

Duration from_compact_ntp(std::uint32_t value) {
    return std::chrono::nanoseconds((std::uint64_t{value} * 1'000'000'000) >> 16);
}

}  // namespace aula::rtp
