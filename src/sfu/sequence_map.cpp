// SPDX-License-Identifier: Apache-2.0
#include "sfu/sequence_map.hpp"

#include <algorithm>

namespace aula::sfu {

void SequenceMap::begin(Renaming run, std::int64_t source_first) {
    end();
    run.source_first = source_first;
    run.outgoing_first = next_outgoing_;
    if (count_ == most_runs) {
        first_ = (first_ + 1) % most_runs;
        --count_;
    }
    ++count_;
    at(count_ - 1) = Run{run, 0};
    open_ = true;
    next_source_ = source_first;
}

void SequenceMap::end() {
    if (!open_) return;
    open_ = false;
    Run& newest_run = at(count_ - 1);
    newest_run.size = next_source_ - newest_run.renaming.source_first;
    if (newest_run.size == 0) --count_;
}

void SequenceMap::advance(std::int64_t source_index) {
    next_source_ = std::max(next_source_, source_index + 1);
    const Renaming& run = newest();
    next_outgoing_ = run.outgoing_first + (next_source_ - run.source_first);
}

std::optional<SequenceMap::Place> SequenceMap::outgoing(std::uint8_t layer,
                                                        std::int64_t source_index) const {
    for (std::size_t i = count_; i-- > 0;) {
        const Run& run = at(i);
        const std::int64_t step = source_index - run.renaming.source_first;
        const bool last = open_ && i == count_ - 1;
        if (run.renaming.layer == layer && step >= 0 && (last || step < run.size)) {
            return Place{run.renaming.outgoing_first + step, run.renaming};
        }
    }
    return std::nullopt;
}

std::optional<SequenceMap::Place> SequenceMap::source(std::int64_t outgoing_index) const {
    if (outgoing_index >= next_outgoing_) return std::nullopt;
    for (std::size_t i = count_; i-- > 0;) {
        const Run& run = at(i);
        const std::int64_t step = outgoing_index - run.renaming.outgoing_first;
        // Outgoing numbers have no holes between runs, so the first that begins before it holds it.
        if (step >= 0) return Place{run.renaming.source_first + step, run.renaming};
    }
    return std::nullopt;
}

}  // namespace aula::sfu
