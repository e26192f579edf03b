// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "fleet/boot.hpp"
#include "fleet/draft.hpp"

namespace aula::fleet {

namespace {

/// The off servers that may be started, the best last: pre-installed, without strikes.
std::vector<std::uint32_t> startable(const Draft& draft) {
    const auto& servers = draft.snapshot.servers;
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < servers.size(); ++i)
        if (servers[i].state == ServerState::off && servers[i].strikes < draft.policy.strikes &&
            !draft.ordered[i])
            found.push_back(i);
    std::stable_sort(found.begin(), found.end(), [&](std::uint32_t a, std::uint32_t b) {
        const auto rank = [](const Server& server) {
            return std::pair(server.strikes, server.is_standby ? 0 : 1);
        };
        return rank(servers[a]) > rank(servers[b]);
    });
    return found;
}

/// Servers that drain by nobody's wish but a plan's, and are at least half empty.
std::vector<std::uint32_t> drainers(const Draft& draft) {
    const auto& servers = draft.snapshot.servers;
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < servers.size(); ++i) {
        const Server& server = servers[i];
        if (server.state != ServerState::draining || server.is_withdrawn || !server.load_known ||
            draft.ordered[i])
            continue;
        Seats kept = 0;
        for (const OpenRoom& room : server.rooms) kept += kept_seats(room, draft.now);
        if (2 * kept <= server.seats) found.push_back(i);
    }
    return found;
}

Reason reason_for(const PackedNode& node) {
    Reason reason{.why = Why::lessons_ahead,
                  .lessons = node.lessons,
                  .seats = node.seats,
                  .at = node.first_announced};
    if (node.first_kind == Booking::Kind::waiting)
        reason.why = Why::room_waits;
    else if (node.first_kind == Booking::Kind::refuge)
        reason.why = Why::replaces_silent;
    else if (node.first_kind == Booking::Kind::reserve)
        reason = {.why = Why::headroom};  // whatever comes to it later
    else if (node.first_kind == Booking::Kind::unannounced || node.lessons == 0)
        reason = {.why = Why::headroom, .seats = node.seats};
    return reason;
}

class Starter {
public:
    explicit Starter(Draft& draft)
        : draft_(draft), off_(startable(draft)), draining_(drainers(draft)) {}

    /// The next server's time from order to when it is to be ready.
    Duration lead() const {
        if (!draining_.empty()) return draft_.policy.ready_before;
        const Snapshot& snapshot = draft_.snapshot;
        const bool standby = !off_.empty() && snapshot.servers[off_.back()].is_standby;
        const BootTimes& boots = standby ? snapshot.standby_boot : snapshot.template_boot;
        return boots.p95 + draft_.policy.ready_before;
    }

    void start(const Reason& reason) {
        if (!draining_.empty()) {
            draft_.order(Action::Kind::undrain, draining_.back(), reason);
            draining_.pop_back();
        } else if (draft_.starts_left == 0) {
            return;
        } else if (!off_.empty()) {
            draft_.order(Action::Kind::start, off_.back(), reason);
            off_.pop_back();
        } else {
            draft_.make(reason);
        }
        ++started_;
    }
    unsigned started() const { return started_; }

private:
    Draft& draft_;
    std::vector<std::uint32_t> off_;
    std::vector<std::uint32_t> draining_;
    unsigned started_ = 0;
};

struct OnNow {
    unsigned on = 0;        // ready or starting
    unsigned starting = 0;  // of them
    unsigned unused = 0;    // had they been off, they would not be started now
};

OnNow count_on(const Draft& draft, Duration lead) {
    OnNow count;
    for (const PackedNode& node : draft.packed.nodes) {
        if (node.server == PackedNode::none) continue;
        const Server& server = draft.snapshot.servers[node.server];
        ++count.on;
        count.starting += server.state == ServerState::starting;
        const bool is_needed = node.next_use && *node.next_use <= draft.now + lead;
        count.unused += server.rooms.empty() && !is_needed;
    }
    return count;
}

bool any_live(const Snapshot& snapshot) {
    return std::any_of(snapshot.servers.begin(), snapshot.servers.end(),
                       [](const Server& server) { return !server.rooms.empty(); });
}

/// The next lesson whose first people may come in the bell window.
std::optional<WallTime> next_bell(const Draft& draft) {
    for (const ExpectedLesson& lesson : draft.demand.lessons)
        if (lesson.start >= draft.now)
            return lesson.start - draft.now <= draft.policy.bell_window
                       ? std::optional(lesson.start)
                       : std::nullopt;
    return std::nullopt;
}

}  // namespace

unsigned start_what_is_needed(Draft& draft) {
    Starter starter(draft);
    for (const PackedNode& node : draft.packed.nodes) {
        if (node.server != PackedNode::none) continue;
        const WallTime order_at = *node.next_use - starter.lead();
        if (order_at <= draft.now)
            starter.start(reason_for(node));
        else
            draft.look_again_at(order_at);
    }
    const OnNow now_on = count_on(draft, starter.lead());
    unsigned spares = any_live(draft.snapshot) ? draft.policy.standby_spares : 0;
    const auto bell = next_bell(draft);
    // Nodes that are up cannot fail to boot: only those on their way need one beside them.
    if (bell && now_on.starting + starter.started() > 0) spares += draft.policy.bell_spares;
    for (unsigned i = now_on.unused; i < spares; ++i)
        starter.start(
            {.why = bell ? Why::spare_for_bell : Why::headroom, .at = bell.value_or(draft.now)});
    for (unsigned on = now_on.on + starter.started(); on < draft.policy.least_nodes; ++on)
        starter.start({.why = Why::least_nodes, .lessons = draft.policy.least_nodes});
    return spares;
}

}  // namespace aula::fleet
