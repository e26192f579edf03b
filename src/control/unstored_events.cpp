// SPDX-License-Identifier: Apache-2.0
#include "control/unstored_events.hpp"

#include <algorithm>

namespace aula::control {

std::size_t UnstoredEvents::add(const LessonEvents& events) {
    const std::size_t size = events.ByteSizeLong();
    std::size_t dropped = 0;
    while (!rooms_.empty() && bytes_ + size > most_bytes_) dropped += drop_oldest();
    rooms_[events.room()].push_back({events, size});
    bytes_ += size;
    return dropped;
}

void UnstoredEvents::stored(const EventsStored& stored) {
    const auto room = rooms_.find(stored.room());
    if (room == rooms_.end()) return;
    auto& kept = room->second;
    const auto last = [](const LessonEvents& events) {
        return events.first_sequence() + static_cast<std::uint64_t>(events.events_size());
    };
    while (!kept.empty() && last(kept.front().events) <= stored.sequence() + 1) {
        bytes_ -= kept.front().bytes;
        kept.pop_front();
    }
    if (kept.empty()) rooms_.erase(room);
}

void UnstoredEvents::for_each(const std::function<void(const LessonEvents&)>& visit) const {
    for (const auto& [room, kept] : rooms_) {
        for (const Kept& one : kept) visit(one.events);
    }
}

std::size_t UnstoredEvents::drop_oldest() {
    const auto fullest = std::max_element(
        rooms_.begin(), rooms_.end(),
        [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    const auto dropped = static_cast<std::size_t>(fullest->second.front().events.events_size());
    bytes_ -= fullest->second.front().bytes;
    fullest->second.pop_front();
    if (fullest->second.empty()) rooms_.erase(fullest);
    return dropped;
}

}  // namespace aula::control
