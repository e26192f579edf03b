// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "fleet/boot.hpp"
#include "fleet/draft.hpp"
#include "fleet/silence.hpp"

namespace aula::fleet {

namespace {

// A silent server that nobody is on may come back within this time.
constexpr Duration silence_borne = 2min;

bool has_people(const Server& server) {
    return std::any_of(server.rooms.begin(), server.rooms.end(),
                       [](const OpenRoom& room) { return room.live > 0; });
}

void mend_boot(Draft& draft, std::uint32_t i) {
    const Server& server = draft.snapshot.servers[i];
    const BootTimes& boots = boots_of(server, draft.snapshot);
    const Duration limit = boot_limit(boots);
    const Duration waited = draft.now - server.since;
    // When it is overdue others are reckoned with instead.
    if (waited <= boots.p95) draft.look_again_at(server.since + boots.p95 + 1s);
    if (waited < limit)
        draft.look_again_at(server.since + limit);
    else if (draft.may_switch_off())
        draft.order(Action::Kind::power_off, i, {.why = Why::boot_failed, .span = waited});
}

void mend_silence(Draft& draft, std::uint32_t i) {
    const Server& server = draft.snapshot.servers[i];
    if (is_just_silent(server, draft.now)) draft.look_again_at(server.since + silence_excused);
    if (has_people(server) || server.is_held) return;
    const Duration silent = draft.now - server.since;
    if (silent < silence_borne)
        draft.look_again_at(server.since + silence_borne);
    else if (draft.may_switch_off())
        draft.order(Action::Kind::power_off, i, {.why = Why::silent, .span = silent});
}

void mend_strikes(Draft& draft, std::uint32_t i) {
    const Server& server = draft.snapshot.servers[i];
    if (server.strikes >= draft.policy.strikes && draft.may_switch_off())
        draft.order(Action::Kind::give_up, i, {.why = Why::struck_out, .lessons = server.strikes});
}

}  // namespace

void mend(Draft& draft) {
    for (std::uint32_t i = 0; i < draft.snapshot.servers.size(); ++i) {
        switch (draft.snapshot.servers[i].state) {
            case ServerState::starting:
                mend_boot(draft, i);
                break;
            case ServerState::silent:
                mend_silence(draft, i);
                break;
            case ServerState::off:
                mend_strikes(draft, i);
                break;
            default:
                break;
        }
    }
}

}  // namespace aula::fleet
