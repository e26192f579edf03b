// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "base/time.hpp"
#include "fleet/timing.hpp"

/// What the fleet will be asked for, as it is known before it happens.
namespace aula::fleet {

using LessonKey = std::uint64_t;  // the caller's own number of a lesson or room
using SchoolKey = std::uint32_t;
using Seats = std::uint32_t;

/// A lesson that is announced and not open yet.
struct ExpectedLesson {
    LessonKey key = 0;
    SchoolKey school = 0;
    WallTime start;  // of the lesson; its first people come some minutes before
    WallTime end;
    Seats seats = 0;  // to reckon with, margins and habit already in it
};

/// Seats that lessons nobody announced will take in this stretch of time, by habit.
struct UnannouncedLoad {
    WallTime from;
    WallTime until;
    Seats seats = 0;
};

struct Demand {
    std::span<const ExpectedLesson> lessons;       // by start; at least the coming two hours
    std::span<const UnannouncedLoad> unannounced;  // by time
    Timing timing{};                               // learnt, or what is usual
};

}  // namespace aula::fleet
