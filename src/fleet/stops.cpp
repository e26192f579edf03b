// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "fleet/boot.hpp"
#include "fleet/draft.hpp"

namespace aula::fleet {

namespace {

/// Why a node without rooms is not kept.
Reason reason_to_stop(const Draft& draft, const PackedNode& node) {
    if (node.next_use)
        return {.why = Why::gap_too_long, .at = *node.next_use, .span = *node.next_use - draft.now};
    const auto& lessons = draft.demand.lessons;
    const auto next = std::find_if(lessons.begin(), lessons.end(),
                                   [&](const ExpectedLesson& l) { return l.start >= draft.now; });
    return {.why = next == lessons.end() ? Why::night : Why::idle};
}

bool is_idle(const Draft& draft, const PackedNode& node) {
    if (node.server == PackedNode::none || draft.ordered[node.server]) return false;
    const Server& server = draft.snapshot.servers[node.server];
    return server.state == ServerState::ready && server.rooms.empty() && server.load_known &&
           !server.is_held;
}

void stop_drained(Draft& draft) {
    for (std::uint32_t i = 0; i < draft.snapshot.servers.size(); ++i) {
        const Server& server = draft.snapshot.servers[i];
        if (server.state == ServerState::draining && server.rooms.empty() && server.load_known &&
            !server.is_held && !draft.ordered[i])
            draft.order(Action::Kind::stop, i, {.why = Why::drained});
    }
}

}  // namespace

void stop_what_is_idle(Draft& draft, unsigned spares) {
    if (!draft.may_switch_off()) return;
    stop_drained(draft);
    unsigned on = 0;
    std::vector<const PackedNode*> idle;
    for (const PackedNode& node : draft.packed.nodes) {
        on += node.server != PackedNode::none;
        if (!is_idle(draft, node)) continue;
        const Server& server = draft.snapshot.servers[node.server];
        const WallTime keep_for = draft.now + idle_limit(draft, server);
        if (!node.next_use || *node.next_use > keep_for) idle.push_back(&node);
    }
    for (const PackedNode* node : idle) {
        if (spares > 0) {
            --spares;
            continue;
        }
        if (on <= draft.policy.least_nodes) return;
        draft.order(Action::Kind::stop, node->server, reason_to_stop(draft, *node));
        --on;
    }
}

}  // namespace aula::fleet
