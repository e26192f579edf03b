// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>

#include "app/hub_start.hpp"
#include "app/options.hpp"
#include "app/roles.hpp"

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
    return options;
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
    running = start_hub(loop, options_of(role));
    std::printf("admin %s\nready %s\n", running.hub->admin_link().c_str(),
                running.hub->public_url().c_str());
    std::fflush(stdout);
    loop.run();
    return 0;
}

}  // namespace aula::app
