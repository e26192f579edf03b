// SPDX-License-Identifier: Apache-2.0
#include "sfu/twcc_recorder.hpp"

#include <algorithm>

#include "rtp/transport_feedback.hpp"

namespace aula::sfu {

void TwccRecorder::record(std::uint16_t number, Time now) {
    const auto before = sequence_.newest();
    const std::int64_t index = sequence_.unwrap(number);
    if (before && index <= *before - window) return;
    const std::int64_t cleared_from = before ? std::max(*before + 1, index - window + 1) : index;
    for (std::int64_t at = cleared_from; at <= index; ++at)
        arrivals_[static_cast<std::size_t>(at % window)].reset();
    arrivals_[static_cast<std::size_t>(index % window)] =
        duration_cast<std::chrono::microseconds>(now.time_since_epoch());
    // A late packet that was told as lost is told again as received.
    base_ = base_ < 0 ? index : std::min(base_, index);
    if (!pending_) since_ = now;
    pending_ = true;
}

std::size_t TwccRecorder::write(MutableBytes out, std::uint32_t sender, std::uint32_t media,
                                Time now) {
    if (!pending_) return 0;
    const std::int64_t newest = *sequence_.newest();
    base_ = std::max(base_, newest - window + 1);
    std::array<std::optional<std::chrono::microseconds>, window> statuses;
    const auto count = static_cast<std::size_t>(newest - base_ + 1);
    for (std::size_t i = 0; i < count; ++i) {
        statuses[i] = arrivals_[(static_cast<std::size_t>(base_) + i) % window];
    }
    const auto written = rtp::write_transport_feedback(out, sender, media, number_,
                                                       static_cast<std::uint16_t>(base_),
                                                       std::span(statuses).first(count));
    if (written.size == 0) return 0;
    ++number_;
    base_ += static_cast<std::int64_t>(written.statuses);
    pending_ = base_ <= newest;
    since_ = now;
    return written.size;
}

}  // namespace aula::sfu
