// SPDX-License-Identifier: Apache-2.0
#include "sfu/connection_score.hpp"

#include <algorithm>
#include <cmath>

namespace aula::sfu {

double opinion_score(const LineFigures& line) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    // One way, with what a jitter buffer adds.
    const double delay =
        Milliseconds(line.round_trip).count() / 2 + 2 * Milliseconds(line.jitter).count() + 10;
    const double delay_impairment = delay < 160 ? delay / 40 : (delay - 120) / 10;
    const double loss_impairment = 250 * std::clamp(line.loss, 0.0, 1.0);
    const double rating = std::clamp(93.2 - delay_impairment - loss_impairment, 0.0, 100.0);
    // ITU-T G.107 annex B.
    return std::max(1.0, 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating));
}

ConnectionQuality connection_quality(const LineFigures& line) {
    if (line.silent) return ConnectionQuality::lost;
    const double score = opinion_score(line);
    if (score < 3.1) return ConnectionQuality::poor;
    return score < 4.1 || line.reduced ? ConnectionQuality::good : ConnectionQuality::excellent;
}

}  // namespace aula::sfu
