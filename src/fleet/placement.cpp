// SPDX-License-Identifier: Apache-2.0
#include "fleet/placement.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "fleet/forecast.hpp"

namespace aula::fleet {

namespace {

// Rooms without an announced end.
constexpr Duration unknown_length = 45min;
// Seats are not kept from a room that opens now for one that opens later than this.
constexpr Duration held_ahead = 10min;

struct Use {
    Seats live = 0;  // kept for rooms that are open
    Seats held = 0;  // for rooms that are about to open
    WallTime until;
};

Use use_of(const Server& server, WallTime now) {
    Use use{0, 0, now};
    for (const OpenRoom& room : server.rooms) {
        use.live += kept_seats(room, now);
        use.until = std::max(use.until, room.end.value_or(room.opened + unknown_length));
    }
    return use;
}

}  // namespace

std::optional<ServerKey> place(const NewRoom& room, const Snapshot& snapshot,
                               std::span<const Assignment> assignments, WallTime now) {
    const WallTime end = room.end.value_or(now + unknown_length);
    std::unordered_map<ServerKey, Seats> held;
    std::optional<ServerKey> assigned;
    for (const Assignment& assignment : assignments) {
        if (assignment.lesson == room.key)
            assigned = assignment.server;
        else if (assignment.opens <= now + held_ahead)
            held[assignment.server] += assignment.seats;
    }
    using Rank = std::tuple<bool, bool, Duration, Duration, Seats>;  // the least is the best
    std::optional<Rank> best_rank;
    std::optional<ServerKey> best;
    for (const Server& server : snapshot.servers) {
        if (server.state != ServerState::ready || !server.load_known || server.is_withdrawn)
            continue;
        const Use use = use_of(server, now);
        const Seats seats = std::min(room.seats, server.seats);
        if (use.live + seats > server.seats) continue;
        const Seats free = server.seats - use.live - seats;
        const auto found = held.find(server.key);
        const bool takes_held = found != held.end() && found->second > free;
        const Duration longer = std::max(Duration(0), Duration(end - use.until));
        const Rank rank{assigned != server.key, takes_held, longer,
                        longer > Duration(0) ? Duration(0) : Duration(use.until - end), free};
        if (!best_rank || rank < *best_rank) {
            best_rank = rank;
            best = server.key;
        }
    }
    return best;
}

}  // namespace aula::fleet
