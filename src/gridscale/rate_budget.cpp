// SPDX-License-Identifier: Apache-2.0
#include "gridscale/rate_budget.hpp"

#include <algorithm>
#include <charconv>

namespace aula::gridscale {
namespace {

// The window, and one second of clock error: a wrong clock must not stop us for longer.
constexpr auto longest_window = 61s;
constexpr auto usual_window = 60s;

std::optional<std::int64_t> header_number(const http::Response& response, std::string_view name) {
    const auto* text = response.headers.find(name);
    if (!text) return std::nullopt;
    std::int64_t value = 0;
    const auto [at, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || value < 0) return std::nullopt;
    return value;
}

/// The share of the window that is kept for more urgent calls.
std::int64_t kept_for_others(Urgency urgency, std::int64_t limit) {
    switch (urgency) {
        case Urgency::start:
            return 0;
        case Urgency::change:
            return limit / 20;
        case Urgency::look:
            return limit / 7;
        case Urgency::tidy:
            return limit / 3;
    }
    return 0;
}

}  // namespace

WallTime RateBudget::may_go(Urgency urgency, WallTime now) const {
    if (!reset_ || now >= *reset_) return now;
    return remaining_ - under_way_ > kept_for_others(urgency, limit_) ? now : *reset_;
}

void RateBudget::on_sent() { ++under_way_; }

void RateBudget::on_no_answer() { under_way_ = std::max<std::int64_t>(0, under_way_ - 1); }

void RateBudget::on_answer(const http::Response& response, WallTime now) {
    on_no_answer();
    const auto limit = header_number(response, "ratelimit-limit");
    const auto remaining = header_number(response, "ratelimit-remaining");
    const auto reset = header_number(response, "ratelimit-reset");
    if (limit) limit_ = *limit;
    if (remaining) remaining_ = *remaining;
    if (reset) {
        // Bounded before it becomes a time: a year in nanoseconds would not fit everywhere.
        const auto wait =
            std::chrono::milliseconds(std::max<std::int64_t>(*reset, unix_ms(now)) - unix_ms(now));
        reset_ = now + std::min<std::chrono::milliseconds>(wait, longest_window);
    }
    if (response.status != 429) return;
    remaining_ = 0;
    if (!reset) reset_ = now + usual_window;
}

}  // namespace aula::gridscale
