// SPDX-License-Identifier: Apache-2.0
#include "sfu/delay_detector.hpp"

#include <algorithm>
#include <cmath>

namespace aula::sfu {

namespace {

constexpr Duration group_span = 5ms;
constexpr double smoothing = 0.9;
constexpr double gain = 4;              // of the slope, before it meets the threshold
constexpr double most_counted = 60;     // points that make a slope weigh more
constexpr double overuse_time_ms = 10;  // above the threshold before it counts
// The threshold follows the trend, quicker down than up (draft-ietf-rmcat-gcc-02 section 5.4).
constexpr double threshold_up = 0.0087, threshold_down = 0.039;
constexpr double lowest_threshold_ms = 6, highest_threshold_ms = 600;

template <class Span>
double in_ms(Span span) {
    return std::chrono::duration<double, std::milli>(span).count();
}

}  // namespace

void DelayDetector::reset() { *this = DelayDetector(); }

void DelayDetector::packet(Time sent, std::chrono::microseconds arrival) {
    if (group_ && sent >= group_->first_sent && sent - group_->first_sent <= group_span) {
        group_->last_sent = std::max(group_->last_sent, sent);
        group_->last_arrival = std::max(group_->last_arrival, arrival);
        return;
    }
    if (group_ && sent < group_->first_sent) return;  // late news of an earlier group
    if (group_) group_done(*group_);
    group_ = Group{sent, sent, arrival};
}

void DelayDetector::group_done(const Group& group) {
    if (first_arrival_ms_ < 0) first_arrival_ms_ = in_ms(group.last_arrival);
    if (before_) {
        const double step = in_ms(group.last_arrival - before_->last_arrival) -
                            in_ms(group.last_sent - before_->last_sent);
        sum_ms_ += step;
        smooth_ms_ = smoothing * smooth_ms_ + (1 - smoothing) * sum_ms_;
        const double now_ms = in_ms(group.last_arrival) - first_arrival_ms_;
        line_[count_ % points] = Point{now_ms, smooth_ms_};
        ++count_;
        if (const auto trend = slope()) {
            judge(*trend, in_ms(group.last_sent - before_->last_sent), now_ms);
        }
    }
    before_ = group;
}

std::optional<double> DelayDetector::slope() const {
    if (count_ < points) return std::nullopt;
    double mean_time = 0, mean_delay = 0;
    for (const Point& point : line_) {
        mean_time += point.time / points;
        mean_delay += point.delay / points;
    }
    double above = 0, below = 0;
    for (const Point& point : line_) {
        above += (point.time - mean_time) * (point.delay - mean_delay);
        below += (point.time - mean_time) * (point.time - mean_time);
    }
    if (below == 0) return std::nullopt;
    return above / below;
}

void DelayDetector::judge(double trend, double step_ms, double now_ms) {
    const double weighed = std::min(static_cast<double>(count_), most_counted) * trend * gain;
    if (weighed > threshold_ms_) {
        over_ms_ += step_ms;
        // A queue that already shrinks is no reason to slow down further.
        if (over_ms_ > overuse_time_ms && trend >= last_trend_) state_ = State::overuse;
    } else {
        over_ms_ = 0;
        state_ = weighed < -threshold_ms_ ? State::underuse : State::normal;
    }
    last_trend_ = trend;

    const double distance = std::abs(weighed) - threshold_ms_;
    const double since = last_judged_ms_ < 0 ? 0 : std::clamp(now_ms - last_judged_ms_, 0.0, 100.0);
    last_judged_ms_ = now_ms;
    if (distance > 15) return;  // a sudden spike, a route change: not what the threshold is for
    threshold_ms_ += (distance < 0 ? threshold_down : threshold_up) * distance * since;
    threshold_ms_ = std::clamp(threshold_ms_, lowest_threshold_ms, highest_threshold_ms);
}

}  // namespace aula::sfu
