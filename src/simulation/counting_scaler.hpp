// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulation/scaler.hpp"

namespace aula::simulation {

/// What all rules have in common that wish for a number of nodes: starting as many as are missing,
/// draining the emptiest that are too many, switching drained ones off, giving up dead boots, and
/// least-loaded placement.
class CountingScaler : public Scaler {
public:
    fleet::Plan decide(const fleet::Snapshot& snapshot, const fleet::Demand& demand,
                       WallTime now) final;
    std::optional<fleet::ServerKey> place(const fleet::NewRoom& room,
                                          const fleet::Snapshot& snapshot, WallTime now) final;
    bool is_told_of_changes() const final { return false; }
    bool looks_ahead() const override { return false; }

protected:
    /// What a rule may look at: people who are there or wait, not what is known of the future.
    struct Load {
        fleet::Seats people = 0;
        unsigned rooms = 0;
        unsigned nodes = 0;      // on and taking rooms, or starting
        fleet::Seats seats = 0;  // of ready ones
        fleet::Seats seats_of_one = 200;
        double stress() const {
            return seats == 0 ? (people == 0 ? 0 : 1) : double(people) / double(seats);
        }
    };
    CountingScaler(Duration tick, Duration least_life, Duration counts_as_ready)
        : tick_(tick), least_life_(least_life), counts_as_ready_(counts_as_ready) {}

    virtual unsigned wished(const Load& load, const fleet::Demand& demand, WallTime now) = 0;

private:
    void grow(const fleet::Snapshot& snapshot, unsigned missing, fleet::Plan& plan) const;
    void shrink(const fleet::Snapshot& snapshot, unsigned surplus, WallTime now,
                fleet::Plan& plan) const;

    Duration tick_;
    Duration least_life_;
    Duration counts_as_ready_;
    WallTime next_wish_{};
    unsigned wish_ = 0;
};

}  // namespace aula::simulation
