// SPDX-License-Identifier: Apache-2.0
#include "gridscale/retry.hpp"

#include <algorithm>
#include <charconv>

#include "gridscale/answers.hpp"

namespace aula::gridscale {
namespace {

std::optional<long long> number_in(const http::Response& response, std::string_view header) {
    const auto* text = response.headers.find(header);
    if (!text) return std::nullopt;
    long long value = 0;
    const auto [at, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || value < 0) return std::nullopt;
    return value;
}

bool is_worth_retrying(std::string_view method, const Expected<http::Response, Error>& outcome) {
    if (!outcome) return method != "POST" && outcome.error().code != ErrorCode::invalid;
    switch (outcome->status) {
        case 429:  // it did nothing
            return true;
        case 424:  // the object is in the wrong state, often because a job still runs
        case 500:
        case 502:
        case 503:
        case 504:
            return method != "POST";
        default:
            return false;
    }
}

/// What the API itself asks for: RateLimit-Reset is a Unix time in milliseconds, Retry-After has
/// seconds.
std::optional<Duration> asked_pause(const http::Response& response, WallTime now) {
    constexpr std::chrono::milliseconds most =
        61s;  // the rate limit's window, and one second of clock error
    if (response.status == 429) {
        const auto reset = number_in(response, "ratelimit-reset");
        if (reset)
            return std::clamp<std::chrono::milliseconds>(
                std::chrono::milliseconds(*reset - unix_ms(now)), 0ms, most);
    }
    const auto after = number_in(response, "retry-after");
    if (after)
        return std::min<std::chrono::milliseconds>(std::chrono::seconds(std::min(*after, 3600LL)),
                                                   most);
    return std::nullopt;
}

ErrorCode code_of_status(int status) {
    switch (status) {
        case 400:
        case 415:
            return ErrorCode::invalid;
        case 401:
        case 402:
        case 403:
        case 416:  // of this project's resources there are no more
            return ErrorCode::refused;
        case 404:
            return ErrorCode::not_found;
        case 409:
        case 424:
            return ErrorCode::conflict;
        case 429:
            return ErrorCode::unavailable;
        default:
            return status >= 500 ? ErrorCode::unavailable : ErrorCode::internal;
    }
}

}  // namespace

std::optional<Duration> pause_before_retry(std::string_view method,
                                           const Expected<http::Response, Error>& outcome,
                                           unsigned tries_made, const RetryRules& rules,
                                           double random, WallTime now) {
    if (tries_made >= rules.tries || !is_worth_retrying(method, outcome)) return std::nullopt;
    const auto doubled = rules.first_pause * (1LL << std::min(tries_made - 1, 20u));
    const auto pause = std::min<std::chrono::milliseconds>(doubled, rules.longest_pause);
    // Between half of the pause and all of it.
    const auto spread = duration_cast<Duration>(pause * (0.5 + 0.5 * random));
    const auto asked = outcome ? asked_pause(*outcome, now) : std::nullopt;
    return asked ? *asked + spread : spread;
}

Error error_of(const http::Response& response) {
    auto text = error_text(response.body);
    if (text.empty()) text = "the cloud answered " + std::to_string(response.status);
    return {code_of_status(response.status), std::move(text)};
}

}  // namespace aula::gridscale
