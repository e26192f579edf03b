// SPDX-License-Identifier: Apache-2.0
#include "fleet/plan.hpp"

#include <algorithm>

#include "base/expects.hpp"
#include "fleet/boot.hpp"
#include "fleet/draft.hpp"
#include "fleet/silence.hpp"

namespace aula::fleet {

namespace {

// Nothing that is further away can ask for an order now; gaps are judged within it.
constexpr Duration shortest_horizon = 20min;
constexpr Duration busy_look = 15s;
constexpr Duration quiet_look = 30min;
// Of all rooms. Where fewer come unannounced, others being larger than expected is the likelier
// surprise, and a smaller one.
constexpr double rarely = 0.02;

bool counts_as_on(ServerState state) {
    return state != ServerState::off && state != ServerState::broken;
}

unsigned starts_left(const Snapshot& snapshot, const Policy& policy) {
    if (snapshot.scaling_held ||
        (policy.euros_a_day > 0 && snapshot.euros_today >= policy.euros_a_day))
        return 0;
    const auto on =
        unsigned(std::count_if(snapshot.servers.begin(), snapshot.servers.end(),
                               [](const Server& server) { return counts_as_on(server.state); }));
    const unsigned nodes = policy.most_nodes - std::min(on, policy.most_nodes);
    const unsigned starts =
        policy.most_starts - std::min(snapshot.recent_starts, policy.most_starts);
    return std::min(nodes, starts);
}

/// Those that can take rooms now or will soon.
std::vector<PackedNode> packable(const Draft& draft) {
    std::vector<PackedNode> nodes;
    const auto& servers = draft.snapshot.servers;
    for (std::uint32_t i = 0; i < servers.size(); ++i) {
        const Server& server = servers[i];
        const bool is_excused = is_just_silent(server, draft.now);
        if (draft.ordered[i] || server.is_withdrawn || !(server.load_known || is_excused)) continue;
        PackedNode node{.server = i,
                        .from = draft.now,
                        .busy_until = draft.now,
                        .free = Seats(double(server.seats) * draft.policy.fill),
                        .next_use = {},
                        .first_announced = {}};
        if (server.state == ServerState::starting) {
            const WallTime due = server.since + boots_of(server, draft.snapshot).p95;
            // One that is overdue may never come.
            if (due + 1s <= draft.now) continue;
            node.from = due;
        } else if (server.state != ServerState::ready && !is_excused) {
            continue;
        }
        nodes.push_back(node);
    }
    return nodes;
}

double live_seats(const Snapshot& snapshot) {
    double sum = 0;
    for (const Server& server : snapshot.servers)
        for (const OpenRoom& room : server.rooms) sum += room.live;
    return sum;
}

bool is_busy(const Draft& draft) {
    return !draft.snapshot.waiting.empty() ||
           std::any_of(draft.snapshot.servers.begin(), draft.snapshot.servers.end(),
                       [](const Server& server) { return counts_as_on(server.state); });
}

/// Of a node that would be started: servers that are off may be smaller than those to be made.
Seats seats_of_new(const Draft& draft) {
    Seats seats = 0;
    for (const Server& server : draft.snapshot.servers)
        if (server.state == ServerState::off) seats = std::max(seats, server.seats);
    return seats == 0 ? draft.policy.seats_per_node : seats;
}

/// So large a room that nobody announced finds seats.
Seats reserve_room(const Draft& draft) {
    const bool are_rare = draft.demand.timing.unannounced_rooms < rarely;
    return are_rare ? draft.policy.reserve_room * 2 / 3 : draft.policy.reserve_room;
}

Duration horizon(const Draft& draft) {
    const Duration boot =
        std::max(draft.snapshot.standby_boot.p95, draft.snapshot.template_boot.p95);
    return std::max(shortest_horizon, 2 * (boot + draft.policy.ready_before));
}

/// When something that is expected comes into sight that is not yet.
void look_at_what_is_next(Draft& draft, Duration sight) {
    const Duration of_lessons = sight - draft.demand.timing.opening.earliest();
    for (const ExpectedLesson& lesson : draft.demand.lessons)
        if (lesson.start >= draft.now + of_lessons) {
            draft.look_again_at(lesson.start - of_lessons);
            break;
        }
    for (const UnannouncedLoad& load : draft.demand.unannounced)
        if (load.from >= draft.now + sight) {
            draft.look_again_at(load.from - sight);
            break;
        }
}

}  // namespace

void Draft::order(Action::Kind kind, std::uint32_t server, const Reason& reason) {
    AULA_EXPECTS(!ordered[server]);
    ordered[server] = true;
    if (kind == Action::Kind::start) --starts_left;
    plan.actions.push_back({kind, snapshot.servers[server].key, reason});
}

void Draft::make(const Reason& reason) {
    if (starts_left == 0) return;
    --starts_left;
    plan.actions.push_back({Action::Kind::make, 0, reason});
}

void Draft::look_again_at(WallTime time) {
    plan.look_again = std::min(plan.look_again, std::max(time, now + 1s));
}

Duration idle_limit(const Draft& draft, const Server& server) {
    const BootTimes& boots = boots_of(server, draft.snapshot);
    // At least what it would be started again for at once.
    return std::max(boots.median + draft.policy.idle_safety, boots.p95 + draft.policy.ready_before);
}

void pack(Draft& draft, Duration sight) {
    const Snapshot& snapshot = draft.snapshot;
    const Policy& policy = draft.policy;
    const auto bookings = coming(snapshot, draft.demand, policy, draft.now, draft.now + sight);
    const auto stays = staying(snapshot, draft.demand.timing, draft.now);
    const Seats reserve = std::max<Seats>(reserve_room(draft), 1);
    const PackingCosts costs{
        .restart = snapshot.standby_boot.median + policy.idle_safety,
        .boot = snapshot.standby_boot.median,
        .boot_surely = snapshot.standby_boot.p95,
        .seats_per_node = Seats(double(seats_of_new(draft)) * policy.fill),
        .reserve_room = reserve,
        .reserve_rooms = policy.reserve_room == 0
                             ? 0
                             : 1 + unsigned(policy.live_headroom * live_seats(snapshot)) / reserve,
        .rooms_besides = draft.demand.timing.unannounced_rooms};
    draft.packed = pack(packable(draft), stays, bookings, snapshot, costs, draft.now);
}

Plan plan(const Snapshot& snapshot, const Demand& demand, const Policy& policy, WallTime now) {
    Draft draft{snapshot, demand, policy, now};
    draft.ordered.resize(snapshot.servers.size());
    draft.starts_left = starts_left(snapshot, policy);
    draft.plan.look_again = now + (is_busy(draft) ? busy_look : quiet_look);
    const Duration sight = horizon(draft);
    if (!snapshot.scaling_held) mend(draft);
    pack(draft, sight);
    look_at_what_is_next(draft, sight);
    if (!snapshot.scaling_held) {
        const unsigned spares = start_what_is_needed(draft);
        stop_what_is_idle(draft, spares);
        mind_the_pool(draft);
    }
    draft.plan.assignments = std::move(draft.packed.assignments);
    return std::move(draft.plan);
}

}  // namespace aula::fleet
