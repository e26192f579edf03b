// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace aula::rtp {

/// a after b on the circle of 16 bit numbers (RFC 1982).
inline bool is_newer(std::uint16_t a, std::uint16_t b) {
    return a != b && static_cast<std::uint16_t>(a - b) < 0x8000;
}
inline bool is_newer_timestamp(std::uint32_t a, std::uint32_t b) {
    return a != b && a - b < 0x80000000u;
}

/// Sequence numbers without wrap: the index nearest to the newest seen so far. index mod 65536 is
/// always the number. Starts at 65536 or above, so that earlier packets do not become negative.
class SequenceUnwrapper {
public:
    /// The index of a number; the newest only moves forward.
    std::int64_t unwrap(std::uint16_t number) {
        const std::int64_t index = peek(number);
        if (!newest_ || index > *newest_) newest_ = index;
        return index;
    }

    /// The same without remembering it.
    std::int64_t peek(std::uint16_t number) const {
        if (!newest_) return 65536 + std::int64_t{number};
        const auto step = static_cast<std::int16_t>(
            static_cast<std::uint16_t>(number - static_cast<std::uint16_t>(*newest_)));
        return *newest_ + step;
    }

    /// The stream starts anew at this number: an index well above all earlier ones.
    std::int64_t restart(std::uint16_t number) {
        const std::int64_t turn = newest_ ? (*newest_ >> 16) + 2 : 1;
        newest_ = turn * 65536 + number;
        return *newest_;
    }

    std::optional<std::int64_t> newest() const { return newest_; }

private:
    std::optional<std::int64_t> newest_;
};

}  // namespace aula::rtp
