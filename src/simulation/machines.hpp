// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unordered_map>

#include "simulation/world.hpp"

namespace aula::simulation {

/// The simulated cloud: what an order to it leads to, how many calls it takes, and its meter. The
/// meter counts servers that are on and knows nothing of who ordered what.
class Machines {
public:
    explicit Machines(const World& world, WallTime from) : world_(world), from_(from) {}

    /// One call to the API. False: it is down, or was not made, being one too many in this minute.
    bool call(WallTime now);
    bool is_down(WallTime now) const;
    unsigned most_calls_in_a_minute() const { return most_calls_; }

    struct PowerOn {
        bool job_fails = false;
        bool never_reports = false;
        Duration boot{};
    };
    PowerOn power_on(fleet::ServerKey server, bool is_standby, WallTime now);
    void power_off(fleet::ServerKey server, WallTime now);

    unsigned on() const { return static_cast<unsigned>(on_.size()); }
    /// Time that servers were on, summed, since the last reading.
    Duration read_meter(WallTime now);

private:
    void run_meter(WallTime now);
    unsigned allowed_calls(WallTime now) const;
    unsigned day(WallTime now) const;
    Duration time_of_day(WallTime now) const;

    const World& world_;
    WallTime from_;
    std::unordered_map<fleet::ServerKey, bool> on_;
    std::uint64_t power_ons_ = 0;
    Duration metered_{};
    WallTime metered_until_{};
    std::int64_t minute_ = 0;
    unsigned calls_ = 0;
    unsigned most_calls_ = 0;
};

}  // namespace aula::simulation
