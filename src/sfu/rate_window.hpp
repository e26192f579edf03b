// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "base/time.hpp"
#include "base/units.hpp"

namespace aula::sfu {

/// Bytes over the last second, in tenths.
class RateWindow {
public:
    void add(std::size_t bytes, Time now);
    BitRate rate(Time now) const { return rate(now, tenths); }
    /// Over the last few tenths only.
    BitRate recent(Time now) const { return rate(now, 3); }

private:
    static constexpr std::int64_t tenths = 10;
    BitRate rate(Time now, std::int64_t span) const;
    static std::int64_t tenth_of(Time time) { return time.time_since_epoch() / 100ms; }

    std::array<std::uint64_t, tenths + 1> bytes_{};  // one more: the tenth that is still filling
    std::int64_t newest_ = 0;
    std::int64_t first_ = -1;
};

}  // namespace aula::sfu
