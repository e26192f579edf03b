// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <stdexcept>

#include "app/options.hpp"
#include "app/roles.hpp"
#include "base/time.hpp"
#include "cloud/cloud.hpp"

namespace aula::app {
namespace {

// So that `aula up` and its nodes are gone within the 5 s that it promises.
constexpr auto node_grace = 1500ms;

}  // namespace

int run_cloud(const CloudRole& role) {
    net::Loop loop;
    std::unique_ptr<cloud::Cloud> cloud;
    const auto stop = [&] {
        if (!cloud) return loop.stop();
        cloud->stop(node_grace, [&] { loop.stop(); });
    };
    loop.on_signal(SIGTERM, stop);
    loop.on_signal(SIGINT, stop);
    cloud::CloudOptions options;
    options.listen = read_address("--listen", role.listen);
    options.data_dir = role.data;
    options.users = read_pairs("--user", role.users);
    options.program = own_program().string();
    options.boot_time = std::chrono::milliseconds(role.boot_milliseconds);
    auto started = cloud::Cloud::start(loop, std::move(options));
    if (!started) throw std::runtime_error(started.error().text);
    cloud = std::move(*started);
    std::printf("ready http://%s\n", cloud->address().text().c_str());
    std::fflush(stdout);
    loop.run();
    return 0;
}

}  // namespace aula::app
