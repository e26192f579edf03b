// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <queue>
#include <unordered_map>

#include "simulation/fleet_hands.hpp"
#include "simulation/foresight.hpp"
#include "simulation/run.hpp"

namespace aula::simulation {

/// One run: lessons happen, the scaler decides, FleetHands carries out. Its time jumps from event
/// to event.
class Town {
public:
    Town(const Lessons& lessons, const World& world, Scaler& scaler, const Watch& watch);
    Outcome live();

private:
    enum class Kind : std::uint8_t {  // in the order of happening at one moment
        day,
        ends,
        machine,
        filling,
        filled,
        starts,
        not_expected,
        gives_up,
    };
    struct Event {
        WallTime at;
        Kind kind = Kind::day;
        std::uint64_t key = 0;  // of a lesson or a server
        bool operator>(const Event& other) const {
            return std::tie(at, kind, key) > std::tie(other.at, other.kind, other.key);
        }
    };
    struct Life {
        Lesson lesson;
        fleet::ServerKey server = 0;
        WallTime opened{};
        enum class Phase : std::uint8_t { ahead, waiting, open } phase = Phase::ahead;
    };

    void load_day(unsigned day);
    void happen(const Event& event);
    void midnight(unsigned day);
    void starts(Life& life);
    bool try_to_open(Life& life, fleet::Seats seats);
    void ends(Life& life);
    void fills(Life& life, double share);
    void not_expected(Life& life);
    void gives_up(Life& life);
    void serve_waiting();
    void decide();
    void changed();
    void take_sample();
    Figures& week() { return week_of(now_); }
    Figures& week_of(WallTime at);
    void settle_meter();

    const Lessons& lessons_;
    const World& world_;
    Scaler& scaler_;
    const Watch& watch_;
    WallTime now_;
    WallTime end_;
    fleet::Snapshot snapshot_;
    Foresight foresight_;
    FleetHands hands_;
    std::unordered_map<fleet::LessonKey, Life> lives_;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    WallTime last_decision_{};
    WallTime next_decision_{};
    std::uint32_t seats_now_ = 0;  // of lessons that are on or wait
    bool room_for_waiting_ = false;
    WallTime settled_{};
    Outcome outcome_;
};

}  // namespace aula::simulation
