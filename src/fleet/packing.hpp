// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fleet/forecast.hpp"
#include "fleet/plan.hpp"

namespace aula::fleet {

/// What the packing makes of one server, or of one that has yet to be started.
struct PackedNode {
    static constexpr std::uint32_t none = ~0U;
    std::uint32_t server = none;  // index in the snapshot
    WallTime from;                // it takes rooms
    WallTime busy_until;          // the last that is on it ends
    Seats free = 0;
    Seats unannounced = 0;             // booked for rooms nobody announced, besides
    std::optional<WallTime> next_use;  // the first booking on it opens
    // Of the bookings on it:
    std::uint32_t lessons = 0;
    Seats seats = 0;
    Booking::Kind first_kind = Booking::Kind::lesson;
    WallTime first_announced;
};

struct PackingCosts {
    Duration restart;            // a node idle for longer than this is switched off in between
    Duration boot;               // what a new node costs before it serves
    Duration boot_surely;        // when it serves at the latest
    Seats seats_per_node = 0;    // of a new one
    Seats reserve_room = 0;      // that many seats in one place ...
    unsigned reserve_rooms = 0;  // ... so many times are kept free, while any is expected; and
    double rooms_besides = 0;    // ... so many times more for each lesson that opens about then
};

struct Packed {
    std::vector<PackedNode> nodes;        // those given first, then new ones by time of need
    std::vector<Assignment> assignments;  // to servers that are on
};

/// Puts each booking, by time of opening and never splitting one, where it lengthens a node's life
/// least, to a few minutes, and where it fits most tightly among such nodes, so that what stays
/// free is in one place; a new node when that is cheaper or there is no seat. Seats of rooms that
/// end before are used again.
Packed pack(std::vector<PackedNode> nodes, std::span<const Stay> stays,
            std::span<const Booking> bookings, const Snapshot& snapshot, const PackingCosts& costs,
            WallTime now);

}  // namespace aula::fleet
