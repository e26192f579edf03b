// SPDX-License-Identifier: Apache-2.0
#include "sfu/rate_window.hpp"

#include <algorithm>

namespace aula::sfu {

void RateWindow::add(std::size_t bytes, Time now) {
    const std::int64_t tenth = std::max(tenth_of(now), newest_);
    if (first_ < 0 || tenth - newest_ > 2 * static_cast<std::int64_t>(bytes_.size())) {
        bytes_.fill(0);
        first_ = newest_ = tenth;
    }
    for (; newest_ < tenth; ++newest_)
        bytes_[static_cast<std::size_t>(newest_ + 1) % bytes_.size()] = 0;
    bytes_[static_cast<std::size_t>(tenth) % bytes_.size()] += bytes;
}

BitRate RateWindow::rate(Time now, std::int64_t span) const {
    if (first_ < 0) return {};
    const std::int64_t oldest = std::max({tenth_of(now) - span, first_, newest_ - tenths});
    std::uint64_t sum = 0;
    for (std::int64_t at = oldest; at <= newest_; ++at) {
        sum += bytes_[static_cast<std::size_t>(at) % bytes_.size()];
    }
    // A young window is as long as it is old, but not so short that a first burst counts as a rate.
    const double full =
        std::chrono::duration<double>(now.time_since_epoch() - oldest * 100ms).count();
    const double shortest = static_cast<double>(span) / 20;
    return BitRate::bps(
        static_cast<std::int64_t>(static_cast<double>(8 * sum) / std::max(full, shortest)));
}

}  // namespace aula::sfu
