// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "gridscale/servers.hpp"
#include "net/loop.hpp"

namespace aula::app {

/// Keeps a fixed number of conference nodes running through the cloud's API: makes servers that are
/// missing, powers on those that are off, and power-cycles those that are on but whose node does
/// not say hello. Lives on the hub's loop.
class FleetStarter {
public:
    struct Options {
        unsigned nodes = 1;
        std::string label = "aula-node";
        std::chrono::milliseconds look{500};  // between two looks at what is missing
        std::chrono::milliseconds patience{
            15'000};  // from power-on, or the loss of its link, to the node's hello
        /// The user data (not yet base64) of a node of this name.
        std::function<Expected<std::string, Error>(const std::string& node)> user_data;
        std::function<void()> all_up;  // each time that nothing is missing any more
    };

    FleetStarter(net::Loop& loop, gridscale::Servers& servers, Options options);
    ~FleetStarter();
    FleetStarter(const FleetStarter&) = delete;
    FleetStarter& operator=(const FleetStarter&) = delete;

    void start();
    void on_node_up(const std::string& node);
    void on_node_down(const std::string& node);

private:
    /// One server that should run a node of the same name.
    struct Place {
        std::string name;
        std::string server;  // empty: not known yet
        bool up = false;
        bool busy = false;  // a call to the cloud is under way
        Time since{};       // power-on, or the loss of its link
    };

    void look();
    void find_servers();
    void on_listed(const std::vector<gridscale::Server>& servers);
    void create(Place& place);
    void tend(Place& place);
    void on_seen(Place& place, const gridscale::Server& server);
    void power_on(Place& place);
    void power_off(Place& place);
    void done(Place& place, const char* what, const Expected<void, Error>& outcome);
    Place* find(const std::string& node);

    net::Loop& loop_;
    gridscale::Servers& servers_;
    Options options_;
    std::vector<Place> places_;  // never grows after construction: calls under way hold references
    net::TimerId timer_ = net::TimerId::none;
    bool listing_ = false;
    bool listed_ = false;
};

}  // namespace aula::app
