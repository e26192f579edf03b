// SPDX-License-Identifier: Apache-2.0
#include "simulation/machines.hpp"

#include <algorithm>
#include <utility>

#include "base/expects.hpp"

namespace aula::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

enum Purpose : std::uint64_t { of_outage = 100, of_throttle, of_boot };
constexpr double working_days = 260;
constexpr unsigned throttled_calls = 20;

bool lies_between(Duration time, Duration from, Duration until) {
    return time >= from && time < until;
}

}  // namespace

bool Machines::call(WallTime now) {
    const auto minute = std::chrono::floor<minutes>(now).time_since_epoch().count();
    if (minute != minute_) {
        minute_ = minute;
        calls_ = 0;
    }
    if (calls_ >= allowed_calls(now)) return false;
    ++calls_;
    most_calls_ = std::max(most_calls_, calls_);
    return !is_down(now);
}

unsigned Machines::day(WallTime now) const {
    return static_cast<unsigned>((now - from_) / hours(24));
}

Duration Machines::time_of_day(WallTime now) const { return (now - from_) % hours(24); }

bool Machines::is_down(WallTime now) const {
    const auto yearly = world_.faults.outages_a_year;
    if (yearly <= 0 || day(now) % 7 >= 5) return false;
    if (!lies_between(time_of_day(now), hours(7) + minutes(40), hours(8))) return false;
    return Chance({world_.seed, of_outage, day(now)}).happens(yearly / working_days);
}

unsigned Machines::allowed_calls(WallTime now) const {
    const bool may_be =
        world_.faults.throttled_days > 0 && day(now) % 7 < 5 &&
        lies_between(time_of_day(now), hours(7) + minutes(30), hours(8) + minutes(30));
    if (may_be &&
        Chance({world_.seed, of_throttle, day(now)}).happens(world_.faults.throttled_days)) {
        return throttled_calls;
    }
    return world_.calls_a_minute;
}

Machines::PowerOn Machines::power_on(fleet::ServerKey server, bool is_standby, WallTime now) {
    Chance chance({world_.seed, of_boot, power_ons_++});
    PowerOn result;
    result.job_fails = chance.happens(world_.faults.failed_jobs);
    result.never_reports = chance.happens(world_.faults.dead_boots);
    result.boot = (is_standby ? world_.standby_boot : world_.template_boot).draw(chance);
    if (!result.job_fails) {
        run_meter(now);
        AULA_EXPECTS(on_.emplace(server, true).second);
    }
    return result;
}

void Machines::power_off(fleet::ServerKey server, WallTime now) {
    run_meter(now);
    AULA_EXPECTS(on_.erase(server) == 1);
}

void Machines::run_meter(WallTime now) {
    AULA_EXPECTS(now >= metered_until_);
    metered_ += (now - metered_until_) * static_cast<std::int64_t>(on_.size());
    metered_until_ = now;
}

Duration Machines::read_meter(WallTime now) {
    run_meter(now);
    return std::exchange(metered_, Duration{});
}

}  // namespace aula::simulation
