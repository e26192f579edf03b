// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"

namespace aula::sfu {

/// Which packets of a received stream to ask for again, and when.
class NackGenerator {
public:
    static constexpr std::size_t most_missing = 512;
    static constexpr unsigned most_tries = 10;
    static constexpr Duration first_wait = 5ms;  // a packet merely reordered comes within it
    static constexpr Duration shortest_retry = 20ms;

    NackGenerator();

    /// first..last (inclusive) were skipped. False when there are too many to repair: the list was
    /// cleared, and only a key frame helps.
    bool missing(std::int64_t first, std::int64_t last, Time now);
    void arrived(std::int64_t index);
    /// Nothing before a key frame is worth repairing.
    void forget_before(std::int64_t index);
    void clear() { missing_.clear(); }

    /// Numbers to ask for now, ascending; each counts as asked. Valid until the next call.
    std::span<const std::uint16_t> due(Time now, Duration round_trip);
    std::size_t size() const { return missing_.size(); }

private:
    struct Missing {
        std::int64_t index;
        Time next;
        unsigned tries;
    };
    std::vector<Missing> missing_;  // ascending
    std::vector<std::uint16_t> due_;
};

}  // namespace aula::sfu
