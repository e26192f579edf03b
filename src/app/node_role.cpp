// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <stdexcept>
#include <thread>

#include "app/node_config.hpp"
#include "app/options.hpp"
#include "app/roles.hpp"
#include "node/node.hpp"

namespace aula::app {
namespace {

NodeConfig config_of(const NodeRole& role) {
    if (!role.config.empty()) {
        auto config = read_node_config(read_file(role.config));
        if (!config) throw std::runtime_error(config.error().text);
        return *config;
    }
    if (role.hub.empty() || role.authority.empty() || role.certificate.empty() ||
        role.key.empty()) {
        throw std::runtime_error(
            "--hub, --authority, --certificate and --key are needed, or --config");
    }
    NodeConfig config;
    config.link = {
        role.hub, read_file(role.authority), {read_file(role.certificate), read_file(role.key)}};
    config.media = role.media;
    config.advertise = role.advertise;
    config.shards = role.shards;
    config.seats = role.seats;
    config.metrics = role.metrics;
    return config;
}

node::NodeOptions options_of(const NodeConfig& config) {
    node::NodeOptions options;
    options.link = config.link;
    options.media = read_media_address("--media", config.media);
    for (const auto& address : config.advertise)
        options.advertised.push_back(read_media_address("--advertise", address));
    options.shards =
        config.shards != 0 ? config.shards : std::max(1u, std::thread::hardware_concurrency());
    options.seats = config.seats;
    if (!config.metrics.empty()) options.metrics = read_address("--metrics", config.metrics);
    return options;
}

}  // namespace

int run_node(const NodeRole& role) {
    net::Loop loop;
    std::unique_ptr<node::Node> node;
    const auto stop = [&] {
        if (!node) return loop.stop();
        node->drain([&] { loop.stop(); });
    };
    loop.on_signal(SIGTERM, stop);
    loop.on_signal(SIGINT, stop);
    auto started = node::Node::start(loop, options_of(config_of(role)));
    if (!started) throw std::runtime_error(started.error().text);
    node = std::move(*started);
    loop.run();
    return 0;
}

}  // namespace aula::app
