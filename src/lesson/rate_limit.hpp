// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

namespace aula::lesson {

/// `burst` at once, then one every `interval`.
struct Rate {
    int burst = 1;
    std::chrono::milliseconds interval{1000};
};

/// Counts one participant's commands of one kind against a rate; time comes from outside.
class RateLimit {
public:
    bool allow(const Rate& rate, WallTime now);

private:
    WallTime empty_at_{};  // when all of the burst is free again
};

}  // namespace aula::lesson
