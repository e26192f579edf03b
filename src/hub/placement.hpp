// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aula::hub {

/// What is known of a node whose link is up.
struct NodeSeats {
    std::string name;
    std::uint32_t seats = 0;
    std::uint32_t participants = 0;  // by its last report
    std::uint32_t expected = 0;      // of rooms opened since then
    bool draining = false;
};

/// The node for a new room: the one with most free seats, of those that have any and are not
/// draining. Who is expected counts for the choice, but closes no node: an estimate refuses nobody.
std::optional<std::string> place(const std::vector<NodeSeats>& nodes);

}  // namespace aula::hub
