// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/time.hpp"

namespace aula::gridscale {

/// A circuit breaker: after some failures on end changes rest for a while; looks go on and show
/// when the API is back. Pure.
class Breaker {
public:
    struct Rules {
        unsigned failures = 5;
        std::chrono::milliseconds rest{15'000};
    };

    explicit Breaker(Rules rules) : rules_(rules) {}
    Breaker() : Breaker(Rules{}) {}

    /// The API answered, be it a refusal; a 5xx or no answer is a failure.
    void on_success() { failures_ = 0; }
    void on_failure(Time now) {
        if (++failures_ >= rules_.failures) rests_until_ = now + rules_.rest;
    }
    bool is_open(Time now) const { return failures_ >= rules_.failures && now < rests_until_; }

private:
    Rules rules_;
    unsigned failures_ = 0;
    Time rests_until_{};
};

}  // namespace aula::gridscale
