// SPDX-License-Identifier: Apache-2.0
// The fleet's part of the hub: the cloud's client and the keeper.
#include "hub/demand.hpp"
#include "hub/hub_state.hpp"

namespace aula::hub {

void Hub::State::wire_placing(Rooms::Wiring& placing) {
    placing.clock = options.clock;
    placing.may_grow = [this] { return keeper && keeper->may_grow(); };
    placing.estimate = [this](const std::string& room) {
        return keeper ? keeper->estimate(room) : std::nullopt;
    };
}

void Hub::State::make_keeper() {
    if (!options.fleet) return;
    const FleetOptions& fleet = *options.fleet;
    cloud = std::make_unique<gridscale::Connection>(loop, *client, fleet.cloud);
    project = std::make_unique<gridscale::Project>(*cloud);
    Keeper::Wiring keeping;
    keeping.loop = &loop;
    keeping.store = store.get();
    keeping.rooms = rooms.get();
    keeping.cloud = project.get();
    keeping.clock = options.clock;
    keeping.pool = fleet.pool;
    keeping.policy = fleet.policy;
    keeping.hub_id = fleet.hub_id;
    keeping.user_data = fleet.user_data;
    keeping.is_current = fleet.is_current;
    keeping.shutdown_grace = fleet.shutdown_grace;
    keeper = std::make_unique<Keeper>(std::move(keeping));
}

}  // namespace aula::hub
