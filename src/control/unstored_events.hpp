// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "control/control.pb.h"

namespace aula::control {

/// Lesson events that the hub has not reported stored: kept to be sent again after a lost link.
class UnstoredEvents {
public:
    explicit UnstoredEvents(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    struct Lost {
        std::size_t events = 0;
        std::vector<std::string> rooms;
    };
    /// What had to be given up for it: all of the room that holds most, as its later events are of
    /// no use without the earlier ones.
    Lost add(const LessonEvents& events);
    void stored(const EventsStored& stored);
    void for_each(const std::function<void(const LessonEvents&)>& visit) const;
    std::size_t bytes() const { return bytes_; }

private:
    struct Kept {
        LessonEvents events;
        std::size_t bytes;
    };
    void drop_fullest(Lost& lost);

    std::size_t most_bytes_;
    std::size_t bytes_ = 0;
    struct Room {
        std::deque<Kept> kept;
        std::size_t bytes = 0;
    };
    std::map<std::string, Room> rooms_;
};

}  // namespace aula::control
