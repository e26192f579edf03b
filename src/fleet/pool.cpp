// SPDX-License-Identifier: Apache-2.0
#include "fleet/draft.hpp"

namespace aula::fleet {

namespace {

// What was made for one peak may serve the next one of the day.
constexpr Duration kept_after_use = 30min;
// Somebody may want to see why it failed.
constexpr Duration broken_kept = 24h;

}  // namespace

void mind_the_pool(Draft& draft) {
    const auto& servers = draft.snapshot.servers;
    unsigned standbys = 0;
    for (const Server& server : servers)
        standbys += server.is_standby && server.state != ServerState::broken;
    const unsigned wanted = draft.policy.standby_pool;
    if (standbys < wanted) draft.make({.why = Why::pool_too_small, .lessons = wanted});
    if (!draft.may_switch_off()) return;
    for (std::uint32_t i = 0; i < servers.size(); ++i) {
        const Server& server = servers[i];
        const bool is_broken = server.state == ServerState::broken;
        if ((server.state != ServerState::off && !is_broken) || draft.ordered[i] || server.is_held)
            continue;
        const bool in_excess = server.is_standby && !is_broken && wanted > 0 && standbys > wanted;
        if (!in_excess && server.is_standby && !is_broken) continue;
        const Duration kept = is_broken && server.is_standby ? broken_kept : kept_after_use;
        if (!in_excess && draft.now - server.since < kept) {
            draft.look_again_at(server.since + kept);
            continue;
        }
        if (is_broken) {
            draft.order(Action::Kind::remove, i,
                        {.why = Why::struck_out, .lessons = server.strikes});
            continue;
        }
        draft.order(Action::Kind::remove, i, {.why = Why::pool_too_large, .lessons = wanted});
        standbys -= in_excess;
    }
}

}  // namespace aula::fleet
