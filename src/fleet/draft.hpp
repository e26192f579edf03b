// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "fleet/packing.hpp"
#include "fleet/plan.hpp"

namespace aula::fleet {

/// A plan while it is made: what is known, what has been decided, and which servers have their
/// order already.
struct Draft {
    const Snapshot& snapshot;
    const Demand& demand;
    const Policy& policy;
    WallTime now;
    Plan plan{};
    std::vector<bool> ordered{};  // by index of the server
    unsigned starts_left = 0;
    Packed packed{};

    void order(Action::Kind kind, std::uint32_t server, const Reason& reason);
    void make(const Reason& reason);
    void look_again_at(WallTime time);
    bool may_switch_off() const { return snapshot.cloud_known && !snapshot.scaling_held; }
};

// The parts of a plan, in this order.

/// Boots that failed, servers that are silent or struck out.
void mend(Draft& draft);
/// Where everything that is live or coming goes.
void pack(Draft& draft, Duration horizon);
/// What has to be on its way now. Returns how many nodes without use are to be kept as spares.
unsigned start_what_is_needed(Draft& draft);
/// So long a gap to its next use a node without rooms may have.
Duration idle_limit(const Draft& draft, const Server& server);
/// Nodes that are on and have nothing to do. `spares`: so many of them are kept.
void stop_what_is_idle(Draft& draft, unsigned spares);
/// As many pre-installed servers as the policy wants; what was made for one use goes after it.
void mind_the_pool(Draft& draft);

}  // namespace aula::fleet
