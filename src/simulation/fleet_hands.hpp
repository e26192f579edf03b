// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <unordered_map>

#include "fleet/plan.hpp"
#include "simulation/machines.hpp"

namespace aula::simulation {

/// Carries actions out against the simulated cloud and keeps the snapshot's servers, as the hub's
/// keeper does, with a ledger of its own of when it had which server on.
class FleetHands {
public:
    FleetHands(const World& world, WallTime from, fleet::Snapshot& snapshot);

    /// Something will be known of this server at that time; then call machine_event().
    std::function<void(WallTime at, std::uint64_t event)> on_schedule = [](WallTime,
                                                                           std::uint64_t) {};

    /// False: the cloud did not take the order; it has to be given again.
    bool carry_out(const fleet::Action& action, WallTime now);
    /// True: a node became ready.
    bool machine_event(std::uint64_t event, WallTime now);
    /// Before each decision: the cloud's list, what is measured and what was spent.
    void look(WallTime now);
    void new_day();
    fleet::Server* find(fleet::ServerKey server);

    Machines& machines() { return machines_; }
    Duration ledger(WallTime now) const;
    unsigned contradictions() const { return contradictions_; }
    std::uint64_t power_ons() const { return power_ons_; }

private:
    enum class Known : std::uint64_t { ready, job_failed, off };
    struct Boots {
        std::deque<Duration> lately;
        fleet::BootTimes times;
        void add(Duration boot);
    };
    void schedule(WallTime at, fleet::ServerKey server, Known what);
    bool start(fleet::Server& server, WallTime now);
    bool make(const fleet::Action& action, WallTime now);
    bool switch_off(fleet::Server& server, const fleet::Action& action, WallTime now);
    bool remove(fleet::ServerKey key, WallTime now);
    fleet::Server& add_server(bool is_standby, WallTime now);
    void set(fleet::Server& server, fleet::ServerState state, WallTime now);
    bool contradiction();

    const World& world_;
    fleet::Snapshot& snapshot_;
    Machines machines_;
    std::unordered_map<fleet::ServerKey, std::size_t> where_;
    std::unordered_map<fleet::ServerKey, std::uint32_t> ons_;  // power-ons of each, so far
    fleet::ServerKey next_server_ = 1;
    Boots standby_boots_;
    Boots template_boots_;
    std::deque<WallTime> starts_;
    std::uint64_t power_ons_ = 0;
    unsigned contradictions_ = 0;

    // The ledger: closed intervals summed, open ones by server.
    Duration closed_{};
    std::unordered_map<fleet::ServerKey, WallTime> open_;
    Duration closed_before_today_{};
    WallTime today_{};
};

}  // namespace aula::simulation
