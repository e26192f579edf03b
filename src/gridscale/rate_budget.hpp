// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "http/message.hpp"

namespace aula::gridscale {

/// Who goes first when calls have to wait, and how much of the rate limit is kept from the others.
enum class Urgency : std::uint8_t {
    start,   // people wait for this
    change,  // other orders
    look,    // lists, and how far an order is
    tidy,
};
constexpr std::size_t urgencies = 4;

/// gridscale's rate limit as its answers tell it: a fixed window, whose whole counter is reset at
/// once (RateLimit-Limit, -Remaining, and -Reset in Unix milliseconds). Pure.
class RateBudget {
public:
    /// When this call may go; now, when it need not wait.
    WallTime may_go(Urgency urgency, WallTime now) const;
    void on_sent();
    void on_answer(const http::Response& response, WallTime now);
    void on_no_answer();
    /// Calls in a window; 0: there is no limit that we know of.
    std::int64_t limit() const { return limit_; }

private:
    std::int64_t limit_ = 0;
    std::int64_t remaining_ = 0;
    std::int64_t under_way_ = 0;  // sent, not answered: not in `remaining_` yet
    std::optional<WallTime> reset_;
};

}  // namespace aula::gridscale
