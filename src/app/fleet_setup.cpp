// SPDX-License-Identifier: Apache-2.0
#include "app/fleet_setup.hpp"

#include <stdexcept>
#include <utility>

#include "app/options.hpp"
#include "hub/keeper_policy.hpp"
#include "timetable/zone.hpp"

namespace aula::app {
namespace {

Expected<NodeConfig, Error> config_for(const std::string& node, const NodeConfig& like,
                                       const hub::Hub* hub, const std::string& host) {
    if (hub == nullptr) return fail(Error{ErrorCode::unavailable, "the hub is not up yet"});
    auto invitation = hub->invite_node(node, host);
    if (!invitation) return fail(invitation.error());
    NodeConfig config = like;
    config.link = std::move(*invitation);
    return config;
}

/// But for the certificate, which each invitation has anew.
bool says_the_same(const NodeConfig& a, const NodeConfig& b) {
    return a.link.hub == b.link.hub && a.link.authority_pem == b.link.authority_pem &&
           a.media == b.media && a.advertise == b.advertise && a.shards == b.shards &&
           a.seats == b.seats && a.metrics == b.metrics;
}

}  // namespace

CityClock read_clock(const std::string& text) {
    if (text.empty()) return {};
    const auto clock = CityClock::parse(text);
    if (!clock) throw std::runtime_error("--clock must be REAL,SHOWN,SPEED, not " + text);
    return *clock;
}

std::string read_zone(const std::string& name) {
    const auto zone = timetable::Zone::load(name);
    if (!zone) throw std::runtime_error("--zone: " + zone.error().text);
    return name;
}

std::chrono::milliseconds longest_job(const CityClock& clock) {
    return std::max<std::chrono::milliseconds>(
        duration_cast<std::chrono::milliseconds>(clock.real(std::chrono::minutes(5))), 5s);
}

fleet::Policy read_policy_file(const std::string& file, const fleet::Policy& before) {
    if (file.empty()) return before;
    const auto policy = hub::read_policy(read_file(file), before);
    if (!policy) throw std::runtime_error(file + ": " + policy.error().text);
    return *policy;
}

ledger::PriceList read_price_file(const std::string& file) {
    if (file.empty()) return {};
    const auto prices = ledger::read_prices(read_file(file));
    if (!prices) throw std::runtime_error(file + ": " + prices.error().text);
    return *prices;
}

void set_user_data(hub::FleetOptions& fleet, NodeConfig like, std::function<hub::Hub*()> hub,
                   std::string host) {
    fleet.user_data = [=](const std::string& node) -> Expected<std::string, Error> {
        const auto config = config_for(node, like, hub(), host);
        if (!config) return fail(config.error());
        return to_json(*config);
    };
    fleet.is_current = [=](const std::string& user_data) {
        const auto told = read_node_config(user_data);
        const auto now = config_for("nobody", like, hub(), host);
        return told && now && says_the_same(*told, *now);
    };
}

}  // namespace aula::app
