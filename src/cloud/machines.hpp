// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "cloud/process.hpp"
#include "cloud/server.hpp"
#include "net/loop.hpp"

namespace aula::cloud {

struct MachineOptions {
    std::string program;             // of `aula`
    std::filesystem::path data_dir;  // a folder a server below it
    std::chrono::milliseconds boot_time{0};
};

/// What runs inside the servers that are on: one `aula node` process each, started from its
/// server's user data.
class Machines {
public:
    /// A machine ended by itself or was killed from outside; its server is off now.
    using OnStopped = std::function<void(const std::string& server)>;

    Machines(net::Loop& loop, MachineOptions options, OnStopped on_stopped);

    /// Answers when the boot time is over and the process runs.
    void boot(const Server& server, std::function<void(Expected<void, Error>)> booted);
    /// Pulls the plug; gone is called when the process is gone, and on_stopped is not.
    void kill(const std::string& server, std::function<void()> gone);
    /// Tells the process to stop; when it does, on_stopped says so.
    void press_power_button(const std::string& server) const;
    bool is_on(const std::string& server) const { return running_.contains(server); }
    bool none_is_on() const { return running_.empty(); }
    void signal_all(int number) const;

private:
    struct Running {
        std::unique_ptr<Process> process;
        std::function<void()> gone;  // of a kill
    };
    Expected<void, Error> start(const Server& server);
    void on_exit(const std::string& server, int status);

    net::Loop& loop_;
    MachineOptions options_;
    OnStopped on_stopped_;
    std::map<std::string, Running> running_;
};

}  // namespace aula::cloud
