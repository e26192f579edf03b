// SPDX-License-Identifier: Apache-2.0
#include "base/rate_limit.hpp"

#include <algorithm>

namespace aula {

namespace {

constexpr std::size_t most_names = 50'000;

}  // namespace

std::chrono::seconds RateLimit::wait(const std::string& name, Time now) const {
    const auto at = free_at_.find(name);
    if (at == free_at_.end()) return std::chrono::seconds(0);
    const auto over = at->second + interval_ - (now + interval_ * burst_);
    return std::max(std::chrono::seconds(0), std::chrono::ceil<std::chrono::seconds>(over));
}

void RateLimit::count(const std::string& name, Time now) {
    if (free_at_.size() >= most_names) {
        std::erase_if(free_at_, [now](const auto& entry) { return entry.second <= now; });
        // An attack by so many names at once costs their counts, not our memory; nor our time, by
        // sweeping them all again for the next few names.
        if (free_at_.size() > most_names / 2) free_at_.clear();
    }
    auto& free_at = free_at_[name];
    free_at = std::max(free_at, now) + interval_;
}

bool RateLimit::take(const std::string& name, Time now) {
    if (wait(name, now).count() > 0) return false;
    count(name, now);
    return true;
}

}  // namespace aula
