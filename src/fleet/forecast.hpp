// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "fleet/demand.hpp"
#include "fleet/policy.hpp"
#include "fleet/snapshot.hpp"

namespace aula::fleet {

/// Seats that will be asked for, from when to when, as one moment's best guess.
struct Booking {
    enum class Kind : std::uint8_t { waiting, refuge, lesson, unannounced, reserve };
    Kind kind = Kind::lesson;
    LessonKey lesson = 0;  // of a waiting room or an announced lesson
    Seats seats = 0;
    WallTime opens;
    WallTime ends;
    WallTime announced;  // start
};

/// A live room's share of its server, and how long it is reckoned to last.
struct Stay {
    std::uint32_t server = 0;  // index in the snapshot
    Seats seats = 0;
    WallTime ends;
};

/// Everything that may open before `until`, by time of opening. Rooms that wait come first. Lessons
/// of one bell are spread over the minutes in which rooms open, a little earlier than they are
/// likely to, the long and large ones first; one that should have opened long ago is not expected
/// any more.
std::vector<Booking> coming(const Snapshot& snapshot, const Demand& demand, const Policy& policy,
                            WallTime now, WallTime until);

/// All live rooms with the time at which they will probably have ended.
std::vector<Stay> staying(const Snapshot& snapshot, const Timing& timing, WallTime now);

/// What a room takes of its server: what is held for it, until those who come have come.
Seats kept_seats(const OpenRoom& room, WallTime now);

}  // namespace aula::fleet
