// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "fleet/plan.hpp"
#include "fleet/policy.hpp"
#include "fleet/snapshot.hpp"

/// The fleet as an operator sees it: copies, good for as long as one likes. Times are of the city's
/// clock.
namespace aula::hub {

struct RoomView {
    std::string room;  // a lesson's id, or the name of a LiveKit room
    fleet::Seats live = 0;
    fleet::Seats held = 0;
    WallTime opened;
    std::optional<WallTime> end;  // as announced
};

struct NodeView {
    std::string name;
    std::string server;  // the cloud's id; empty: a node that is not of this cloud
    fleet::ServerState state = fleet::ServerState::off;
    WallTime since;  // when it came to this state
    WallTime powered_on;
    bool is_standby = true;
    bool is_held = false;  // an operator keeps it on
    bool load_known = true;
    std::uint32_t strikes = 0;
    std::string doing;  // what is being done to it in the cloud: "start", "stop"; empty: nothing
    std::int64_t cores = 0;
    std::int64_t memory_gb = 0;
    double euros = 0;  // since it was powered on
    fleet::Seats seats = 0;
    fleet::Seats live = 0;
    fleet::Seats held = 0;
    double cpu = 0;  // share of all cores
    std::uint64_t resident_bytes = 0;
    std::string version;
    std::vector<RoomView> rooms;
};

struct WaitingView {
    std::string room;
    fleet::Seats seats = 0;
    WallTime since;
    std::chrono::seconds estimate{0};  // until it opens
};

/// The next moment at which announced lessons begin.
struct BellView {
    WallTime at;
    std::uint32_t lessons = 0;
    fleet::Seats seats = 0;
};

/// One row of the log of actions.
struct ActionView {
    std::int64_t id = 0;
    WallTime at;
    std::string kind;    // fleet::Action's, as action_name() says, or "policy", "hold", …
    std::string server;  // its name; may be empty
    std::string who;     // empty: the fleet itself
    std::optional<fleet::Reason> reason;  // the fleet's; see fleet::in_words
    std::string words;    // in English, without times of day; or what the operator did
    std::string outcome;  // "ordered", "done" or what hindered it
    std::optional<WallTime> finished;
};

struct FleetView {
    WallTime now;
    bool keeps = false;        // this hub is the one that keeps the fleet
    bool cloud_known = false;  // its list is fresh
    WallTime cloud_seen;
    std::chrono::seconds up_for{0};  // since this keeper's start
    std::uint64_t boots_failed = 0;  // and since then
    std::string trouble;             // what hinders the keeper; empty: nothing
    bool scaling_held = false;
    std::string held_by;
    fleet::Policy policy;
    fleet::BootTimes standby_boot;
    fleet::BootTimes template_boot;
    std::uint32_t recent_starts = 0;
    double euros_today = 0;
    WallTime look_again;
    std::optional<BellView> next_bell;
    std::vector<NodeView> nodes;
    std::vector<WaitingView> waiting;
    std::vector<fleet::Assignment> assignments;
    std::uint64_t strangers = 0;       // servers of the project without our label: never touched
    std::vector<std::string> orphans;  // storages and addresses that belong to nothing any more
};

}  // namespace aula::hub
