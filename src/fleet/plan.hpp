// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fleet/demand.hpp"
#include "fleet/policy.hpp"
#include "fleet/snapshot.hpp"

namespace aula::fleet {

enum class Why : std::uint8_t {
    lessons_ahead,    // `lessons` with `seats` begin `at`
    spare_for_bell,   // lessons begin `at`; a boot may fail
    room_waits,       // `lessons` rooms with `seats` wait for a node
    headroom,         // live rooms fill the fleet, `seats` are kept free
    replaces_silent,  // another server does not answer
    boot_failed,      // nothing heard for `span` after power-on
    silent,           // nothing heard for `span`, and nobody is on it
    idle,             // nothing is planned on it for `span`, or at all (span 0)
    gap_too_long,     // its next use is `at`, later than a boot pays for
    night,            // nobody is expected any more today
    struck_out,       // its boot failed `lessons` times one after the other
    pool_too_small,
    pool_too_large,
    drained,      // its last room closed
    least_nodes,  // so many nodes are to be on at all times
};

/// Why an action is done, in figures; in_words makes the sentence that people read.
struct Reason {
    Why why = Why::idle;
    std::uint32_t lessons = 0;
    Seats seats = 0;
    WallTime at{};
    Duration span{};
};

enum class Language : std::uint8_t { english, german };
/// "3 lessons with 81 seats begin at 07:45". Times in the time zone of the reader: `utc_offset`.
std::string in_words(const Reason& reason, Language language, std::chrono::minutes utc_offset);

struct Action {
    enum class Kind : std::uint8_t {
        start,      // power on a server that is off
        make,       // a new server from the template, and power it on; server is unused
        drain,      // no new rooms
        undrain,    // takes rooms again
        stop,       // ask it to shut down, then power off; it has no rooms
        power_off,  // at once: it never reported, or is silent and has nobody
        remove,     // delete the server and all that hangs on it; it is off
        give_up,    // mark as broken
    };
    Kind kind = Kind::start;
    ServerKey server = 0;
    Reason reason;
};

/// Where an expected lesson is to open, if nothing changes; its seats are held there.
struct Assignment {
    LessonKey lesson = 0;
    ServerKey server = 0;
    Seats seats = 0;
    WallTime opens{};  // when its room is reckoned to open
};

struct Plan {
    std::vector<Action> actions;
    std::vector<Assignment> assignments;
    WallTime look_again;  // until then the same snapshot and demand need no other action; while
                          // servers are on, within 15 seconds
};

/// Pure: what to do now. Never ends a lesson, never orders two things of one server.
Plan plan(const Snapshot& snapshot, const Demand& demand, const Policy& policy, WallTime now);

}  // namespace aula::fleet
