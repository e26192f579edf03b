// SPDX-License-Identifier: Apache-2.0
#include "sfu/layer_choice.hpp"

#include <algorithm>

namespace aula::sfu {

namespace {

/// Enlarging a picture by a tenth is not seen, and the next layer costs three times as much.
constexpr double enlargement = 1.1;

/// Compares long with long and short with short side: a phone turns both.
bool covers(const LayerShape& layer, const ViewerWish& wish) {
    const auto [layer_short, layer_long] = std::minmax(layer.width, layer.height);
    const auto [wish_short, wish_long] = std::minmax(wish.width, wish.height);
    return layer_long * enlargement >= wish_long && layer_short * enlargement >= wish_short;
}

}  // namespace

std::optional<std::uint8_t> wished_layer(const ViewerWish& wish,
                                         std::span<const LayerShape> layers) {
    if (wish.disabled || layers.empty()) return std::nullopt;
    const auto top = static_cast<std::uint8_t>(layers.size() - 1);
    if (wish.width == 0 || wish.height == 0) return std::min(wish.quality, top);
    std::uint8_t largest = 0;
    for (std::uint8_t i = 0; i <= top; ++i) {
        if (layers[i].width == 0) continue;  // nothing known of it
        if (covers(layers[i], wish)) return i;
        largest = i;
    }
    const bool sizes_known = layers[largest].width != 0;
    return sizes_known ? largest : top;
}

std::uint8_t nearest_live(std::uint8_t layer, std::span<const LayerShape> layers) {
    for (std::size_t below = std::min<std::size_t>(layer + std::size_t{1}, layers.size());
         below-- > 0;) {
        if (layers[below].live) return static_cast<std::uint8_t>(below);
    }
    for (std::size_t above = layer + std::size_t{1}; above < layers.size(); ++above) {
        if (layers[above].live) return static_cast<std::uint8_t>(above);
    }
    return layer;
}

}  // namespace aula::sfu
