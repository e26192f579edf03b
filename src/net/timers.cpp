// SPDX-License-Identifier: Apache-2.0
#include "net/timers.hpp"

#include "base/expects.hpp"

namespace aula::net {

TimerId Loop::Timers::insert(Time due, Timer timer) {
    const auto id = static_cast<TimerId>(++last_id_);
    queue_.emplace(std::pair(due, id), std::move(timer));
    due_.emplace(id, due);
    return id;
}

TimerId Loop::Timers::add(Time due, Task once) {
    return insert(due, Timer{std::move(once), {}, {}});
}

TimerId Loop::Timers::add(Time due, Duration period, std::function<void()> again) {
    AULA_EXPECTS(period > Duration::zero());
    return insert(due, Timer{{}, std::move(again), period});
}

void Loop::Timers::cancel(TimerId id) {
    if (id == running_) running_ = TimerId::none;
    const auto at = due_.find(id);
    if (at == due_.end()) return;
    // The task dies after the maps are in order again: its destructor may cancel other timers.
    const auto node = queue_.extract({at->second, id});
    due_.erase(at);
}

void Loop::Timers::run_due(Time now) {
    const auto newest = static_cast<TimerId>(last_id_);
    while (!queue_.empty()) {
        const auto first = queue_.begin();
        // What was added meanwhile is due no earlier than now, so nothing old stands behind it.
        if (first->first.first > now || first->first.second > newest) return;
        auto node = queue_.extract(first);
        auto place = due_.extract(node.key().second);
        run(std::move(node), std::move(place), now);
    }
}

/// A repeating timer goes back with the same nodes, so its beat never comes to the heap.
void Loop::Timers::run(Queue::node_type node, Places::node_type place, Time now) {
    if (node.mapped().once) {
        node.mapped().once();
        return;
    }
    const TimerId id = node.key().second;
    running_ = id;
    node.mapped().again();
    if (running_ != id) return;
    running_ = TimerId::none;
    const Duration period = node.mapped().period;
    const Time on_beat = node.key().first + period;
    node.key().first = on_beat > now ? on_beat : now + period;
    place.mapped() = node.key().first;
    due_.insert(std::move(place));
    queue_.insert(std::move(node));
}

std::optional<Time> Loop::Timers::next_due() const {
    if (queue_.empty()) return std::nullopt;
    return queue_.begin()->first.first;
}

void Loop::Timers::clear() {
    const Queue dying = std::exchange(queue_, {});
    due_.clear();
}

}  // namespace aula::net
