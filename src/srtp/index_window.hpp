// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace aula::srtp {

/// Which of the last `bits` packet indices of one SSRC were seen (RFC 3711 section 3.3.2).
template <std::size_t bits>
class IndexWindow {
    static_assert(bits % 64 == 0);

public:
    /// The 48-bit index this sequence number most likely stands for (RFC 3711 section 3.3.1): the
    /// one nearest to the highest index seen. Nothing before the first rollover can be meant.
    std::optional<std::uint64_t> estimate(std::uint16_t sequence_number) const {
        if (!started_) return sequence_number;
        const auto distance = static_cast<std::int16_t>(
            sequence_number - static_cast<std::uint16_t>(highest_ & 0xffff));
        const auto index = static_cast<std::int64_t>(highest_) + distance;
        if (index < 0 || index >= std::int64_t{1} << 48) return std::nullopt;
        return static_cast<std::uint64_t>(index);
    }

    bool is_new(std::uint64_t index) const {
        if (!started_ || index > highest_) return true;
        return highest_ - index < bits && (word(index) & bit(index)) == 0;
    }

    /// Only for an index that is_new().
    void mark(std::uint64_t index) {
        if (!started_ || index > highest_) advance(index);
        word(index) |= bit(index);
    }

private:
    void advance(std::uint64_t index) {
        if (!started_ || index - highest_ >= bits) {
            seen_.fill(0);
        } else {
            for (auto i = highest_ + 1; i <= index; ++i) word(i) &= ~bit(i);
        }
        highest_ = index;
        started_ = true;
    }
    std::uint64_t& word(std::uint64_t index) { return seen_[index % bits / 64]; }
    const std::uint64_t& word(std::uint64_t index) const { return seen_[index % bits / 64]; }
    static std::uint64_t bit(std::uint64_t index) { return std::uint64_t{1} << index % 64; }

    std::uint64_t highest_ = 0;
    bool started_ = false;
    std::array<std::uint64_t, bits / 64> seen_{};
};

}  // namespace aula::srtp
