// SPDX-License-Identifier: Apache-2.0
#include "simulation/node_life.hpp"

#include <algorithm>

namespace aula::simulation {

std::uint32_t NodeLife::peak(std::int64_t from, std::int64_t until) const {
    auto step = std::upper_bound(steps_.begin(), steps_.end(), from,
                                 [](std::int64_t at, const Step& s) { return at < s.at; });
    if (step != steps_.begin()) --step;
    std::uint32_t most = 0;
    for (; step != steps_.end() && step->at < until; ++step) most = std::max(most, step->load);
    return most;
}

bool NodeLife::fits(const Stretch& room) const {
    if (rooms_.empty()) return true;
    if (room.from > until_ + task_->boot_seconds || room.until < from_ - task_->boot_seconds) {
        return false;
    }
    return peak(room.from, room.until) + room.seats <= task_->seats_per_node;
}

std::uint32_t NodeLife::slack(const Stretch& room) const {
    const auto used = peak(room.from, room.until) + room.seats;
    return task_->seats_per_node - std::min(used, task_->seats_per_node);
}

std::int64_t NodeLife::lengthened_by(const Stretch& room) const {
    if (rooms_.empty()) return task_->boot_seconds + room.until - room.from;
    return std::max<std::int64_t>(0, room.until - until_) +
           std::max<std::int64_t>(0, from_ - room.from);
}

std::int64_t NodeLife::cost() const {
    return rooms_.empty() ? 0 : until_ - from_ + task_->boot_seconds;
}

std::size_t NodeLife::step_at(std::int64_t at) {
    auto step = std::lower_bound(steps_.begin(), steps_.end(), at,
                                 [](const Step& s, std::int64_t a) { return s.at < a; });
    if (step == steps_.end() || step->at != at) {
        const auto load = step == steps_.begin() ? 0 : std::prev(step)->load;
        step = steps_.insert(step, {at, load});
    }
    return static_cast<std::size_t>(step - steps_.begin());
}

void NodeLife::add(std::uint32_t index, const Stretch& room) {
    from_ = rooms_.empty() ? room.from : std::min(from_, room.from);
    until_ = rooms_.empty() ? room.until : std::max(until_, room.until);
    rooms_.push_back(index);
    const auto first = step_at(room.from);
    const auto last = step_at(room.until);
    for (auto i = first; i < last; ++i) steps_[i].load += room.seats;
}

}  // namespace aula::simulation
