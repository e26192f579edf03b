// SPDX-License-Identifier: Apache-2.0
#include "hub/placement.hpp"

namespace aula::hub {

std::optional<std::string> place(const std::vector<NodeSeats>& nodes) {
    const NodeSeats* best = nullptr;
    const auto free = [](const NodeSeats& node) {
        return std::int64_t{node.seats} - node.participants - node.expected;
    };
    for (const NodeSeats& node : nodes) {
        if (node.draining || node.participants >= node.seats) continue;
        const bool is_better = best == nullptr || free(node) > free(*best) ||
                               (free(node) == free(*best) && node.name < best->name);
        if (is_better) best = &node;
    }
    return best == nullptr ? std::nullopt : std::optional(best->name);
}

}  // namespace aula::hub
