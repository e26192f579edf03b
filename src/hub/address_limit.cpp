// SPDX-License-Identifier: Apache-2.0
#include "hub/address_limit.hpp"

#include <algorithm>

namespace aula::hub {

namespace {

constexpr std::size_t most_addresses = 50'000;

}  // namespace

Time AddressLimit::all_free_at(const std::string& address, Time now) const {
    const auto at = free_at_.find(address);
    return at == free_at_.end() ? now : std::max(now, at->second);
}

bool AddressLimit::is_used_up(const std::string& address, Time now) const {
    return all_free_at(address, now) + interval_ > now + interval_ * burst_;
}

bool AddressLimit::take(const std::string& address, Time now) {
    if (is_used_up(address, now)) return false;
    if (free_at_.size() >= most_addresses) {
        std::erase_if(free_at_, [now](const auto& entry) { return entry.second <= now; });
        // An attack from so many addresses at once costs others their count, not us our memory.
        if (free_at_.size() >= most_addresses) free_at_.clear();
    }
    free_at_[address] = all_free_at(address, now) + interval_;
    return true;
}

}  // namespace aula::hub
