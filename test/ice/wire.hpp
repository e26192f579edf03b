// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <utility>

#include "ice/agent.hpp"

namespace aula::ice {

/// An agent of a test, with what it said and what it told.
template <class Agent>
struct Endpoint {
    explicit Endpoint(net::Address own, Time now = Time{}) : address(own), agent(handlers(), now) {}

    typename Agent::Handlers handlers() {
        return {[this](const Path& to, Bytes message) {
                    sent.emplace_back(to, Buffer(message.begin(), message.end()));
                },
                [this](const Path& path) { validated.push_back(path); },
                [this](const Path& path) { forgotten.push_back(path); }, [this] { ++selections; },
                [this](const std::string& ufrag) { retired.push_back(ufrag); }};
    }

    Verdict receive(Bytes datagram, const Path& from, Time now) {
        const auto message = StunMessage::parse(datagram);
        return message ? agent.receive(*message, from, now) : Verdict::ignored;
    }

    net::Address address;
    std::deque<std::pair<Path, Buffer>> sent;
    std::vector<Path> validated, forgotten;
    std::vector<std::string> retired;
    int selections = 0;
    Agent agent;
};

inline Path path(const char* address) { return {*net::Address::parse(address), 0}; }

}  // namespace aula::ice
