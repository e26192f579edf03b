// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "http/client.hpp"
#include "hub/access.hpp"
#include "net/loop.hpp"

namespace aula::hub {

/// LiveKit webhooks: each event goes to each address, in order, signed, with few retries. What
/// cannot be delivered is dropped and counted; an address that is down holds up no other.
class Webhooks {
public:
    struct Counters {
        std::uint64_t delivered = 0, failed = 0, dropped = 0;
    };

    Webhooks(net::Loop& loop, http::Client& client, const Keys& keys,
             const std::vector<std::string>& urls);
    ~Webhooks();
    Webhooks(const Webhooks&) = delete;
    Webhooks& operator=(const Webhooks&) = delete;

    void send(const std::string& event_json);
    const Counters& counters() const { return counters_; }

private:
    struct Target {
        std::string url;
        std::deque<std::string> queue;
        std::size_t attempts = 0;  // at the first of the queue
        bool busy = false;
        net::TimerId retry = net::TimerId::none;
    };
    void deliver(Target& target);
    void on_answer(Target& target, bool taken);

    net::Loop& loop_;
    http::Client& client_;
    const Keys& keys_;
    std::vector<std::unique_ptr<Target>> targets_;
    Counters counters_;
};

}  // namespace aula::hub
