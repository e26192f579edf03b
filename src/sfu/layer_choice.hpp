// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace aula::sfu {

/// A layer as the choice sees it: its size, and whether packets of it come in now.
struct LayerShape {
    std::uint32_t width = 0, height = 0;
    bool live = false;
};

/// What a receiver said it shows (LiveKit's track_setting).
struct ViewerWish {
    bool disabled = false;
    std::uint32_t width = 0, height = 0;  // 0: not told, then quality decides
    std::uint8_t quality = 2;             // highest layer wanted: 0 low, 1 medium, 2 high
};

/// The layer that serves the wish: the smallest that covers the shown size, else the largest; none
/// when disabled. Says nothing of what is live: it is also what dynacast asks the publisher for.
std::optional<std::uint8_t> wished_layer(const ViewerWish& wish,
                                         std::span<const LayerShape> layers);

/// The live layer to take in its place: the highest below, else the lowest above; the layer itself
/// where nothing is live (not yet, or a still screen of which no picture came for a while).
std::uint8_t nearest_live(std::uint8_t layer, std::span<const LayerShape> layers);

}  // namespace aula::sfu
