// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/city_clock.hpp"
#include "base/result.hpp"
#include "control/node_link.hpp"
#include "http/server.hpp"
#include "hub/fleet_options.hpp"
#include "hub/lessons.hpp"
#include "identity/password.hpp"
#include "net/address.hpp"
#include "net/loop.hpp"

namespace aula::http {
class Client;
}

namespace aula::hub {

struct HubOptions {
    net::Address listen;     // pages, API, signalling; plain HTTP
    net::Address node_link;  // where nodes dial in; port 0: a free one
    std::string node_host;   // name or address by which nodes reach this hub, for its certificate;
                             // empty: node_link's
    std::filesystem::path data_dir;  // made when it is not there
    std::filesystem::path web_dir;   // web/dist
    std::string public_url;          // without a slash at its end; empty: http://<listen>
    std::string bbb_secret;          // empty: no BigBlueButton API
    std::map<std::string, std::string>
        livekit_keys;                       // empty: one is made and kept in the data folder
    std::vector<std::string> webhook_urls;  // LiveKit webhooks
    identity::PasswordCost password_cost;   // of the operator's page
    std::vector<net::Address>
        trusted_proxies;                   // whose x-forwarded-for counts; loopback always does
    CityClock clock;                       // of timetables, fleet and bills
    std::string zone = "Europe/Berlin";    // where the city is, by its IANA name
    std::optional<FleetOptions> fleet;     // the cloud whose servers this hub keeps
    std::function<void()> on_node_wanted;  // somebody waits and no node can take his room
    std::function<void(const std::string& node)> on_node_up;
    std::function<void(const std::string& node)> on_node_down;
};

/// The control plane: pages, API, signalling relay, placement. Lives on the given loop, the
/// process's main one.
class Hub {
public:
    using Handler = std::function<void(http::Request, http::Responder)>;

    static Expected<std::unique_ptr<Hub>, Error> start(net::Loop& loop, HubOptions options);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    const net::Address& address() const;
    const net::Address& node_link_address() const;
    const std::string& public_url() const;
    /// PUBLIC_URL/#admin=<token>; the token is kept in the data folder, readable by its owner only.
    std::string admin_link() const;
    /// PUBLIC_URL/operator#setup=<token>, with which the first account is made; empty once there
    /// is one.
    std::string setup_link() const;

    /// What a node of this name needs to dial in. `host` is how it reaches this hub:
    /// HubOptions::node_host.
    Expected<control::NodeLinkOptions, Error> invite_node(const std::string& name,
                                                          const std::string& host) const;
    std::vector<std::string> nodes() const;  // those whose link is up
    /// Tells a node to take no more rooms and to send its clients elsewhere.
    void drain_node(const std::string& node);

    /// Everything below a path goes to this handler ("/bigbluebutton").
    void mount(std::string prefix, Handler handler);

    Lessons& lessons();
    store::Store& store();
    http::Client& http_client();
    Keeper* keeper();  // null: it keeps no fleet

    /// Accepts nothing new, tells clients to come back (1012), writes what waits; then done. Nodes
    /// go on.
    void stop(std::function<void()> done);

private:
    struct State;
    explicit Hub(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace aula::hub
