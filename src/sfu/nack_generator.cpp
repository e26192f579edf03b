// SPDX-License-Identifier: Apache-2.0
#include "sfu/nack_generator.hpp"

#include <algorithm>

namespace aula::sfu {

NackGenerator::NackGenerator() {
    missing_.reserve(64);
    due_.reserve(64);
}

bool NackGenerator::missing(std::int64_t first, std::int64_t last, Time now) {
    const auto count = static_cast<std::size_t>(last - first + 1);
    if (count > most_missing || missing_.size() + count > most_missing) {
        missing_.clear();
        return false;
    }
    for (std::int64_t index = first; index <= last; ++index) {
        missing_.push_back({index, now + first_wait, 0});
    }
    return true;
}

void NackGenerator::arrived(std::int64_t index) {
    const auto at = std::lower_bound(missing_.begin(), missing_.end(), index,
                                     [](const Missing& m, std::int64_t i) { return m.index < i; });
    if (at != missing_.end() && at->index == index) missing_.erase(at);
}

void NackGenerator::forget_before(std::int64_t index) {
    const auto end = std::find_if(missing_.begin(), missing_.end(),
                                  [&](const Missing& m) { return m.index >= index; });
    missing_.erase(missing_.begin(), end);
}

std::span<const std::uint16_t> NackGenerator::due(Time now, Duration round_trip) {
    due_.clear();
    for (Missing& packet : missing_) {
        if (packet.next > now) continue;
        due_.push_back(static_cast<std::uint16_t>(packet.index));
        packet.next = now + std::max(shortest_retry, round_trip + round_trip / 4);
        ++packet.tries;
    }
    std::erase_if(missing_, [](const Missing& m) { return m.tries >= most_tries; });
    return due_;
}

}  // namespace aula::sfu
