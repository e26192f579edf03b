// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/city_clock.hpp"
#include "fleet/habits.hpp"
#include "hub/keeper.hpp"
#include "hub/lessons.hpp"
#include "hub/timetables.hpp"
#include "net/loop.hpp"

namespace aula::store {
struct PastLesson;
}

namespace aula::hub {

struct CityForecast;

/// What is known of a room before or while it is open.
struct RoomDemand {
    fleet::LessonKey key = 0;  // lesson_key() of the room
    fleet::SchoolKey school = 0;
    fleet::Seats seats = 0;  // to hold for it
    std::optional<WallTime> start;
    std::optional<WallTime> end;
    bool is_announced = false;  // by timetable or booking
};

/// What the city's lessons will ask for: timetables, bookings and habits together, each lesson
/// once. Learns from what happens. Lives on the hub's loop.
class CityDemand {
public:
    struct Wiring {
        net::Loop* loop = nullptr;
        store::Store* store = nullptr;
        Lessons* lessons = nullptr;
        Timetables* timetables = nullptr;
        CityClock clock;
        std::string zone = "Europe/Berlin";  // of the city: habits, days of the bill
        fleet::Seats usual_class = 25;       // of a room that says nothing of its size
        std::function<void()> changed;       // the keeper may look again
        /// After a start; Rooms allows nodes ten seconds to dial in again.
        Duration nodes_dial_in = std::chrono::seconds(15);
    };
    explicit CityDemand(Wiring wiring);
    ~CityDemand();
    CityDemand(const CityDemand&) = delete;
    CityDemand& operator=(const CityDemand&) = delete;

    /// At start-up, before the store has its thread, after Lessons and Timetables.
    Expected<void, Error> load();

    /// Announced lessons that begin in [from, until) (or have begun a little while ago) and are not
    /// open, and unannounced load; for Keeper::Wiring::demand. Cheap: most of it is reckoned once a
    /// day and on changes.
    KnownDemand expected(WallTime from, WallTime until);
    /// Of a room by its name: a lesson's id, or any name that LiveKit's API made.
    RoomDemand room(const std::string& name) const;
    /// 0: of none.
    fleet::SchoolKey school_of(const std::string& lesson) const;

    /// For forecast_json; at most eight days.
    CityForecast forecast(WallTime from, WallTime until);

    using Recorded = std::function<void(Expected<std::vector<store::PastLesson>, Error>)>;
    /// Lessons as they really were, of which was first heard in [from, until), by that; without
    /// those that go on. More than most_recorded are refused.
    void recorded(WallTime from, WallTime until, Recorded answered) const;
    static constexpr std::size_t most_recorded = 200'000;
    /// Now and then: what is older than thirteen months, a little of it each time.
    void forget_old();

    const fleet::Habits& habits() const;
    const timetable::Zone& zone() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::hub
