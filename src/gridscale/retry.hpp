// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

namespace aula::gridscale {

struct RetryRules {
    unsigned tries = 5;
    std::chrono::milliseconds first_pause{500};  // doubles each time
    std::chrono::milliseconds longest_pause{8'000};
};

/// How long to wait before the call is made again; nullopt: its outcome stands. A POST is made
/// again only when the API said that it did nothing (429): a lost answer, and a 503 of something
/// between, may hide a created server. `random` of [0,1) spreads the pauses, so that many clients
/// do not come back together.
std::optional<Duration> pause_before_retry(std::string_view method,
                                           const Expected<http::Response, Error>& outcome,
                                           unsigned tries_made, const RetryRules& rules,
                                           double random, WallTime now);

/// The Error of an answer that is not 2xx.
Error error_of(const http::Response& response);

}  // namespace aula::gridscale
