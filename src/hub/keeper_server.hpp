// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "fleet/snapshot.hpp"
#include "gridscale/answers.hpp"

namespace aula::hub {

/// What is being done to a server in the cloud; one thing at a time.
enum class Doing : std::uint8_t { nothing, make, start, stop, power_off, remove };
std::string_view doing_name(Doing doing);

/// What the keeper knows of a server, or of a node that is no server of its cloud.
struct KeptServer {
    std::string name;  // of the node, too
    std::string id;    // the cloud's; empty: not made yet, or not of this cloud
    fleet::ServerKey key = 0;
    bool is_foreign = false;  // a node that somebody else runs: counted, never touched
    bool is_standby = true;
    gridscale::Server seen;  // as the cloud's list had it last

    bool power = false;
    bool is_up = false;       // its node's link
    bool said_hello = false;  // since it was powered on
    Doing doing = Doing::nothing;
    Time touched{};              // when the keeper last changed something: older lists are ignored
    WallTime since;              // of the present state
    WallTime powered_on;         // ordered or found
    bool is_measured = false;    // its boot: a hello will tell how long it took
    bool is_first_boot = false;  // it was just made
    std::shared_ptr<std::int64_t> log_row;  // of what is being done

    bool is_draining = false;
    bool is_withdrawn = false;  // by an operator
    bool is_held = false;       // on, by an operator
    bool is_broken = false;
    std::string stop_for;  // who wants it stopped when it is empty
    std::uint32_t strikes = 0;
    unsigned failures = 0;   // of orders to the cloud, one after the other
    WallTime rests_until{};  // and so it is left alone

    fleet::ServerState last_state = fleet::ServerState::off;
};

fleet::ServerState state_of(const KeptServer& server, WallTime now);

/// What outlives the hub: JSON for the store, under the server's name.
std::string flags_json(const KeptServer& server);
void read_flags(KeptServer& server, std::string_view json);

bool has_label(const gridscale::Server& server, std::string_view label);

}  // namespace aula::hub
