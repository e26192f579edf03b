// SPDX-License-Identifier: Apache-2.0
#include "cloud/meter.hpp"

#include <algorithm>
#include <map>

namespace aula::cloud {
namespace {

using std::chrono::milliseconds;

/// How much of the span lies in the window.
milliseconds overlap(const Span& span, const Window& window) {
    const auto from = std::max(span.from, window.from);
    const auto to = std::min(span.to.value_or(window.to), window.to);
    return to > from ? duration_cast<milliseconds>(to - from) : milliseconds(0);
}

std::int64_t whole_minutes(milliseconds time) {
    return duration_cast<std::chrono::minutes>(time).count();
}

}  // namespace

void Meter::run(WallTime now, const Amounts& amounts) {
    if (runs() && spans_.back().amounts == amounts) return;
    stop(now);
    spans_.push_back({now, std::nullopt, amounts});
}

void Meter::stop(WallTime now) {
    // The wall clock may have been set back.
    if (runs()) spans_.back().to = std::max(now, spans_.back().from);
}

std::int64_t Meter::minutes(const Window& window) const {
    milliseconds sum{0};
    for (const auto& span : spans_) sum += overlap(span, window);
    return whole_minutes(sum);
}

std::int64_t Meter::amount_minutes(std::size_t which, const Window& window) const {
    std::map<std::int64_t, milliseconds> by_amount;
    for (const auto& span : spans_) by_amount[span.amounts[which]] += overlap(span, window);
    std::int64_t sum = 0;
    for (const auto& [amount, time] : by_amount) sum += amount * whole_minutes(time);
    return sum;
}

std::int64_t Meter::rate(std::size_t which) const {
    return runs() ? spans_.back().amounts[which] : 0;
}

}  // namespace aula::cloud
