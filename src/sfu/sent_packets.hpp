// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "base/time.hpp"

namespace aula::sfu {

/// Which outgoing numbers a receiver was sent, and how often again: a number is sent once and never
/// a second time with other bytes, and retransmissions are throttled.
class SentPackets {
public:
    static constexpr std::int64_t window = 1024;
    static constexpr unsigned most_resends = 8;

    void sent(std::int64_t index);
    bool was_sent(std::int64_t index) const;
    bool is_too_old(std::int64_t index) const { return index <= newest_ - window; }
    std::int64_t newest() const { return newest_; }
    /// The index nearest to the newest with this number.
    std::int64_t index_of(std::uint16_t number) const {
        return newest_ + static_cast<std::int16_t>(static_cast<std::uint16_t>(
                             number - static_cast<std::uint16_t>(newest_)));
    }
    /// Whether it may be sent again now; then it counts as sent again.
    bool take_resend(std::int64_t index, Time now, Duration round_trip);

private:
    struct Entry {
        std::int64_t index = -1;
        Time resent{};
        unsigned resends = 0;
    };
    static std::size_t place(std::int64_t index) {
        return static_cast<std::size_t>(index % window);
    }

    std::array<Entry, window> entries_{};
    std::int64_t newest_ = -1;
};

}  // namespace aula::sfu
