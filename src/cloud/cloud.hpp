// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "net/address.hpp"
#include "net/loop.hpp"

namespace aula::cloud {

struct CloudOptions {
    net::Address listen;
    std::filesystem::path data_dir;            // made when it is not there
    std::map<std::string, std::string> users;  // UUID to token
    std::string program;                       // of `aula`, which the servers run
    std::chrono::milliseconds boot_time{0};
};

/// A gridscale-compatible cloud on this machine, whose servers are `aula node` processes. Lives on
/// the given loop.
class Cloud {
public:
    static Expected<std::unique_ptr<Cloud>, Error> start(net::Loop& loop, CloudOptions options);
    ~Cloud();  // its machines die
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
