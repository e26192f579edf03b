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

CityClock read_clock(const std::string& text) {
    if (text.empty()) return {};
    const auto clock = CityClock::parse(text);
    if (!clock) throw std::runtime_error("--clock must be REAL,SHOWN,SPEED, not " + text);
    return *clock;
}

cloud::BootTimes boot_times(const CloudRole& role) {
    const auto median =
        role.boot_milliseconds != 0
            ? std::chrono::milliseconds(role.boot_milliseconds)
            : std::chrono::milliseconds(static_cast<long long>(role.boot_median * 1000));
    return {median, role.boot_tail};
}

cloud::CloudOptions cloud_options(const CloudRole& role) {
    cloud::CloudOptions options;
    options.listen = read_address("--listen", role.listen);
    options.data_dir = role.data;
    options.users = read_pairs("--user", role.users);
    options.admin_token = role.admin_token;
    options.program = own_program().string();
    options.clock = read_clock(role.clock);
    options.boot = boot_times(role);
    options.job_time = std::chrono::milliseconds(role.job_milliseconds);
    options.rate_limit = role.rate_limit;
    return options;
}

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
    auto started = cloud::Cloud::start(loop, cloud_options(role));
    if (!started) throw std::runtime_error(started.error().text);
    cloud = std::move(*started);
    std::printf("ready http://%s\n", cloud->address().text().c_str());
    std::fflush(stdout);
    loop.run();
    return 0;
}

}  // namespace aula::app
