// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "bbb/hook.hpp"

namespace aula::bbb {

/// The hooks and what waits to be told to each: one event at a time, in order, again after growing
/// pauses, and the hook goes when the last try failed. Pure: the owner makes the HTTP calls and
/// says how they ended.
class HookQueue {
public:
    static constexpr std::size_t most_hooks = 1000;
    static constexpr std::size_t most_waiting = 10'000;  // events of one hook; the oldest go first

    struct Delivery {
        std::string hook_id;
        std::string body;
    };

    /// Null when there are too many.
    const Hook* add(Hook hook);
    bool remove(const std::string& id);
    const Hook* find(const std::string& id) const;
    const Hook* find_url(const std::string& callback_url) const;
    /// All, or those that hear of this meeting.
    std::vector<const Hook*> list(std::string_view meeting_id = {}) const;

    /// Queues a body for each hook that wants the event.
    void publish(std::string_view event_id, std::string_view meeting_id, const std::string& body);
    /// What is to be sent now; each is under way until finished().
    std::vector<Delivery> due(Time now);
    /// When something that waits for another try is due next.
    std::optional<Time> next_due() const;
    /// again: it will be due later; removed: that was the last try; unknown: the hook went
    /// meanwhile.
    enum class Outcome : std::uint8_t { delivered, again, removed, unknown };
    Outcome finished(const std::string& hook_id, bool success, Time now);

    std::uint64_t dropped() const { return dropped_; }

private:
    struct Waiting {
        Hook hook;
        std::deque<std::string> bodies;
        bool under_way = false;
        std::size_t failures = 0;
        Time next{};
    };
    std::map<std::string, Waiting> hooks_;
    std::uint64_t dropped_ = 0;
};

}  // namespace aula::bbb
