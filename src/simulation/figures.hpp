// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"

namespace aula::simulation {

/// Times that lessons waited for a seat, to the second; bounded by people's patience.
class Waits {
public:
    void add(Duration wait);
    void add(const Waits& other);
    std::uint64_t count() const { return count_; }
    std::uint64_t longer_than(Duration wait) const;
    /// Seconds that a share of all waits does not pass.
    double quantile(double share) const;
    double longest() const;

private:
    std::vector<std::uint32_t> by_second_;
    std::uint64_t count_ = 0;
};

/// What happened in one week, or in several.
struct Figures {
    Duration node_time{};    // servers on, from power-on to power-off
    Duration server_time{};  // servers in existence: their disks cost
    std::uint64_t lessons = 0;
    std::uint64_t refused = 0;
    std::uint64_t power_ons = 0;
    std::uint64_t delayed_announced = 0;  // of those delayed over 30 s
    Waits waits;                          // of lessons that were not refused

    std::uint64_t delayed() const { return waits.longer_than(std::chrono::seconds(30)); }
    void add(const Figures& other);
};

/// How long something took.
struct Stopwatch {
    std::uint64_t count = 0;
    Duration total{};
    Duration longest{};
    void add(Duration one);
    void add(const Stopwatch& other);
};

/// Load and nodes at one moment, until the next.
struct Sample {
    WallTime at;
    std::uint32_t nodes = 0;
    std::uint32_t seats = 0;  // of lessons that are on or wait
};

}  // namespace aula::simulation
