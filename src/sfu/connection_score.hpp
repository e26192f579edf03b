// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace aula::sfu {

enum class ConnectionQuality : std::uint8_t { poor, good, excellent, lost };  // LiveKit's numbers

/// What a participant's line shows over the last interval (5 s), the worse of both directions.
struct LineFigures {
    double loss = 0;  // 0..1, after repair where known
    Duration round_trip{};
    Duration jitter{};
    bool reduced = false;  // tracks get less than they want for lack of bandwidth
    bool silent = false;   // nothing at all came, though something should have
};

/// A mean opinion score by a simplified E-model (ITU-T G.107): 93.2 minus what delay and loss
/// impair, on 1..4.5.
double opinion_score(const LineFigures& line);
/// Excellent from 4.1, good from 3.1, poor below; lost only when silent.
ConnectionQuality connection_quality(const LineFigures& line);

}  // namespace aula::sfu
