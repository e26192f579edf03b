// SPDX-License-Identifier: Apache-2.0
// An API that answers what no API should, or not at all.
#include "api_test.hpp"

namespace aula::gridscale {
namespace {

class HostileTest : public ApiTest {
protected:
    HostileTest() {
        options.call_timeout = 100ms;
        options.breaker = {100, 10s};
        connect();
    }
    std::optional<Expected<std::vector<Server>, Error>> list() {
        std::optional<Expected<std::vector<Server>, Error>> outcome;
        project->servers.list(into(outcome));
        loop.run();
        return outcome;
    }
    std::optional<Expected<std::string, Error>> create() {
        std::optional<Expected<std::string, Error>> outcome;
        project->servers.create({"n", 1, 1, {"aula-op:1"}, "", "aula-op:1"}, into(outcome));
        loop.run();
        return outcome;
    }
    void will_list_it() {
        api.will(200, R"({"servers":{"s1":{"object_uuid":"s1","status":"active",
                         "labels":["aula-op:1"]}}})");
    }
};

TEST_F(HostileTest, GarbageIsAnErrorAndNoList) {
    for (const auto* garbage : {"", "<html>It works!</html>", "{}", "null", "\xff\xfe",
                                R"({"servers":{"a":{"object_uuid":"a"}}})"}) {
        api.answers.clear();
        api.will(200, garbage);
        const auto outcome = list();
        EXPECT_TRUE(outcome && !*outcome) << garbage;
    }
}

TEST_F(HostileTest, ARedirectIsNotFollowed) {
    ScriptedApi elsewhere(loop);
    elsewhere.will(200, R"({"servers":{}})");
    api.will(302);
    api.answers.back().headers.set("location", "http://" + elsewhere.server->local().text() + "/x");
    const auto outcome = list();
    EXPECT_TRUE(outcome && !*outcome);
    EXPECT_TRUE(elsewhere.asked.empty());
    EXPECT_EQ(api.asked.size(), 1u);
}

TEST_F(HostileTest, AnAnswerThatNeverComesIsGivenUp) {
    std::vector<http::Responder> held;
    const auto silent = *http::Server::open(
        loop, *net::Address::of("127.0.0.1", 0), {},
        [&](http::Request, http::Responder responder) { held.push_back(std::move(responder)); });
    options.base_url = "http://" + silent->local().text();
    options.call_timeout = 30ms;
    connect();
    std::optional<Expected<std::string, Error>> outcome;
    connection->get("/objects/servers", into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && !*outcome);
    EXPECT_EQ(outcome->error().code, ErrorCode::timeout);
    EXPECT_EQ(held.size(), 2u);
}

TEST_F(HostileTest, ACreateWhoseAnswerCannotBeReadIsLookedFor) {
    for (const auto* garbage : {"", "<html>", "{}", R"({"object_uuid":7})"}) {
        api.answers.clear();
        api.asked.clear();
        api.will(202, garbage, "r");
        api.will(200, R"({"r":{"status":"done","message":"","create_time":""}})");
        will_list_it();
        const auto outcome = create();
        ASSERT_TRUE(outcome && *outcome) << garbage;
        EXPECT_EQ(**outcome, "s1");
        EXPECT_EQ(api.asked.size(), 3u);
    }
}

TEST_F(HostileTest, ACreateThatNamesNoRequestIsLookedFor) {
    for (const auto* id : {"", "../objects/servers/s0", "a b", "{}"}) {
        api.answers.clear();
        api.asked.clear();
        api.will(202, R"({"object_uuid":"s1","request_uuid":"r"})", id);
        will_list_it();
        const auto outcome = create();
        ASSERT_TRUE(outcome && *outcome) << id;
        EXPECT_EQ(api.lines().back(), "GET /objects/servers");
        EXPECT_EQ(api.asked.size(), 2u);
    }
}

TEST_F(HostileTest, ARequestThatIsNotKnownDoesNotMeanThatTheObjectIsGone) {
    api.will(204, {}, "r");
    api.will(404, R"({"title":"Not Found","description":"Object r not found"})");
    std::optional<Expected<void, Error>> outcome;
    project->servers.remove("s1", into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && !*outcome);
    EXPECT_EQ(outcome->error().code, ErrorCode::unavailable);
}

TEST_F(HostileTest, AFloodOf429EndsAfterAFewTries) {
    // What cannot be read stands for a whole window, which no test waits for: see RateBudget.
    for (const auto* reset : {"0", "1", "1700000000"}) {
        api.answers.clear();
        api.asked.clear();
        api.will(429, R"({"id":"too_many_requests","message":"API Rate limit exceeded."})");
        api.answers.back().headers.set("ratelimit-remaining", "0");
        api.answers.back().headers.set("ratelimit-limit", "210");
        api.answers.back().headers.set("ratelimit-reset", reset);
        std::optional<Expected<Server, Error>> outcome;
        project->servers.get("s1", into(outcome));
        loop.run();
        ASSERT_TRUE(outcome && !*outcome) << reset;
        EXPECT_EQ(outcome->error().code, ErrorCode::unavailable);
        EXPECT_EQ(api.asked.size(), 2u);
    }
}

TEST_F(HostileTest, TheTokenIsInNoLogAndNoError) {
    testing::internal::CaptureStderr();
    std::string errors;
    for (const int status : {302, 400, 401, 403, 404, 429, 500, 503}) {
        api.answers.clear();
        api.will(status, "garbage");
        api.answers.back().headers.set("ratelimit-reset", "0");
        const auto outcome = create();
        if (outcome && !*outcome) errors += outcome->error().text + '\n';
    }
    EXPECT_EQ(*api.asked.front().headers.find("x-auth-token"), "token-of-nobody-else");
    errors += testing::internal::GetCapturedStderr();
    EXPECT_FALSE(errors.empty());
    EXPECT_EQ(errors.find("token-of-nobody-else"), std::string::npos) << errors;
}

}  // namespace
}  // namespace aula::gridscale
