// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.hpp"

namespace aula::rtp {

/// Seconds since 1900 in 32.32 fixed point (RFC 3550 section 4).
class NtpTime {
public:
    constexpr NtpTime() = default;
    explicit constexpr NtpTime(std::uint64_t value) : value_(value) {}
    static NtpTime from(WallTime time) {
        constexpr std::uint64_t seconds_1900_to_1970 = 2'208'988'800;
        return NtpTime(seconds_1900_to_1970 << 32)
            .plus(duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()));
    }

    constexpr std::uint64_t value() const { return value_; }
    /// The middle 32 bits, as LSR and DLSR use them: units of 1/65536 s.
    constexpr std::uint32_t middle() const { return static_cast<std::uint32_t>(value_ >> 16); }

    constexpr NtpTime plus(std::chrono::nanoseconds step) const {
        const std::int64_t seconds = step.count() / 1'000'000'000;
        const std::int64_t rest = step.count() % 1'000'000'000;
        const auto fraction = (rest * (std::int64_t{1} << 32)) / 1'000'000'000;
        return NtpTime(value_ + (static_cast<std::uint64_t>(seconds) << 32) +
                       static_cast<std::uint64_t>(fraction));
    }
    /// this - earlier; meaningful within some 68 years.
    constexpr std::chrono::nanoseconds since(NtpTime earlier) const {
        const auto step = static_cast<std::int64_t>(value_ - earlier.value_);
        const std::int64_t seconds = step >> 32;
        const auto rest = static_cast<std::int64_t>(step & 0xffffffff);
        return std::chrono::seconds(seconds) +
               std::chrono::nanoseconds((rest * 1'000'000'000) >> 32);
    }
    constexpr bool operator==(const NtpTime&) const = default;

private:
    std::uint64_t value_ = 0;
};

/// A span in units of 1/65536 s (DLSR) and back; saturates at its 32 bits and at zero.
std::uint32_t to_compact_ntp(Duration span);
Duration from_compact_ntp(std::uint32_t value);

}  // namespace aula::rtp
