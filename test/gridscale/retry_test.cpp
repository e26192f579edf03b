// SPDX-License-Identifier: Apache-2.0
#include "gridscale/retry.hpp"

#include <gtest/gtest.h>

namespace aula::gridscale {
namespace {

const WallTime noon{std::chrono::milliseconds(1'700'000'000'000)};
const RetryRules rules{};

Expected<http::Response, Error> status(int code) {
    http::Response response;
    response.status = code;
    return response;
}
Expected<http::Response, Error> no_answer() { return fail(Error{ErrorCode::timeout, "no answer"}); }

TEST(Retry, NeverRepeatsAPostWhoseOutcomeIsUnknown) {
    EXPECT_FALSE(pause_before_retry("POST", no_answer(), 1, rules, 0, noon));
    EXPECT_FALSE(pause_before_retry("POST", status(500), 1, rules, 0, noon));
    EXPECT_FALSE(pause_before_retry("POST", status(504), 1, rules, 0, noon));
    EXPECT_TRUE(pause_before_retry("POST", status(429), 1, rules, 0, noon));
    EXPECT_FALSE(pause_before_retry("POST", status(503), 1, rules, 0, noon));
}

TEST(Retry, RepeatsWhatIsIdempotent) {
    for (const int code : {424, 429, 500, 502, 503, 504}) {
        EXPECT_TRUE(pause_before_retry("PATCH", status(code), 1, rules, 0, noon)) << code;
    }
    for (const int code : {200, 204, 400, 401, 403, 404, 409, 415, 416}) {
        EXPECT_FALSE(pause_before_retry("PATCH", status(code), 1, rules, 0, noon)) << code;
    }
    EXPECT_TRUE(pause_before_retry("GET", no_answer(), 1, rules, 0, noon));
}

TEST(Retry, IsBoundedAndSpread) {
    EXPECT_FALSE(pause_before_retry("GET", no_answer(), rules.tries, rules, 0, noon));
    EXPECT_EQ(*pause_before_retry("GET", no_answer(), 1, rules, 0, noon), 250ms);
    EXPECT_EQ(*pause_before_retry("GET", no_answer(), 3, rules, 0, noon), 1s);
    EXPECT_EQ(*pause_before_retry("GET", no_answer(), 30, {.tries = 99}, 0, noon), 4s);
    EXPECT_GT(*pause_before_retry("GET", no_answer(), 1, rules, 0.9, noon), 450ms);
}

TEST(Retry, WaitsForTheRateLimitsReset) {
    auto limited = status(429);
    limited->headers.set("ratelimit-reset", std::to_string(unix_ms(noon) + 30'000));
    EXPECT_EQ(*pause_before_retry("GET", limited, 1, rules, 0, noon), 30s + 250ms);
    limited->headers.set("ratelimit-reset", "1");
    EXPECT_EQ(*pause_before_retry("GET", limited, 1, rules, 0, noon), 250ms);
    limited->headers.set("ratelimit-reset", "99999999999999999");
    EXPECT_LE(*pause_before_retry("GET", limited, 1, rules, 0, noon), 62s);
    auto busy = status(503);
    busy->headers.set("retry-after", "7");
    EXPECT_EQ(*pause_before_retry("GET", busy, 1, rules, 0, noon), 7s + 250ms);
}

TEST(Retry, AbsurdWishesAreBounded) {
    auto busy = status(503);
    for (const auto* wish : {"0", "-5", "", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"}) {
        busy->headers.set("retry-after", wish);
        EXPECT_EQ(*pause_before_retry("GET", busy, 1, rules, 0, noon), 250ms) << wish;
    }
    for (const auto* wish : {"31536000", "9223372036854775807"}) {
        busy->headers.set("retry-after", wish);
        EXPECT_EQ(*pause_before_retry("GET", busy, 1, rules, 0, noon), 61s + 250ms) << wish;
    }
    auto limited = status(429);
    for (const auto* wish : {"0", "-1", "1700000000", "99999999999999999999"}) {
        limited->headers.set("ratelimit-reset", wish);
        EXPECT_EQ(*pause_before_retry("GET", limited, 1, rules, 0, noon), 250ms) << wish;
    }
}

TEST(Retry, ErrorsKeepTheApisWords) {
    auto response = *status(404);
    response.body = R"({"title":"Not Found","description":"Object 1 not found"})";
    EXPECT_EQ(error_of(response).code, ErrorCode::not_found);
    EXPECT_EQ(error_of(response).text, "Object 1 not found");
    EXPECT_EQ(error_of(*status(401)).code, ErrorCode::refused);
    EXPECT_EQ(error_of(*status(502)).code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace aula::gridscale
