// SPDX-License-Identifier: Apache-2.0
#include "sfu/allocator.hpp"

#include <algorithm>
#include <vector>

namespace aula::sfu {

std::optional<std::uint8_t> lowest_live(const Allocation& track) {
    for (std::uint8_t layer = 0; layer < track.rates.size(); ++layer) {
        if (track.rates[layer] > BitRate()) return layer;
    }
    return std::nullopt;
}

namespace {

constexpr double headroom = 1.15;
/// The base temporal layers of a stream with three: about 60 % of it (libwebrtc's default split).
constexpr double half_the_pictures = 0.6;
constexpr std::uint8_t all_temporal = 2, base_temporal = 1;

bool comes_before(const Allocation& a, const Allocation& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.priority > b.priority;
}

/// The highest live layer up to the one wanted; the lowest live one where all are above.
std::optional<std::uint8_t> highest_wanted(const Allocation& track) {
    for (int layer = std::min<int>(*track.wanted, 2); layer >= 0; --layer) {
        if (track.rates[static_cast<std::size_t>(layer)] > BitRate())
            return static_cast<std::uint8_t>(layer);
    }
    return lowest_live(track);
}

/// What a layer asks of the budget: one above the current needs headroom.
BitRate asked(const Allocation& track, std::uint8_t layer) {
    const bool raise = track.current && layer > *track.current;
    return track.rates[layer].scaled(raise ? headroom : 1.0);
}

class Share {
public:
    explicit Share(BitRate budget) : left_(budget) {}

    void give_audio(Allocation& track) {
        track.layer = track.wanted;
        if (track.wanted) take(track.rates[0]);
    }

    void give_lowest(Allocation& track, bool first) {
        const auto lowest = lowest_live(track);
        if (!lowest) {
            track.layer = track.wanted;  // nothing comes yet: be ready for it
            return;
        }
        const BitRate rate = track.rates[*lowest];
        if (rate <= left_ || first) {
            grant(track, *lowest, rate, rate <= left_ ? all_temporal : base_temporal);
        } else if (rate.scaled(half_the_pictures) <= left_) {
            grant(track, *lowest, rate.scaled(half_the_pictures), base_temporal);
        }
    }

    void raise(Allocation& track) {
        if (!track.layer || track.temporal != all_temporal ||
            track.rates[*track.layer] == BitRate())
            return;
        const std::uint8_t top = *highest_wanted(track);
        for (std::uint8_t layer = top; layer > *track.layer; --layer) {
            const BitRate rate = track.rates[layer], given = track.rates[*track.layer];
            if (rate == BitRate() || asked(track, layer) - given > left_) continue;
            take(rate - given);
            track.layer = layer;
            return;
        }
    }

    BitRate used() const { return used_; }

private:
    void take(BitRate rate) {
        used_ = used_ + rate;
        left_ = left_ - rate;
    }
    void grant(Allocation& track, std::uint8_t layer, BitRate rate, std::uint8_t temporal) {
        take(rate);
        track.layer = layer;
        track.temporal = temporal;
    }

    BitRate left_;
    BitRate used_;
};

BitRate all_wishes(std::span<const Allocation> tracks) {
    BitRate sum;
    for (const Allocation& track : tracks) {
        if (!track.wanted) continue;
        const auto top = track.kind == TrackClass::audio ? std::optional<std::uint8_t>(0)
                                                         : highest_wanted(track);
        if (top) sum = sum + asked(track, *top);
    }
    return sum;
}

}  // namespace

AllocationResult Allocator::allocate(BitRate budget, std::span<Allocation> tracks) {
    order_.clear();
    for (Allocation& track : tracks) order_.push_back(&track);
    // Equals stay in order. std::stable_sort would come to the heap.
    std::sort(order_.begin(), order_.end(), [](const Allocation* a, const Allocation* b) {
        if (comes_before(*a, *b)) return true;
        return !comes_before(*b, *a) && a < b;
    });
    Share share(budget);
    bool first_video = true;
    for (Allocation* track : order_) {
        track->layer.reset();
        track->temporal = all_temporal;
        if (track->kind == TrackClass::audio) {
            share.give_audio(*track);
        } else if (track->wanted) {
            share.give_lowest(*track, first_video);
            first_video = false;
        }
    }
    for (Allocation* track : order_) {
        if (track->kind != TrackClass::audio) share.raise(*track);
    }
    return {share.used(), std::max(BitRate(), all_wishes(tracks) - share.used())};
}

}  // namespace aula::sfu
