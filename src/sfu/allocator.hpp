// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/units.hpp"

namespace aula::sfu {

/// Who gets the line first.
enum class TrackClass : std::uint8_t { audio, screen, speaker, camera };

/// One subscription in one receiver's share-out. The Allocator fills in layer and temporal.
struct Allocation {
    TrackClass kind = TrackClass::camera;
    std::uint8_t priority = 1;       // within the class, higher first (track_setting)
    std::array<BitRate, 3> rates{};  // of the live layers; 0: not live (an audio track: rates[0])
    std::optional<std::uint8_t> wanted;  // the highest layer worth sending; none: nothing is wanted
    std::optional<std::uint8_t> current;  // what flows now

    std::optional<std::uint8_t> layer;  // the answer; none: paused
    std::uint8_t temporal = 2;
};

/// None where nothing is live.
std::optional<std::uint8_t> lowest_live(const Allocation& track);

struct AllocationResult {
    BitRate used;
    BitRate missing;  // what all wishes would need on top (with headroom); used + missing is what
                      // to probe for
};

/// Shares a receiver's line out. All audio always flows. Then, in the order screen, speaker, camera
/// (and by priority): first everybody's lowest layer, then each is raised to what it wants as far
/// as the budget goes. Who does not fit with his lowest layer gets half its pictures, or is paused;
/// the first video never is. A layer above the current one needs 15 % headroom, so that choices do
/// not flap. An object serves many receivers; it only keeps its memory from one call to the next.
class Allocator {
public:
    AllocationResult allocate(BitRate budget, std::span<Allocation> tracks);

private:
    std::vector<Allocation*> order_;
};

}  // namespace aula::sfu
