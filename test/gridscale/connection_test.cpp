// SPDX-License-Identifier: Apache-2.0
#include "gridscale/connection.hpp"

#include "api_test.hpp"

namespace aula::gridscale {
namespace {

class ConnectionTest : public ApiTest {
protected:
    ConnectionTest() {
        options.retry = {3, 1ms, 2ms};
        options.longest_job = 50ms;
        connect();
    }
};

TEST_F(ConnectionTest, ShowsItsCredentialsAndFollowsARequestUntilItIsDone) {
    api.will(204, {}, "r1");
    api.will(200, R"({"r1":{"status":"pending","message":"","create_time":""}})");
    api.will(200, R"({"r1":{"status":"done","message":"","create_time":""}})");
    std::optional<Expected<void, Error>> outcome;
    project->servers.set_power("s1", true, into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && *outcome);
    ASSERT_EQ(api.asked.size(), 3u);
    EXPECT_EQ(api.asked[0].method + api.asked[0].path + api.asked[0].body,
              R"(PATCH/objects/servers/s1/power{"power":true})");
    EXPECT_EQ(*api.asked[0].headers.find("x-auth-userid"), "user-1");
    EXPECT_EQ(*api.asked[0].headers.find("x-auth-token"), "token-of-nobody-else");
    EXPECT_EQ(*api.asked[0].headers.find("content-type"), "application/json");
    EXPECT_EQ(api.asked[2].path, "/requests/r1");
}

TEST_F(ConnectionTest, SaysWhyAJobFailed) {
    api.will(204, {}, "r1");
    api.will(200, R"({"r1":{"status":"failed","message":"no capacity","create_time":""}})");
    std::optional<Expected<void, Error>> outcome;
    project->servers.set_power("s1", true, into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && !*outcome);
    EXPECT_NE(outcome->error().text.find("no capacity"), std::string::npos);
}

TEST_F(ConnectionTest, GivesUpOnAJobThatNeverEnds) {
    api.will(204, {}, "r1");
    api.will(200, R"({"r1":{"status":"pending","message":"","create_time":""}})");
    std::optional<Expected<void, Error>> outcome;
    project->servers.set_power("s1", true, into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && !*outcome);
    EXPECT_EQ(outcome->error().code, ErrorCode::timeout);
}

TEST_F(ConnectionTest, AServerThatIsOnAlreadyIsNoError) {
    api.will(
        400,
        R"({"title":"Bad Request","description":"The server is already in the requested power state"})");
    std::optional<Expected<void, Error>> outcome;
    project->servers.set_power("s1", true, into(outcome));
    loop.run();
    EXPECT_TRUE(outcome && *outcome);
}

TEST_F(ConnectionTest, TriesAgainButNotForEver) {
    api.will(500);
    std::optional<Expected<Server, Error>> outcome;
    project->servers.get("s1", into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && !*outcome);
    EXPECT_EQ(outcome->error().code, ErrorCode::unavailable);
    EXPECT_EQ(api.asked.size(), 3u);
}

TEST_F(ConnectionTest, ACreateIsNotRepeatedAfterAServerError) {
    api.will(500);
    std::optional<Expected<std::string, Error>> outcome;
    project->servers.create({"n", 2, 4, {"l"}, "ZGF0YQ=="}, into(outcome));
    loop.run();
    EXPECT_TRUE(outcome && !*outcome);
    ASSERT_EQ(api.asked.size(), 1u);
    EXPECT_EQ(
        api.asked[0].body,
        R"({"name":"n","cores":2,"memory":4,"labels":["l"],"user_data":"ZGF0YQ==","auto_recovery":false})");
}

TEST_F(ConnectionTest, AnswersNobodyAfterItsEnd) {
    api.will(200, R"({"servers":{}})");
    bool answered = false;
    project->servers.list([&](const Expected<std::vector<Server>, Error>&) { answered = true; });
    connection.reset();
    loop.after(50ms, [this] { loop.stop(); });
    loop.run();
    EXPECT_FALSE(answered);
}

}  // namespace
}  // namespace aula::gridscale
