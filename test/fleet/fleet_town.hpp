// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "fleet/forecast.hpp"
#include "fleet/plan.hpp"

namespace aula::fleet::test {

/// 06:00 of some day, UTC.
inline const WallTime morning{std::chrono::hours(24 * 20000 + 6)};

/// Rooms open and end when they are announced to, so that tests can reckon with whole numbers.
inline Timing punctual() {
    Timing timing;
    timing.opening = Spread(Spread::Points{});
    timing.ending = Spread(Spread::Points{});
    return timing;
}

/// No margins: what is needed is what is started.
inline Policy bare_policy() {
    Policy policy;
    policy.ready_before = Duration(0);
    policy.bell_spares = 0;
    policy.standby_spares = 0;
    policy.reserve_room = 0;
    policy.live_headroom = 0;
    policy.idle_safety = 60s;
    return policy;
}

/// A situation and what is asked for, to be put together line by line.
struct Town {
    Snapshot snapshot;
    std::vector<ExpectedLesson> lessons;
    std::vector<UnannouncedLoad> unannounced;
    Policy policy = bare_policy();
    Timing timing = punctual();
    WallTime now = morning;

    Server& server(ServerState state, Duration since = 1h) {
        Server server;
        server.key = ServerKey(snapshot.servers.size() + 1);
        server.state = state;
        server.since = server.powered_on = now - since;
        server.seats = 200;
        return snapshot.servers.emplace_back(server);
    }
    void room(Server& on, Seats seats, Duration left, Duration age = 30min) const {
        on.rooms.push_back({.key = 1000 * on.key + on.rooms.size(),
                            .live = seats,
                            .held = seats,
                            .opened = now - age,
                            .end = now + left});
    }
    void lesson(Duration in, Seats seats, Duration length = 45min) {
        const WallTime start = now + in;
        lessons.push_back(
            {.key = lessons.size() + 1, .start = start, .end = start + length, .seats = seats});
    }
    Plan plan() const { return fleet::plan(snapshot, {lessons, unannounced, timing}, policy, now); }

    /// "start 3", "make", "stop 1, start 2": in the plan's order.
    std::string orders() const {
        static constexpr const char* names[] = {"start", "make",      "drain",  "undrain",
                                                "stop",  "power_off", "remove", "give_up"};
        std::string text;
        for (const Action& action : plan().actions) {
            if (!text.empty()) text += ", ";
            text += names[std::size_t(action.kind)];
            if (action.server != 0) text += ' ' + std::to_string(action.server);
        }
        return text;
    }
    Reason reason() const { return plan().actions.at(0).reason; }
};

}  // namespace aula::fleet::test
