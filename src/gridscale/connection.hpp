// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "gridscale/retry.hpp"
#include "http/client.hpp"
#include "net/loop.hpp"

namespace aula::gridscale {

/// The token is a secret: it never goes into a log line or an error's text.
struct Credentials {
    std::string user_id;
    std::string token;
};

struct ConnectionOptions {
    std::string base_url = "https://api.gridscale.io";
    Credentials credentials;
    RetryRules retry;
    std::chrono::milliseconds poll{1'000};  // between looks at a running request
    std::chrono::milliseconds longest_job{300'000};
};

/// Calls of gridscale's API with its headers, retries and the following of asynchronous requests.
/// Lives on one loop. When it goes, calls under way are given up without an answer.
class Connection {
public:
    using Answered = std::function<void(Expected<std::string, Error>)>;  // the body of a 2xx answer

    Connection(net::Loop& loop, http::Client& client, ConnectionOptions options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void get(const std::string& path, Answered answered);
    /// POST, PATCH or DELETE; answered when its request is done or has failed, also after a 204:
    /// gridscale runs some of those in the background too.
    void mutate(const std::string& method, const std::string& path, std::string body,
                Answered answered);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace aula::gridscale
