// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "rtp/sequence.hpp"

namespace aula::sfu {

/// Arrival times of one publisher's packets by transport-wide number, and the feedback made of
/// them.
class TwccRecorder {
public:
    static constexpr Duration interval = 50ms;

    /// element: the value of the transport-wide sequence extension.
    void record(std::uint16_t number, Time now);
    void record(Bytes element, Time now) {
        if (element.size() >= 2) record(load16(element.data()), now);
    }

    bool is_due(Time now) const { return pending_ && now - since_ >= interval; }
    /// Writes the next feedback packet; 0 when nothing (more) is to be told. Call until 0.
    std::size_t write(MutableBytes out, std::uint32_t sender, std::uint32_t media, Time now);

private:
    static constexpr std::int64_t window = 1024;

    rtp::SequenceUnwrapper sequence_;
    std::array<std::optional<std::chrono::microseconds>, window> arrivals_{};
    std::int64_t base_ = -1;  // the first not yet told
    bool pending_ = false;
    Time since_;
    std::uint8_t number_ = 0;
};

}  // namespace aula::sfu
