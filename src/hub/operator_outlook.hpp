// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "base/task.hpp"
#include "net/loop.hpp"
#include "simulation/run.hpp"

namespace aula::hub {

/// Lessons that are to be lived through in virtual time, once with each policy.
struct OutlookQuestion {
    std::vector<simulation::Lesson> lessons;
    WallTime from;  // the simulation's midnight
    unsigned days = 1;
    std::vector<fleet::Policy> policies;
    simulation::World world;
};

struct OutlookRun {
    struct Ordered {
        WallTime at;
        fleet::Action action;
    };
    simulation::Outcome outcome;
    std::vector<Ordered> orders;
};

/// Answers questions about the fleet with the simulator, on a thread of its own, one after the
/// other: a week of a city takes about a second. Lives on the asker's loop.
class Outlook {
public:
    using Answered = UniqueFunction<void(std::vector<OutlookRun>)>;

    explicit Outlook(net::Loop& loop, std::size_t most_waiting = 4);
    /// What still waits is dropped, its answers too.
    ~Outlook();
    Outlook(const Outlook&) = delete;
    Outlook& operator=(const Outlook&) = delete;

    /// False: too many wait already, and nothing is answered.
    [[nodiscard]] bool ask(OutlookQuestion question, Answered answered);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::hub
