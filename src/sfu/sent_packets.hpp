// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "base/time.hpp"

namespace aula::sfu {

/// Which outgoing numbers a receiver was sent, and how often again: a number is sent once and never
/// a second time with other bytes, and retransmissions are throttled. Small, since every
/// subscription has one.
class SentPackets {
public:
    static constexpr std::int64_t window = 512;
    static constexpr unsigned most_resends = 8;

    /// filled: the number went out with padding only, in place of a packet the receiver should not
    /// decode.
    void sent(std::int64_t index, bool filled = false);
    bool was_sent(std::int64_t index) const { return index >= 0 && at(index).index == low(index); }
    bool was_filled(std::int64_t index) const { return was_sent(index) && at(index).filled; }
    bool is_too_old(std::int64_t index) const { return index <= newest_ - window; }
    std::int64_t newest() const { return newest_; }
    /// The index nearest to the newest with this number.
    std::int64_t index_of(std::uint16_t number) const {
        const auto step = static_cast<std::uint16_t>(number - static_cast<std::uint16_t>(newest_));
        return newest_ + static_cast<std::int16_t>(step);
    }
    /// Whether it may be sent again now; then it counts as sent again.
    bool take_resend(std::int64_t index, Time now, Duration round_trip);

private:
    struct Entry {
        std::uint32_t index = 0;   // the low half
        std::uint16_t resent = 0;  // in units of 4 ms
        std::uint8_t resends = 0;
        bool filled = false;
    };
    static std::uint32_t low(std::int64_t index) { return static_cast<std::uint32_t>(index); }
    static std::size_t place(std::int64_t index) {
        return static_cast<std::size_t>(index % window);
    }
    Entry& at(std::int64_t index) { return entries_[place(index)]; }
    const Entry& at(std::int64_t index) const { return entries_[place(index)]; }

    std::array<Entry, window> entries_{};
    std::int64_t newest_ = -1;
};

}  // namespace aula::sfu
