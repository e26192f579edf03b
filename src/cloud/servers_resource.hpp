// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cloud/answer.hpp"
#include "cloud/inventory.hpp"
#include "cloud/machines.hpp"
#include "cloud/requests.hpp"

namespace aula::cloud {

/// An authenticated call: who, what, and the path below /objects/servers.
struct ServerCall {
    std::string_view owner;
    std::string_view method;
    std::vector<std::string> path;  // {}, {id} or {id, "power"} and the like
    std::string_view body;
};

/// /objects/servers: list, create, get, change, delete, power and ACPI shutdown.
class ServersResource {
public:
    ServersResource(Inventory& inventory, Machines& machines, Requests& requests)
        : inventory_(inventory), machines_(machines), requests_(requests) {}

    Answer answer(const ServerCall& call);
    /// The machine inside stopped by itself.
    void on_machine_stopped(const std::string& id);

private:
    Answer list(std::string_view owner) const;
    Answer create(const ServerCall& call);
    Answer change(Server& server, const ServerCall& call);
    Answer remove(const Server& server);
    Answer power(Server& server, const ServerCall& call);
    Answer shut_down(const Server& server);
    Answer done(std::string_view owner);
    void set_power(const std::string& id, bool power);
    std::string switch_on(const Server& server);
    std::string switch_off(const Server& server);

    Inventory& inventory_;
    Machines& machines_;
    Requests& requests_;
};

}  // namespace aula::cloud
