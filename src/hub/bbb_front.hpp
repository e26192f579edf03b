// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "http/client.hpp"
#include "http/server.hpp"
#include "hub/lessons.hpp"
#include "net/loop.hpp"

namespace aula::hub {

/// The BigBlueButton API (docs/protocol/bigbluebutton.md) in front of the hub's lessons: a meeting
/// is a lesson with an external id. Lives on the hub's loop; answers everything below
/// /bigbluebutton.
class BbbFront {
public:
    struct Options {
        std::string secret;
        std::string public_url;  // its host is the domain that hooks are told
    };

    BbbFront(net::Loop& loop, Lessons& lessons, store::Store& store, http::Client& client,
             Options options);
    ~BbbFront();
    BbbFront(const BbbFront&) = delete;
    BbbFront& operator=(const BbbFront&) = delete;

    void answer(const http::Request& request, http::Responder responder);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::hub
