// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

namespace aula {

/// Bits a second.
class BitRate {
public:
    constexpr BitRate() = default;
    static constexpr BitRate bps(std::int64_t value) { return BitRate(value); }
    static constexpr BitRate kbps(std::int64_t value) { return BitRate(value * 1000); }

    constexpr std::int64_t bps() const { return bps_; }
    constexpr auto operator<=>(const BitRate&) const = default;
    constexpr BitRate operator+(BitRate other) const { return BitRate(bps_ + other.bps_); }
    constexpr BitRate operator-(BitRate other) const { return BitRate(bps_ - other.bps_); }
    constexpr BitRate scaled(double factor) const {
        return BitRate(static_cast<std::int64_t>(static_cast<double>(bps_) * factor));
    }

private:
    explicit constexpr BitRate(std::int64_t value) : bps_(value) {}
    std::int64_t bps_ = 0;
};

}  // namespace aula
