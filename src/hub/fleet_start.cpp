// SPDX-License-Identifier: Apache-2.0
// The fleet's part of the hub: what the city will ask for, the bill, the cloud's client, the
// keeper.
#include "base/log.hpp"
#include "hub/hub_state.hpp"
#include "store/fleet_tables.hpp"

namespace aula::hub {

namespace {

constexpr std::chrono::days actions_kept{400};  // as the ledger
constexpr std::size_t most_actions_forgotten = 1'000;

}  // namespace

void Hub::State::wire_placing(Rooms::Wiring& placing) {
    placing.clock = options.clock;
    placing.demand = [this](const std::string& room) {
        return demand ? demand->room(room) : RoomDemand{};
    };
    placing.may_grow = [this] { return keeper && keeper->may_grow(); };
    placing.estimate = [this](const std::string& room) {
        return keeper ? keeper->estimate(room) : std::nullopt;
    };
}

/// Before the store has its thread, after the lessons.
Expected<void, Error> Hub::State::load_city() {
    timetables = std::make_unique<Timetables>(*store, options.zone);
    if (auto loaded = timetables->load(); !loaded) return loaded;
    CityDemand::Wiring asking;
    asking.loop = &loop;
    asking.store = store.get();
    asking.lessons = lessons.get();
    asking.timetables = timetables.get();
    asking.clock = options.clock;
    asking.zone = options.zone;
    asking.changed = [this] {
        if (keeper) keeper->look_soon();
    };
    demand = std::make_unique<CityDemand>(std::move(asking));
    if (auto loaded = demand->load(); !loaded) return loaded;
    LedgerKeeping::Wiring booking;
    booking.loop = &loop;
    booking.store = store.get();
    booking.lessons = lessons.get();
    booking.school_of = [this](const std::string& lesson) { return demand->school_of(lesson); };
    booking.school_name = [this](fleet::SchoolKey key) {
        const auto* school = timetables->find(key);
        return school ? school->school->name : std::string();
    };
    booking.clock = options.clock;
    booking.zone = demand->zone();
    if (options.fleet) booking.prices = options.fleet->prices;
    booking.on_alarm = [](const std::string& period, unsigned percent) {
        log::warning("the budget is used up to a level",
                     {{"period", period}, {"percent", percent}});
    };
    ledger = std::make_unique<LedgerKeeping>(std::move(booking));
    return ledger->load();
}

/// Bills, lessons and deeds of long ago, a little at a time.
void Hub::State::forget_old() {
    ledger->forget_old();
    demand->forget_old();
    store->ask(
        [before = unix_ms(options.clock.now() - actions_kept)](soci::session& session) {
            store::delete_fleet_actions(session, before, most_actions_forgotten);
        },
        [](const Expected<void, Error>&) {});
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
    keeping.zone = demand->zone();
    keeping.pool = fleet.pool;
    keeping.policy = fleet.policy;
    keeping.hub_id = fleet.hub_id;
    keeping.demand = [this](WallTime from, WallTime until) {
        return demand->expected(from, until);
    };
    keeping.ledger = ledger.get();
    keeping.user_data = fleet.user_data;
    keeping.is_current = fleet.is_current;
    keeping.shutdown_grace = fleet.shutdown_grace;
    keeper = std::make_unique<Keeper>(std::move(keeping));
}

}  // namespace aula::hub
