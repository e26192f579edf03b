// SPDX-License-Identifier: Apache-2.0
#include "fleet/draft.hpp"

namespace aula::fleet {

namespace {

// What was made for one peak may serve the next one of the day.
constexpr Duration kept_after_use = 30min;

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
        if (!in_excess && server.is_standby) continue;
        if (!in_excess && draft.now - server.since < kept_after_use) {
            draft.look_again_at(server.since + kept_after_use);
            continue;
        }
        draft.order(Action::Kind::remove, i, {.why = Why::pool_too_large, .lessons = wanted});
        standbys -= in_excess;
    }
}

}  // namespace aula::fleet
