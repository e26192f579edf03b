// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cloud/server.hpp"

namespace aula::cloud {

/// All servers of the cloud, kept in one JSON file that is replaced as a whole at each change.
class Inventory {
public:
    /// Reads the file if it is there. Machines die with the cloud's process, so all servers are off
    /// then.
    static Expected<Inventory, Error> open(const std::filesystem::path& file);

    Server& add(Server server);
    Server* find(std::string_view id, std::string_view owner);
    void remove(const std::string& id);
    const std::map<std::string, Server>& all() const { return servers_; }
    /// After every change.
    Expected<void, Error> save() const;

private:
    std::filesystem::path file_;
    std::map<std::string, Server> servers_;
};

}  // namespace aula::cloud
