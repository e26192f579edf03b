// SPDX-License-Identifier: Apache-2.0
#include "control/unstored_events.hpp"

#include <algorithm>

namespace aula::control {

UnstoredEvents::Lost UnstoredEvents::add(const LessonEvents& events) {
    const std::size_t size = events.ByteSizeLong();
    Room& room = rooms_[events.room()];
    room.kept.push_back({events, size});
    room.bytes += size;
    bytes_ += size;
    Lost lost;
    while (bytes_ > most_bytes_) drop_fullest(lost);
    return lost;
}

void UnstoredEvents::stored(const EventsStored& stored) {
    const auto at = rooms_.find(stored.room());
    if (at == rooms_.end()) return;
    Room& room = at->second;
    const auto end = [](const LessonEvents& events) {
        return events.first_sequence() + static_cast<std::uint64_t>(events.events_size());
    };
    while (!room.kept.empty() && end(room.kept.front().events) <= stored.sequence() + 1) {
        bytes_ -= room.kept.front().bytes;
        room.bytes -= room.kept.front().bytes;
        room.kept.pop_front();
    }
    if (room.kept.empty()) rooms_.erase(at);
}

void UnstoredEvents::for_each(const std::function<void(const LessonEvents&)>& visit) const {
    for (const auto& [name, room] : rooms_) {
        for (const Kept& one : room.kept) visit(one.events);
    }
}

void UnstoredEvents::drop_fullest(Lost& lost) {
    const auto fullest = std::max_element(
        rooms_.begin(), rooms_.end(),
        [](const auto& a, const auto& b) { return a.second.bytes < b.second.bytes; });
    for (const Kept& one : fullest->second.kept)
        lost.events += static_cast<std::size_t>(one.events.events_size());
    lost.rooms.push_back(fullest->first);
    bytes_ -= fullest->second.bytes;
    rooms_.erase(fullest);
}

}  // namespace aula::control
