// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace aula {

/// The wall clock of timetables, fleet and bills. For demonstrations and tests it may start at any
/// time and run faster than life; processes that are given the same text agree.
class CityClock {
public:
    CityClock() = default;
    /// "REAL,SHOWN,SPEED": when it was REAL it showed SHOWN (Unix seconds), SPEED (up to 3600)
    /// shown seconds go by in a real one.
    static std::optional<CityClock> parse(std::string_view text);

    WallTime now() const { return at(WallClock::now()); }
    WallTime at(WallTime real) const;
    /// How long a shown stretch of time really takes; for timers.
    Duration real(Duration shown) const;
    double speed() const { return speed_; }

private:
    WallTime real_origin_{};
    WallTime shown_origin_{};
    double speed_ = 1;
};

}  // namespace aula
