// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "base/time.hpp"

namespace aula {

/// How often something may be done or may fail by one name (an account, a network): `burst` times
/// at once, then once every `interval`. Time comes from outside. Bounded.
class RateLimit {
public:
    RateLimit(unsigned burst, Duration interval) : burst_(burst), interval_(interval) {}

    /// How long until another one is free; zero: now.
    std::chrono::seconds wait(const std::string& name, Time now) const;
    void count(const std::string& name, Time now);
    /// Counts one if it is free; false: it was one too many.
    bool take(const std::string& name, Time now);
    void forget(const std::string& name) { free_at_.erase(name); }
    std::size_t size() const { return free_at_.size(); }

private:
    unsigned burst_;
    Duration interval_;
    std::unordered_map<std::string, Time> free_at_;  // when the whole burst is free again
};

}  // namespace aula
