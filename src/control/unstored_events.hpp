// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>

#include "control/control.pb.h"

namespace aula::control {

/// Lesson events that the hub has not reported stored: kept to be sent again after a lost link.
class UnstoredEvents {
public:
    explicit UnstoredEvents(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    /// How many events had to be given up for it: the oldest of the room that holds most.
    std::size_t add(const LessonEvents& events);
    void stored(const EventsStored& stored);
    void for_each(const std::function<void(const LessonEvents&)>& visit) const;
    std::size_t bytes() const { return bytes_; }

private:
    struct Kept {
        LessonEvents events;
        std::size_t bytes;
    };
    std::size_t drop_oldest();

    std::size_t most_bytes_;
    std::size_t bytes_ = 0;
    std::map<std::string, std::deque<Kept>> rooms_;
};

}  // namespace aula::control
