// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "hub/api_request.hpp"
#include "hub/keeper_view.hpp"
#include "hub/operator_history.hpp"

/// The fleet in the words of docs/protocol/operator.md. Pure.
namespace aula::hub {

/// What the keeper does not know of a room.
struct RoomCard {
    std::string title;
    std::string school;
};
using RoomCards = std::function<RoomCard(const std::string& room)>;

struct MoneyView {
    double today = 0;
    double day_budget = 0;   // 0: none
    unsigned day_level = 0;  // the highest alarm reached, in percent
    unsigned month_level = 0;
    bool is_example = true;  // the prices are
};

boost::json::object fleet_json(const FleetView& view, const MoneyView& money, double speed,
                               const RoomCards& cards);
FleetSample sample_of(const FleetView& view);
boost::json::object history_json(const std::deque<FleetSample>& samples);
boost::json::object actions_json(const std::vector<ActionView>& actions, std::size_t most,
                                 fleet::Language language,
                                 const std::function<std::chrono::minutes(WallTime)>& offset);

/// Values, limits and defaults of every knob.
boost::json::object policy_json(const fleet::Policy& policy);
/// What is not in the object stays as it was.
Expected<fleet::Policy, ApiError> policy_in(const boost::json::object& json, fleet::Policy policy);

}  // namespace aula::hub
