// SPDX-License-Identifier: Apache-2.0
#include "hub/demand_forecast.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "hub/demand_state.hpp"

namespace aula::hub {

using namespace city_demand;

namespace {

constexpr auto most_forecast = std::chrono::days(8);

}  // namespace

CityForecast CityDemand::forecast(WallTime from, WallTime until) {
    State& state = *state_;
    until = std::min(until, from + most_forecast);
    state.expand(state.now(), until);
    CityForecast forecast;
    forecast.from = from - from.time_since_epoch() % WallClock::duration(quarter);
    for (const auto& entry : state.announced) {
        if (entry.end <= from || entry.start >= until || state.is_booked(entry)) continue;
        forecast.announced.push_back(
            {entry.start, entry.end,
             state.habits.expected(entry.school, entry.course, entry.size)});
    }
    for (const auto& [id, made] : state.bookings) {
        if (!made.is_planned() || *made.end <= from || *made.start >= until) continue;
        forecast.announced.push_back(
            {*made.start, *made.end, made.seats != 0 ? made.seats : state.wiring.usual_class});
    }
    std::optional<std::pair<timetable::Date, bool>> day;
    for (WallTime time = forecast.from; time < until; time += quarter) {
        const auto date = state.zone.date(time);
        if (!day || day->first != date) day = {date, state.is_school_day(date)};
        const auto usual = state.habits.unannounced(state.slot_of(time));
        forecast.unannounced.push_back(day->second ? usual : 0);
    }
    return forecast;
}

std::string forecast_json(const CityForecast& forecast) {
    std::vector<std::pair<WallTime, std::int64_t>> changes;
    for (const auto& load : forecast.announced) {
        changes.emplace_back(load.start, static_cast<std::int64_t>(load.seats));
        changes.emplace_back(load.end, -static_cast<std::int64_t>(load.seats));
    }
    std::sort(changes.begin(), changes.end());
    boost::json::array at, announced, unannounced;
    std::int64_t sum = 0;
    auto change = changes.begin();
    WallTime time = forecast.from;
    for (const fleet::Seats usual : forecast.unannounced) {
        std::int64_t most = sum;
        for (; change != changes.end() && change->first < time + quarter; ++change) {
            sum += change->second;
            most = change->first <= time ? sum : std::max(most, sum);
        }
        at.push_back(unix_ms(time));
        announced.push_back(most);
        unannounced.push_back(usual);
        time += quarter;
    }
    return boost::json::serialize(boost::json::object{{"at", std::move(at)},
                                                      {"announced", std::move(announced)},
                                                      {"unannounced", std::move(unannounced)}});
}

}  // namespace aula::hub
