// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.hpp"

namespace aula::cloud {

/// What costs by the minute and how much of it: {cores, GB of memory} of a server that is on,
/// {GB, 0} of a storage, {1, 0} of an address.
using Amounts = std::array<std::int64_t, 2>;

/// A stretch of time in which the amounts were the same. Still running without an end.
struct Span {
    WallTime from{};
    std::optional<WallTime> to;
    Amounts amounts{};
};

/// From `from` on, before `to`.
struct Window {
    WallTime from{};
    WallTime to{};
};

/// The exact meter of one object, in milliseconds as the journal keeps them.
///
/// Rounding: the time is summed exactly over all spans of the same amount and rounded down to whole
/// minutes once, not at each power-on; then it is multiplied by the amount. So a server that was
/// on for 90 s twice has used 3 minutes of each core, and one that was on for 59 s none.
class Meter {
public:
    Meter() = default;
    explicit Meter(std::vector<Span> spans) : spans_(std::move(spans)) {}

    /// Runs with these amounts from now on; a new span only when they are others.
    void run(WallTime now, const Amounts& amounts);
    void stop(WallTime now);
    bool runs() const { return !spans_.empty() && !spans_.back().to; }

    /// Whole minutes that it ran, whatever the amounts.
    std::int64_t minutes(const Window& window) const;
    /// Minutes times amount, as the rounding above.
    std::int64_t amount_minutes(std::size_t which, const Window& window) const;
    /// The amount of now; 0 while it stands.
    std::int64_t rate(std::size_t which) const;

    const std::vector<Span>& spans() const { return spans_; }

private:
    std::vector<Span> spans_;
};

}  // namespace aula::cloud
