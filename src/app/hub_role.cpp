// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <stdexcept>

#include "app/fleet_setup.hpp"
#include "app/hub_start.hpp"
#include "app/options.hpp"
#include "app/roles.hpp"
#include "app/secrets.hpp"
#include "crypto/random.hpp"

namespace aula::app {
namespace {

hub::HubOptions options_of(const HubRole& role) {
    hub::HubOptions options;
    options.listen = read_address("--listen", role.listen);
    options.node_link = read_address("--node-link", role.node_link);
    options.node_host = role.node_host;
    options.data_dir = role.data;
    options.web_dir = web_folder(role.web);
    options.public_url = role.public_url;
    options.bbb_secret = role.bbb_secret;
    options.livekit_keys = read_pairs("--livekit-key", role.livekit_keys);
    options.webhook_urls = role.webhook_urls;
    for (const auto& proxy : role.trusted_proxies) {
        options.trusted_proxies.push_back(read_ip("--trusted-proxy", proxy));
    }
    options.clock = read_clock(role.clock);
    options.zone = read_zone(role.zone);
    return options;
}

hub::FleetOptions fleet_of(const HubRole& role, std::function<hub::Hub*()> hub) {
    hub::FleetOptions fleet;
    auto credentials = gridscale::read_credentials(role.cloud_credentials);
    if (!credentials) throw std::runtime_error(credentials.error().text);
    fleet.cloud.base_url = role.cloud;
    // When the city's clock is fast, a second of waiting is long.
    fleet.cloud.poll = std::clamp(duration_cast<std::chrono::milliseconds>(
                                      read_clock(role.clock).real(std::chrono::seconds(10))),
                                  50ms, 1000ms);
    fleet.cloud.longest_job = longest_job(read_clock(role.clock));
    fleet.cloud.credentials = std::move(*credentials);
    fleet.pool.name = role.pool;
    fleet.pool.cores = role.node_cores;
    fleet.pool.memory_gb = role.node_memory;
    fleet.pool.storage_gb = role.node_storage;
    fleet.pool.template_id = role.node_template;
    // A server without a disk of its own is one of the local cloud: it has this machine's network.
    fleet.pool.public_network = !role.node_template.empty();
    fleet.pool.ipv6 = role.node_ipv6;
    fleet.policy = read_policy_file(role.policy, fleet.policy);
    fleet.prices = read_price_file(role.prices);
    fleet.hub_id = kept_secret(std::filesystem::path(role.data) / "hub-id",
                               [] { return crypto::random_text(20); });
    NodeConfig node;
    node.seats = fleet.policy.seats_per_node;
    node.metrics = "127.0.0.1:0";
    const auto host =
        role.node_host.empty() ? read_address("--node-link", role.node_link).ip() : role.node_host;
    set_user_data(fleet, std::move(node), std::move(hub), host);
    return fleet;
}

}  // namespace

int run_hub(const HubRole& role) {
    net::Loop loop;
    RunningHub running;
    const auto stop = [&] {
        if (!running.hub) return loop.stop();
        running.hub->stop([&] { loop.stop(); });
    };
    loop.on_signal(SIGTERM, stop);
    loop.on_signal(SIGINT, stop);
    lock_data_folder(role.data);
    auto options = options_of(role);
    if (!role.cloud.empty()) options.fleet = fleet_of(role, [&] { return running.hub.get(); });
    running = start_hub(loop, std::move(options));
    print_links(*running.hub);
    loop.run();
    return 0;
}

}  // namespace aula::app
