// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

#include "base/time.hpp"

namespace aula::hub {

/// How often each client address may do something: `burst` at once, then one every `interval`. Time
/// comes from outside.
class AddressLimit {
public:
    AddressLimit(unsigned burst, std::chrono::milliseconds interval)
        : burst_(burst), interval_(interval) {}

    /// Counts one; false: it was one too many.
    bool take(const std::string& address, Time now);
    /// Whether take() would say no.
    bool is_used_up(const std::string& address, Time now) const;
    std::size_t size() const { return free_at_.size(); }

private:
    Time all_free_at(const std::string& address, Time now) const;

    unsigned burst_;
    std::chrono::milliseconds interval_;
    std::unordered_map<std::string, Time> free_at_;  // when the whole burst is free again
};

}  // namespace aula::hub
