// SPDX-License-Identifier: Apache-2.0
#include "hub/operator_history.hpp"

#include <algorithm>

namespace aula::hub {

void OperatorHistory::add(const FleetSample& sample) {
    if (!samples_.empty() && sample.at < samples_.back().at + grain_) return;
    samples_.push_back(sample);
    if (samples_.size() > most_) samples_.pop_front();
}

std::deque<FleetSample> OperatorHistory::since(WallTime from, std::size_t count) const {
    const auto first =
        std::lower_bound(samples_.begin(), samples_.end(), from,
                         [](const FleetSample& sample, WallTime at) { return sample.at < at; });
    const auto there = static_cast<std::size_t>(samples_.end() - first);
    const std::size_t step = count == 0 ? 1 : std::max<std::size_t>(1, (there + count - 1) / count);
    std::deque<FleetSample> thinned;
    // Counted from the newest, which is always there.
    for (std::size_t i = there; i > 0; i -= std::min(i, step))
        thinned.push_front(first[static_cast<std::ptrdiff_t>(i - 1)]);
    return thinned;
}

}  // namespace aula::hub
