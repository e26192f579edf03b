// SPDX-License-Identifier: Apache-2.0
#include "sfu/sent_packets.hpp"

#include <algorithm>

namespace aula::sfu {

namespace {
std::uint16_t resend_clock(Time now) {
    return static_cast<std::uint16_t>(now.time_since_epoch() / 4ms);
}
}  // namespace

void SentPackets::sent(std::int64_t index, bool filled) {
    at(index) = Entry{low(index), 0, 0, filled};
    newest_ = std::max(newest_, index);
}

bool SentPackets::take_resend(std::int64_t index, Time now, Duration round_trip) {
    if (!was_sent(index) || is_too_old(index)) return false;
    Entry& entry = at(index);
    if (entry.resends == most_resends) return false;
    const auto since = static_cast<std::uint16_t>(resend_clock(now) - entry.resent);
    // The copy may still be on its way; a receiver asks again after a round trip.
    const Duration pause = std::max<Duration>(round_trip, 10ms);
    if (entry.resends > 0 && since * Duration(4ms) < pause) return false;
    entry.resent = resend_clock(now);
    ++entry.resends;
    return true;
}

}  // namespace aula::sfu
