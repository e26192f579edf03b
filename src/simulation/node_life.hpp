// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "simulation/bounds.hpp"

namespace aula::simulation {

/// One power-on of one node in a packing: the rooms it carries, and its load over time. Between its
/// first and last room no gap is longer than a boot.
class NodeLife {
public:
    explicit NodeLife(const PackingTask& task) : task_(&task) {}

    /// Whether it has the seats and is near enough in time.
    bool fits(const Stretch& room) const;
    /// Seconds by which it would live longer.
    std::int64_t lengthened_by(const Stretch& room) const;
    /// Seats that stay free at the fullest moment of the room, were it here.
    std::uint32_t slack(const Stretch& room) const;
    void add(std::uint32_t index, const Stretch& room);

    bool is_empty() const { return rooms_.empty(); }
    std::int64_t from() const { return from_; }
    std::int64_t until() const { return until_; }
    std::int64_t cost() const;
    const std::vector<std::uint32_t>& rooms() const { return rooms_; }

private:
    struct Step {
        std::int64_t at;
        std::uint32_t load;  // from then until the next step
    };
    std::uint32_t peak(std::int64_t from, std::int64_t until) const;
    std::size_t step_at(std::int64_t at);

    const PackingTask* task_;
    std::vector<Step> steps_;
    std::vector<std::uint32_t> rooms_;
    std::int64_t from_ = 0;
    std::int64_t until_ = 0;
};

}  // namespace aula::simulation
