// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
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
    /// A row's number: the store's, since several hubs may write. Read and written on its thread.
    using Row = std::shared_ptr<std::int64_t>;
    using Stored = std::function<void(Expected<void, Error>)>;

    FleetLog(store::Store& store, CityClock clock, timetable::Zone zone)
        : store_(store), clock_(clock), zone_(std::move(zone)) {}

    /// Something the fleet decided; answers the row at once, `stored` comes later.
    Row begin(std::string_view kind, const std::string& server, const std::string& who,
              const std::optional<fleet::Reason>& reason, std::string words, Stored stored);
    void finish(const Row& row, const std::string& outcome);
    /// Whoever kept the fleet before: the outcome of what was under way then nobody knows.
    void finish_all(const std::string& outcome);
    void list(std::int64_t before, std::size_t most,
              std::function<void(Expected<std::vector<ActionView>, Error>)> answered) const;

private:
    store::Store& store_;
    CityClock clock_;
    timetable::Zone zone_;
};

}  // namespace aula::hub
