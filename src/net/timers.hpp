// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/task.hpp"
#include "net/loop.hpp"

namespace aula::net {

/// The timers of one loop, by due time; equal times run in the order they were set.
struct Loop::Timers {
    TimerId add(Time due, Task once);
    TimerId add(Time due, Duration period, std::function<void()> again);
    void cancel(TimerId id);
    /// Runs what is due at that time, but nothing that these tasks themselves add.
    void run_due(Time now);
    std::optional<Time> next_due() const;
    /// Drops all tasks; their destructors may still cancel timers.
    void clear();

private:
    struct Timer {
        Task once;
        std::function<void()> again;
        Duration period{};
    };
    using Queue = std::map<std::pair<Time, TimerId>, Timer>;

    using Places = std::unordered_map<TimerId, Time>;

    TimerId insert(Time due, Timer timer);
    void run(Queue::node_type node, Places::node_type place, Time now);

    Queue queue_;
    Places due_;
    std::uint64_t last_id_ = 0;
    TimerId running_ = TimerId::none;  // a repeating timer while its task runs
};

}  // namespace aula::net
