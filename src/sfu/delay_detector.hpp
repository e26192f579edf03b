// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace aula::sfu {

/// Tells from sending and arrival times whether a queue grows on the way: packets in groups of 5
/// ms, the groups' delay differences summed up, a line fitted through the last twenty sums, its
/// slope held against an adaptive threshold (draft-ietf-rmcat-gcc-02 sections 5.3 to 5.5, with the
/// trend line in place of the Kalman filter).
class DelayDetector {
public:
    enum class State : std::uint8_t { underuse, normal, overuse };

    void packet(Time sent, std::chrono::microseconds arrival);
    State state() const { return state_; }
    void reset();

private:
    static constexpr std::size_t points = 20;
    struct Group {
        Time first_sent, last_sent;
        std::chrono::microseconds last_arrival;
    };
    struct Point {
        double time = 0, delay = 0;
    };
    void group_done(const Group& group);
    std::optional<double> slope() const;
    void judge(double trend, double step_ms, double now_ms);

    std::optional<Group> group_, before_;
    std::array<Point, points> line_{};
    std::size_t count_ = 0;
    double sum_ms_ = 0, smooth_ms_ = 0;
    double threshold_ms_ = 12.5;
    double over_ms_ = 0;
    double last_trend_ = 0;
    double last_judged_ms_ = -1;
    double first_arrival_ms_ = -1;
    State state_ = State::normal;
};

}  // namespace aula::sfu
