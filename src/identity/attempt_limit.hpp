// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

#include "base/time.hpp"

namespace aula::identity {

/// How often something may fail by one name (an account, an address): `burst` times at once, then
/// once every `interval`.
class AttemptLimit {
public:
    AttemptLimit(unsigned burst, std::chrono::seconds interval)
        : burst_(burst), interval_(interval) {}

    /// How long until another attempt is listened to; zero: now.
    std::chrono::seconds wait(const std::string& name, Time now) const;
    void count(const std::string& name, Time now);
    void forget(const std::string& name) { free_at_.erase(name); }
    std::size_t size() const { return free_at_.size(); }

private:
    unsigned burst_;
    std::chrono::seconds interval_;
    std::unordered_map<std::string, Time> free_at_;  // when the whole burst is free again
};

}  // namespace aula::identity
