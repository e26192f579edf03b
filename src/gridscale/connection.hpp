// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "gridscale/breaker.hpp"
#include "gridscale/credentials.hpp"
#include "gridscale/rate_budget.hpp"
#include "gridscale/retry.hpp"
#include "http/client.hpp"
#include "net/loop.hpp"

namespace aula::gridscale {

struct ConnectionOptions {
    std::string base_url = "https://api.gridscale.io";
    Credentials credentials;
    RetryRules retry;
    Breaker::Rules breaker;
    std::chrono::milliseconds call_timeout{10'000};
    std::chrono::milliseconds poll{1'000};  // to the first look at a running request
    std::chrono::milliseconds longest_job{300'000};
    unsigned most_under_way = 8;  // calls at once
};

/// Calls of gridscale's API with its headers, retries and the following of asynchronous requests.
/// Calls wait for the rate limit by urgency; while the API fails, changes are refused at once.
/// Lives on one loop. When it goes, calls under way are given up without an answer.
class Connection {
public:
    using Answered = std::function<void(Expected<std::string, Error>)>;  // the body of a 2xx answer

    Connection(net::Loop& loop, http::Client& client, ConnectionOptions options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    struct Counters {
        std::uint64_t calls = 0, retries = 0, failures = 0, limited = 0, polls = 0;
    };

    /// `tries`: at most so many, when the caller will ask again anyway; 0: as the rules say.
    void get(const std::string& path, Answered answered, Urgency urgency = Urgency::look,
             unsigned tries = 0);
    /// POST, PATCH or DELETE; answered when its request is done or has failed, also after a 204:
    /// gridscale runs some of those in the background too.
    void mutate(const std::string& method, const std::string& path, std::string body,
                Answered answered, Urgency urgency = Urgency::change);

    /// The API failed so often lately that changes are not even tried.
    bool rests() const;
    const Counters& counters() const;
    std::int64_t calls_a_minute() const;  // that the API allows; 0: it named no limit yet
    net::Loop& loop();
    const ConnectionOptions& options() const;
    /// Expires with this object: for timers of those who use it.
    std::weak_ptr<const void> lifetime() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace aula::gridscale
