// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>

#include "base/time.hpp"

namespace aula::simulation {

/// Random numbers that are the same on every machine and for every order of asking: a stream begins
/// at the numbers of what it is for (seed, school, class, day). SplitMix64.
class Chance {
public:
    explicit Chance(std::initializer_list<std::uint64_t> what);

    std::uint64_t next();
    double uniform();  // [0, 1)
    double uniform(double from, double to) { return from + (to - from) * uniform(); }
    bool happens(double probability) { return uniform() < probability; }
    /// [0, bound)
    std::uint32_t below(std::uint32_t bound);
    double normal();
    double exponential(double mean);
    /// From low to high, most often mode.
    double triangle(double low, double mode, double high);

private:
    std::uint64_t state_;
};

/// Lognormal: half are shorter than the median, one of a hundred is longer than median * tail.
struct BootTime {
    Duration median = std::chrono::seconds(90);
    double tail = 2;  // p99 over median

    Duration draw(Chance& chance) const;
    Duration quantile95() const;
};

inline Duration seconds(double count) {
    return duration_cast<Duration>(std::chrono::duration<double>(count));
}
inline double in_seconds(Duration span) { return std::chrono::duration<double>(span).count(); }
inline double in_minutes(Duration span) { return in_seconds(span) / 60; }

}  // namespace aula::simulation
