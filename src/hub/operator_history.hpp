// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "base/time.hpp"
#include "fleet/demand.hpp"

namespace aula::hub {

/// What the charts of the operator's page show of the hours that went by.
struct FleetSample {
    WallTime at;
    fleet::Seats live = 0;   // people in rooms
    fleet::Seats held = 0;   // seats that rooms hold
    fleet::Seats seats = 0;  // of the nodes that take or have rooms
    std::uint32_t on = 0;    // servers that are switched on, booting ones too
    std::uint32_t waiting = 0;
    double euros = 0;  // of today
};

/// The newest samples, at most `most`, no two nearer than `grain`.
class OperatorHistory {
public:
    explicit OperatorHistory(std::size_t most = 5'760, Duration grain = std::chrono::seconds(15))
        : most_(most), grain_(grain) {}

    void add(const FleetSample& sample);
    /// Older samples first; thinned out to at most `count`.
    std::deque<FleetSample> since(WallTime from, std::size_t count) const;

private:
    std::size_t most_;
    Duration grain_;
    std::deque<FleetSample> samples_;
};

}  // namespace aula::hub
