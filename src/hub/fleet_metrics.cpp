// SPDX-License-Identifier: Apache-2.0
#include "hub/fleet_metrics.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace aula::hub {

namespace {

using fleet::ServerState;

constexpr std::array<std::pair<ServerState, std::string_view>, 7> states = {{
    {ServerState::off, "off"},
    {ServerState::starting, "starting"},
    {ServerState::ready, "ready"},
    {ServerState::draining, "draining"},
    {ServerState::stopping, "stopping"},
    {ServerState::silent, "silent"},
    {ServerState::broken, "broken"},
}};

std::int64_t largest_difference(const std::vector<ledger::MeterLine>& meter) {
    std::int64_t largest = 0;
    for (const auto& line : meter) largest = std::max(largest, std::abs(line.difference()));
    return largest;
}

}  // namespace

void add_fleet_metrics(MetricsText& text, const FleetView& view, const ledger::Budget& budget,
                       const std::vector<ledger::MeterLine>& meter) {
    text.gauge("aula_fleet_keeper", view.keeps ? 1 : 0, "1: this hub keeps the fleet.");
    text.begin("aula_fleet_servers", "gauge", "Servers and nodes by state.");
    for (const auto& [state, name] : states) {
        const auto count =
            std::count_if(view.nodes.begin(), view.nodes.end(),
                          [wanted = state](const auto& n) { return n.state == wanted; });
        text.sample(count, {{"state", name}});
    }
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(view.now - view.cloud_seen);
    text.gauge("aula_fleet_cloud_age_seconds",
               view.cloud_seen == WallTime{} ? view.up_for.count() : age.count(),
               "Since the cloud last listed its servers, by the city's clock.");
    text.gauge("aula_fleet_waiting_rooms", view.waiting.size(),
               "Rooms that people ask for and no node can take.");
    text.counter("aula_fleet_boots_failed_total", view.boots_failed,
                 "Servers that were switched on and whose node did not report.");
    text.gauge("aula_fleet_scaling_held", view.scaling_held ? 1 : 0,
               "1: an operator holds the fleet as it is.");
    text.gauge("aula_fleet_strangers", view.strangers,
               "Servers of the project that are not this fleet's.");
    text.gauge("aula_fleet_orphans", view.orphans.size(),
               "Disks and addresses that belonged to nothing at the last look.");
    text.gauge("aula_fleet_euros_today", view.euros_today, "What today has cost.");
    text.gauge("aula_fleet_euros_budget_day", static_cast<double>(budget.day) / 1e6,
               "The day's budget; 0: none.");
    text.gauge(
        "aula_fleet_meter_difference_minutes", largest_difference(meter),
        "Core-minutes by which the ledger differs most from the cloud's meter, of a server.");
}

}  // namespace aula::hub
