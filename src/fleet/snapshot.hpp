// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "fleet/demand.hpp"

/// What is so at one moment: servers, the nodes on them and their rooms. Unknown is not zero: what
/// could not be asked is marked so.
namespace aula::fleet {

using ServerKey = std::uint32_t;  // the caller's own number of a server

enum class ServerState : std::uint8_t {
    off,       // a standby: pre-installed, costs its disk only
    starting,  // power was ordered, its node has not said hello
    ready,     // its node takes rooms
    draining,  // its node takes no new rooms, those it has go on
    stopping,  // shutdown or power-off was ordered
    silent,    // on, but its node's link is lost
    broken,    // struck out; not to be started again
};

struct OpenRoom {
    LessonKey key = 0;
    SchoolKey school = 0;
    Seats live = 0;  // people in it now
    Seats held = 0;  // seats kept for it: at least live
    WallTime opened;
    std::optional<WallTime> end;  // as announced; it may overrun
};

struct Server {
    ServerKey key = 0;
    ServerState state = ServerState::off;
    WallTime since;             // when it came to this state
    WallTime powered_on;        // last
    Seats seats = 0;            // what its node may carry
    bool is_standby = true;     // else made from the template, and removed after its use
    bool is_held = false;       // an operator wants it kept on
    bool load_known = true;     // false: rooms are those last heard of
    std::uint32_t strikes = 0;  // boots that failed, one after the other
    bool is_withdrawn = false;  // an operator drained it: it takes no rooms again by itself
    std::vector<OpenRoom> rooms;
};

/// A room that people wait for and no node can take.
struct WaitingRoom {
    LessonKey key = 0;
    SchoolKey school = 0;
    Seats seats = 0;
    WallTime since;
    std::optional<WallTime> end;
};

/// From the order to the node's hello, as measured lately.
struct BootTimes {
    Duration median = std::chrono::seconds(60);
    Duration p95 = std::chrono::seconds(90);
};

struct Snapshot {
    std::vector<Server> servers;
    std::vector<WaitingRoom> waiting;
    bool cloud_known = true;  // false: its list is old, nothing is switched off
    BootTimes standby_boot;
    BootTimes template_boot;
    std::uint32_t recent_starts = 0;  // in the last ten minutes
    double euros_today = 0;
    bool scaling_held = false;  // an operator holds everything as it is
};

}  // namespace aula::fleet
