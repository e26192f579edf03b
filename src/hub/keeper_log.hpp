// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/city_clock.hpp"
#include "base/result.hpp"
#include "fleet/plan.hpp"
#include "hub/keeper_view.hpp"
#include "timetable/zone.hpp"

namespace aula::store {
class Store;
struct FleetActionRow;
}  // namespace aula::store

namespace aula::hub {

/// {"why": "lessons_ahead", "lessons": 3, "seats": 81, "at": milliseconds, "span_ms": 0}
std::string reason_json(const fleet::Reason& reason);
std::optional<fleet::Reason> parse_reason(std::string_view json);

/// The log of what the keeper does, in the store: a row is on disk before the deed begins.
class FleetLog {
public:
    using Stored = std::function<void(Expected<void, Error>)>;

    FleetLog(store::Store& store, CityClock clock, timetable::Zone zone)
        : store_(store), clock_(clock), zone_(std::move(zone)) {}

    /// After load: numbers go on from there.
    void set_last(std::int64_t id) { last_ = id; }
    /// Something the fleet decided; answers the row's number at once, `stored` comes later.
    std::int64_t begin(std::string_view kind, const std::string& server, const std::string& who,
                       const std::optional<fleet::Reason>& reason, std::string words,
                       Stored stored);
    void finish(std::int64_t id, const std::string& outcome);
    void list(std::int64_t before, std::size_t most,
              std::function<void(Expected<std::vector<ActionView>, Error>)> answered) const;

private:
    store::Store& store_;
    CityClock clock_;
    timetable::Zone zone_;
    std::int64_t last_ = 0;
};

}  // namespace aula::hub
