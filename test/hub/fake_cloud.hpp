// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "http/server.hpp"
#include "net/loop.hpp"

namespace aula::hub::testing {

/// As much of gridscale's API as a keeper needs, whose servers are entries in a map, with faults to
/// order. Every job is done at once.
struct FakeCloud {
    explicit FakeCloud(net::Loop& loop);

    struct Machine {
        std::string name;
        std::vector<std::string> labels;
        std::string user_data;
        bool power = false;
    };
    struct Disk {
        std::string name;
        std::vector<std::string> labels;
        std::string created;
        std::string server;
    };
    std::string url() const { return "http://" + server->local().text(); }
    std::string id_of(const std::string& name) const;
    std::size_t count(const std::string& line) const;  // of calls, "POST /objects/servers"
    unsigned on() const;

    std::map<std::string, Machine> machines;  // by id
    std::map<std::string, Disk> disks;
    std::vector<std::string> calls;
    std::function<void(const std::string& name, bool on)> on_power = [](const auto&, bool) {};
    bool is_down = false;           // 503 for everything
    unsigned lost_answers = 0;      // so many changes are carried out and then answered 502
    unsigned failing_jobs = 0;      // so many changes are not carried out, their job fails
    bool ignores_shutdown = false;  // the guests do not listen to ACPI

    std::unique_ptr<http::Server> server;

private:
    http::Response answer(const http::Request& request);
    http::Response change(const http::Request& request);
    http::Response create(const http::Request& request);
    http::Response list_servers() const;
    http::Response list_disks() const;
    void set_power(Machine& machine, bool on);
    http::Response accepted(int status, std::string body, bool failed);

    std::map<std::string, bool> jobs_;  // id to: failed
    unsigned last_ = 0;
};

}  // namespace aula::hub::testing
