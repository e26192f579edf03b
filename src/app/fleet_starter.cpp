// SPDX-License-Identifier: Apache-2.0
#include "app/fleet_starter.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/log.hpp"

namespace aula::app {

FleetStarter::FleetStarter(net::Loop& loop, gridscale::Servers& servers, Options options)
    : loop_(loop), servers_(servers), options_(std::move(options)), places_(options_.nodes) {
    for (std::size_t i = 0; i < places_.size(); ++i)
        places_[i].name = "node-" + std::to_string(i + 1);
}

FleetStarter::~FleetStarter() { loop_.cancel(timer_); }

void FleetStarter::start() {
    timer_ = loop_.every(options_.look, [this] { look(); });
    look();
}

FleetStarter::Place* FleetStarter::find(const std::string& node) {
    const auto at = std::find_if(places_.begin(), places_.end(),
                                 [&](const Place& place) { return place.name == node; });
    return at == places_.end() ? nullptr : &*at;
}

void FleetStarter::on_node_up(const std::string& node) {
    auto* place = find(node);
    if (!place) return;
    place->up = true;
    const bool all =
        std::all_of(places_.begin(), places_.end(), [](const Place& p) { return p.up; });
    if (all && options_.all_up) options_.all_up();
}

void FleetStarter::on_node_down(const std::string& node) {
    auto* place = find(node);
    if (!place) return;
    place->up = false;
    place->since = loop_.now();
    look();
}

void FleetStarter::look() {
    if (!listed_) return find_servers();
    for (auto& place : places_) {
        if (!place.up && !place.busy) tend(place);
    }
}

void FleetStarter::find_servers() {
    if (listing_) return;
    listing_ = true;
    servers_.list([this](const Expected<std::vector<gridscale::Server>, Error>& servers) {
        listing_ = false;
        if (!servers)
            return log::warning("cloud does not list its servers", {{"why", servers.error().text}});
        on_listed(*servers);
    });
}

void FleetStarter::on_listed(const std::vector<gridscale::Server>& servers) {
    for (const auto& server : servers) {
        const auto& labels = server.labels;
        if (std::find(labels.begin(), labels.end(), options_.label) == labels.end()) continue;
        if (auto* place = find(server.name)) place->server = server.id;
    }
    listed_ = true;
    look();
}

void FleetStarter::tend(Place& place) {
    place.busy = true;
    if (place.server.empty()) return create(place);
    servers_.get(place.server, [this, &place](const Expected<gridscale::Server, Error>& server) {
        if (server) return on_seen(place, *server);
        if (server.error().code == ErrorCode::not_found) place.server.clear();
        done(place, "cloud does not show a server", fail(server.error()));
    });
}

void FleetStarter::create(Place& place) {
    gridscale::NewServer server;
    server.name = place.name;
    server.labels = {options_.label};
    servers_.create(server, [this, &place](const Expected<std::string, Error>& id) {
        if (id) {
            place.server = *id;
            return power_on(place);
        }
        // Whether a lost answer hid a new server shows in the next list.
        listed_ = false;
        done(place, "server not created", fail(id.error()));
    });
}

void FleetStarter::on_seen(Place& place, const gridscale::Server& server) {
    if (!server.power) return power_on(place);
    if (place.up || loop_.now() - place.since < options_.patience) return done(place, "", {});
    log::warning("node says nothing, its server is power-cycled", {{"node", place.name}});
    power_off(place);
}

void FleetStarter::power_on(Place& place) {
    const auto user_data = options_.user_data(place.name);
    if (!user_data) return done(place, "no user data for a node", fail(user_data.error()));
    servers_.change(place.server, {.user_data = base64(bytes_of(*user_data))},
                    [this, &place](const Expected<void, Error>& set) {
                        if (!set) return done(place, "user data not set", set);
                        place.since = loop_.now();
                        servers_.set_power(
                            place.server, true, [this, &place](const Expected<void, Error>& on) {
                                if (on) log::info("server powered on", {{"node", place.name}});
                                done(place, "server not powered on", on);
                            });
                    });
}

void FleetStarter::power_off(Place& place) {
    servers_.set_power(place.server, false, [this, &place](const Expected<void, Error>& off) {
        done(place, "server not powered off", off);
    });
}

void FleetStarter::done(Place& place, const char* what, const Expected<void, Error>& outcome) {
    place.busy = false;
    if (!outcome) log::warning(what, {{"node", place.name}, {"why", outcome.error().text}});
}

}  // namespace aula::app
