// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "control/hub_links.hpp"
#include "http/server.hpp"
#include "hub/access.hpp"
#include "hub/rooms.hpp"
#include "net/loop.hpp"

namespace aula::hub {

/// Clients' signalling WebSockets, led to the node that has their room. Frames pass both ways as
/// they are; who does not read stops only his own stream. Lives on the hub's loop.
class Relay {
public:
    struct Wiring {
        net::Loop* loop = nullptr;
        control::HubLinks* links = nullptr;
        Rooms* rooms = nullptr;
        const Lessons* lessons = nullptr;
        const Keys* keys = nullptr;
    };
    struct Counters {
        std::uint64_t opened = 0, refused = 0, timed_out = 0, node_lost = 0;
        std::uint64_t to_node_bytes = 0, to_client_bytes = 0;
    };

    explicit Relay(Wiring wiring);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    /// /rtc and /rtc/v1: refusals are HTTP statuses, before the upgrade.
    void open_signal(http::Request request, http::Responder responder, const std::string& address);
    /// /rtc/validate and /rtc/v1/validate: what the socket would have been told.
    http::Response validate(const http::Request& request) const;
    /// /classroom: browsers cannot read an HTTP status there, so refusals are close codes
    /// (docs/protocol/classroom.md).
    void open_classroom(http::Request request, http::Responder responder,
                        const std::string& address);

    /// All clients are told to come back.
    void close_all();
    std::size_t size() const;
    const Counters& counters() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::hub
