// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "cloud/object.hpp"
#include "cloud/process.hpp"
#include "net/loop.hpp"

namespace aula::cloud {

/// True for user data (base64) that `aula node --config` may be started with. Other servers are on
/// without a process.
bool configures_node(std::string_view user_data);

/// What runs inside the servers that are on: one `aula node` process each, started from its
/// server's user data. The processes outlive this object and are found again.
class Machines {
public:
    /// A machine ended, by itself or killed; its server is off now.
    using OnStopped = std::function<void(const std::string& server)>;

    /// program: of `aula`; folder: has one folder a server.
    Machines(net::Loop& loop, std::string program, std::filesystem::path folder,
             OnStopped on_stopped)
        : loop_(loop),
          program_(std::move(program)),
          folder_(std::move(folder)),
          on_stopped_(std::move(on_stopped)) {}

    /// Prepares the process and fills the guest's pid and birth; begin() lets it run once those
    /// are written down.
    Expected<void, Error> prepare(const Object& server, Guest& guest);
    void begin(const std::string& server) const;
    /// The machine of a server that was on when the cloud ended.
    bool find_again(const std::string& server, const Guest& guest);
    /// To SIGKILL, SIGTERM (the power button), SIGSTOP ...
    void signal(const std::string& server, int number) const;
    void signal_all(int number) const;
    bool is_on(const std::string& server) const { return running_.contains(server); }
    bool none_is_on() const { return running_.empty(); }
    /// What a deleted server leaves behind.
    void clear_away(const std::string& server) const;

private:
    Process::Handlers handlers(const std::string& server);
    void on_exit(const std::string& server, int status);

    net::Loop& loop_;
    std::string program_;
    std::filesystem::path folder_;
    OnStopped on_stopped_;
    std::map<std::string, std::unique_ptr<Process>> running_;
};

}  // namespace aula::cloud
