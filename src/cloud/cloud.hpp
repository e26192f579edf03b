// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/city_clock.hpp"
#include "base/result.hpp"
#include "cloud/boot_times.hpp"
#include "net/address.hpp"
#include "net/loop.hpp"

namespace aula::cloud {

struct CloudOptions {
    net::Address listen;
    std::filesystem::path data_dir;            // made when it is not there
    std::map<std::string, std::string> users;  // UUID to token
    std::string admin_token;                   // empty: no faults can be ordered
    std::string program;                       // of `aula`, which the servers run
    CityClock clock;
    BootTimes boot;
    std::chrono::milliseconds job_time{0};  // from a change's acceptance to its being made
    unsigned rate_limit = 210;              // calls of a user in 60 s; 0: no limit
};

/// A gridscale-compatible cloud on this machine, whose servers are `aula node` processes
/// (docs/protocol/cloud.md). Lives on the given loop.
class Cloud {
public:
    static Expected<std::unique_ptr<Cloud>, Error> start(net::Loop& loop, CloudOptions options);
    /// Without stop() before it this is like a crash: the machines run on, and the next cloud with
    /// the same folder finds them again.
    ~Cloud();
    Cloud(const Cloud&) = delete;
    Cloud& operator=(const Cloud&) = delete;

    const net::Address& address() const;
    /// Presses every machine's power button, pulls the plugs after the grace, then calls done.
    void stop(std::chrono::milliseconds grace, std::function<void()> done);

private:
    struct State;
    explicit Cloud(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace aula::cloud
