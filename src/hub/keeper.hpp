// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/city_clock.hpp"
#include "base/result.hpp"
#include "fleet/demand.hpp"
#include "fleet/plan.hpp"
#include "fleet/policy.hpp"
#include "hub/keeper_view.hpp"
#include "net/loop.hpp"
#include "timetable/zone.hpp"

namespace aula::store {
class Store;
}
namespace aula::gridscale {
class Project;
}

namespace aula::hub {

class LedgerKeeping;
class Rooms;

/// What a fleet::Demand points at.
struct KnownDemand {
    std::vector<fleet::ExpectedLesson> lessons;
    std::vector<fleet::UnannouncedLoad> unannounced;
    fleet::Timing timing{};
    fleet::Demand demand() const { return {lessons, unannounced, timing}; }
};

/// How servers are made. Without a template they get no storage, without a network no address.
struct PoolOptions {
    std::string name = "rooms";  // in the label aula-pool:<name>, by which servers are ours
    std::int64_t cores = 4;
    std::int64_t memory_gb = 8;
    std::string template_id;
    std::int64_t storage_gb = 20;
    bool public_network = false;  // link it to the public network, with an IPv4 address
    bool ipv6 = false;            // and an IPv6 address
};

/// Keeps the fleet: every tick it looks at the cloud's list and the nodes' reports, asks
/// fleet::plan what to do, writes that with its reason to the store, and carries it out. One of
/// several hubs keeps at a time. What it knows is rebuilt from the cloud and the store, so it may
/// be killed at any moment. Lives on the hub's loop.
class Keeper {
public:
    using Done = std::function<void(Expected<void, Error>)>;
    using Planner = std::function<fleet::Plan(const fleet::Snapshot&, const fleet::Demand&,
                                              const fleet::Policy&, WallTime)>;
    struct Wiring {
        net::Loop* loop = nullptr;
        store::Store* store = nullptr;
        Rooms* rooms = nullptr;
        gridscale::Project* cloud = nullptr;
        CityClock clock;
        timetable::Zone zone = timetable::Zone::utc();  // of the times in the log's words
        PoolOptions pool;
        fleet::Policy policy;  // when the store has none
        std::string hub_id;    // of this hub, the same after its restart
        /// What is announced between two moments; empty: nothing ever is.
        std::function<KnownDemand(WallTime from, WallTime until)> demand;
        /// What a new server's first boot reads (not yet base64): it holds the node's invitation.
        std::function<Expected<std::string, Error>(const std::string& node)> user_data;
        /// False: a server that was made with this must be told anew before it boots.
        std::function<bool(const std::string& user_data)> is_current;
        LedgerKeeping* ledger = nullptr;                     // may be null: nothing is booked
        Planner plan;                                        // empty: fleet::plan
        Duration tick = std::chrono::seconds(15);            // of the city's clock
        Duration tidy = std::chrono::minutes(2);             // between two reconciliations
        Duration shutdown_grace = std::chrono::seconds(60);  // then the power goes off
    };

    explicit Keeper(Wiring wiring);
    ~Keeper();
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    /// Reads what the store has, then ticks.
    void start();
    /// Orders nothing any more, and lets another hub keep at once.
    void stop();
    /// Something happened that a plan may answer: a room waits, a lesson was booked.
    void look_soon();
    void on_node_up(const std::string& node);
    void on_node_down(const std::string& node);

    /// How long this room will have to wait for a node, in real seconds; nothing: who knows.
    std::optional<std::chrono::seconds> estimate(const std::string& room) const;
    /// A node may come that is not there yet.
    bool may_grow() const;
    FleetView view() const;
    /// The newest actions first, at most `most`, older than `before` (0: the newest).
    void list_actions(std::int64_t before, std::size_t most,
                      std::function<void(Expected<std::vector<ActionView>, Error>)> answered);

    // What an operator may order; `who` goes into the log. Done when it is written and ordered, not
    // when the cloud has carried it out.
    void start_node(const std::string& name, const std::string& who, Done done);  // "": any
    void drain_node(const std::string& name, const std::string& who, Done done);
    void undrain_node(const std::string& name, const std::string& who, Done done);
    /// Drains it, and stops it when its last room has closed.
    void stop_node(const std::string& name, const std::string& who, Done done);
    void hold_node(const std::string& name, bool held, const std::string& who, Done done);
    /// Deletes a server that is off with all that hangs on it: a broken one, before the fleet does
    /// so after a day.
    void remove_node(const std::string& name, const std::string& who, const std::string& why,
                     Done done);
    /// These two at any of several hubs: the one that keeps hears of them with its next tick.
    void hold_scaling(bool held, const std::string& who, Done done);
    void set_policy(const fleet::Policy& policy, const std::string& who, Done done);

private:
    struct State;
    std::shared_ptr<State> state_;
};

/// "start", "make", "drain", …
std::string_view action_name(fleet::Action::Kind kind);

}  // namespace aula::hub
