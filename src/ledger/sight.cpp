// SPDX-License-Identifier: Apache-2.0
// What the cloud shows, against the book: when exactly a server went on or off.
#include "ledger/book.hpp"

namespace aula::ledger {

namespace {

constexpr Milliseconds coarseness = 1'000;  // the cloud's times are whole seconds, cut off

}  // namespace

const PowerInterval* Book::seen(const Machine& machine, const Sight& sight, const PriceList& prices,
                                Milliseconds now, bool unwatched) {
    return sight.power ? shown_on(machine, sight, prices, now, unwatched)
                       : shown_off(machine, sight, now, unwatched);
}

/// What the counter has beyond the book.
Milliseconds Book::unexplained(const Machine& machine, const Sight& sight, Milliseconds now) const {
    if (machine.cores == 0) return 0;
    const auto more = sight.meter.cores - minutes(machine.server, now).cores;
    return std::max<Milliseconds>(0, more / machine.cores * 60'000);
}

const PowerInterval* Book::shown_on(const Machine& machine, const Sight& sight,
                                    const PriceList& prices, Milliseconds now, bool unwatched) {
    PowerInterval* interval = open(machine.server);
    const Milliseconds changed = std::min(sight.changed, now);
    if (interval == nullptr) {
        const bool is_known = last_off_.contains(machine.server);
        const Milliseconds last_off = is_known ? last_off_[machine.server] : 0;
        Milliseconds since = changed > 0 && changed + coarseness >= last_off ? changed : now;
        if (is_known) since = std::min(since, now - unexplained(machine, sight, now));
        const auto* found = seen_on(machine, prices, since);
        intervals_.back().on_seen = sight.asked;
        return found;
    }
    interval->on_seen = std::max(interval->on_seen, sight.asked);
    const bool is_told = changed > 0 && changed + coarseness >= interval->ordered;
    if (interval->on == 0)
        return seen_on(machine, prices, is_told ? changed : unwatched ? interval->ordered : now);
    // It was reckoned from its order or the answer to that. Later changes are others.
    const Milliseconds on = std::max(changed, interval->ordered);
    if (!is_told || on == interval->on || on > std::max(interval->on, interval->ready))
        return nullptr;
    interval->on = on;
    return interval;
}

const PowerInterval* Book::shown_off(const Machine& machine, const Sight& sight, Milliseconds now,
                                     bool unwatched) {
    PowerInterval* interval = open(machine.server);
    if (interval != nullptr && interval->on == 0) {
        // Ordered, never seen on: its whole life, if it had one, is in the counter.
        const Milliseconds lived = unexplained(machine, sight, now);
        if (lived == 0) return close(*interval, interval->ordered);
        const Milliseconds changed = std::min(sight.changed, now);
        const Milliseconds off = changed > interval->ordered ? changed : now;
        interval->on = std::max(interval->ordered, off - lived);
        return close(*interval, off);
    }
    const PowerInterval* closed =
        interval != nullptr ? seen_off(machine.server, now, unwatched) : nullptr;
    if (const auto* told = end_told(machine.server, sight)) return told;
    const auto* agreed = agree(machine.server, sight.meter);
    return agreed != nullptr ? agreed : closed;
}

/// The last change of a server that is off is its going off, when it is younger than the last sight
/// of it on and not younger than the first sight of it off.
const PowerInterval* Book::end_told(const std::string& server, const Sight& sight) {
    const auto at = last_.find(server);
    if (at == last_.end()) return nullptr;
    PowerInterval& interval = intervals_[at->second];
    const Milliseconds off = sight.changed;
    const bool is_told = !interval.is_off_told && off > interval.begin() &&
                         off + coarseness >= interval.on_seen && off <= interval.off_seen;
    if (!is_told) return nullptr;
    interval.is_off_told = true;
    interval.off = last_off_[server] = off;
    if (!interval.busy.empty()) {
        Span& busy = interval.busy.back();
        busy.until = std::max(busy.from, std::min(busy.until, off));
    }
    return &interval;
}

}  // namespace aula::ledger
