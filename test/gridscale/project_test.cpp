// SPDX-License-Identifier: Apache-2.0
#include "gridscale/project.hpp"

#include <fstream>

#include "api_test.hpp"
#include "gridscale/credentials.hpp"

namespace aula::gridscale {
namespace {

class ProjectTest : public ApiTest {
protected:
    ProjectTest() {
        options.breaker = {4, 10s};
        connect();
    }
    void will_create(const std::string& id) {
        api.will(202, R"({"object_uuid":")" + id + R"(","request_uuid":"r"})", "r");
        will_be_done();
    }
    void will_be_done() {
        api.will(200, R"({"r":{"status":"done","message":"","create_time":""}})");
    }
};

NewServer labelled() { return {"n", 1, 1, {"aula-pool:p", "aula-op:1"}, "", "aula-op:1"}; }

TEST_F(ProjectTest, ALostCreateIsFoundByItsLabelAndNotRepeated) {
    api.will(502);
    api.will(200, R"({"servers":{"s1":{"object_uuid":"s1","status":"in-provisioning",
                     "labels":["aula-op:1"]}}})");
    api.will(200, R"({"servers":{"s0":{"object_uuid":"s0","status":"active","labels":["other"]},
                     "s1":{"object_uuid":"s1","status":"active","labels":["x","aula-op:1"]}}})");
    std::optional<Expected<std::string, Error>> outcome;
    project->servers.create(labelled(), into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && *outcome) << (outcome ? outcome->error().text : "");
    EXPECT_EQ(**outcome, "s1");
    EXPECT_EQ(api.lines(),
              (std::vector<std::string>{"POST /objects/servers", "GET /objects/servers",
                                        "GET /objects/servers"}));
}

TEST_F(ProjectTest, ACreateThatDidNothingIsRepeatedAfterTwoLooks) {
    api.will(502);
    api.will(200, R"({"servers":{}})");
    api.will(200, R"({"servers":{}})");
    will_create("s2");
    std::optional<Expected<std::string, Error>> outcome;
    project->servers.create(labelled(), into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && *outcome) << (outcome ? outcome->error().text : "");
    EXPECT_EQ(**outcome, "s2");
    EXPECT_EQ(api.asked.size(), 5u);
}

TEST_F(ProjectTest, ARefusedCreateIsNotLookedFor) {
    api.will(416, R"({"title":"x","description":"no more cores"})");
    std::optional<Expected<std::string, Error>> outcome;
    project->servers.create(labelled(), into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && !*outcome);
    EXPECT_EQ(outcome->error().text, "no more cores");
    EXPECT_EQ(api.asked.size(), 1u);
}

TEST_F(ProjectTest, OrdersAServerWithAllThatHangsOnIt) {
    api.will(200, R"({"networks":{"n0":{"object_uuid":"n0","public_net":false},
                     "n1":{"object_uuid":"n1","public_net":true}}})");
    will_create("st");
    will_create("a4");
    will_create("a6");
    will_create("sv");
    std::optional<Expected<std::string, Error>> outcome;
    project->order_server(
        {"node-1", 4, 8, {"aula-pool:rooms"}, "aula-op:7", "ZGF0YQ==", "t1", 20, true, true},
        into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && *outcome) << (outcome ? outcome->error().text : "");
    EXPECT_EQ(**outcome, "sv");
    ASSERT_EQ(api.asked.size(), 9u);
    EXPECT_EQ(api.asked[1].body,
              R"({"name":"node-1","capacity":20,"labels":["aula-pool:rooms","aula-op:7"],)"
              R"("template":{"template_uuid":"t1","hostname":"node-1"}})");
    EXPECT_EQ(
        api.asked[5].body,
        R"({"name":"node-1","family":6,"labels":["aula-pool:rooms","aula-op:7","aula-op:7:6"]})");
    EXPECT_EQ(api.asked[7].body,
              R"({"name":"node-1","cores":4,"memory":8,"labels":["aula-pool:rooms","aula-op:7"],)"
              R"("user_data":"ZGF0YQ==","auto_recovery":false,"relations":{"storages":[)"
              R"({"storage_uuid":"st","bootdevice":true}],"networks":[{"network_uuid":"n1"}],)"
              R"("public_ips":[{"ipaddr_uuid":"a4"},{"ipaddr_uuid":"a6"}]}})");
}

TEST_F(ProjectTest, TakesBackTheStorageOfAServerThatWasRefused) {
    will_create("st");
    api.will(402, R"({"title":"x","description":"no payment"})");
    api.will(204, {}, "r");
    std::optional<Expected<std::string, Error>> outcome;
    project->order_server({"node-1", 4, 8, {}, "aula-op:7", "", "t1", 20, false, false},
                          into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && !*outcome);
    while (api.asked.size() < 4) {
        loop.after(1ms, [this] { loop.stop(); });
        loop.run();
    }
    EXPECT_EQ(api.lines().back(), "DELETE /objects/storages/st");
}

TEST_F(ProjectTest, RemovesAServerAndThenWhatHungOnIt) {
    api.will(404, R"({"title":"Not Found","description":"gone"})");  // by an earlier try
    api.will(204, {}, "r");
    will_be_done();
    Server server;
    server.id = "s1";
    server.storages = {"st"};
    std::optional<Expected<void, Error>> outcome;
    project->remove_server(server, into(outcome));
    loop.run();
    ASSERT_TRUE(outcome && *outcome);
    EXPECT_EQ(api.lines(),
              (std::vector<std::string>{"DELETE /objects/servers/s1", "DELETE /objects/storages/st",
                                        "GET /requests/r"}));
}

TEST_F(ProjectTest, StartsGoBeforeLooksWhenCallsAreFew) {
    http::Response last;
    last.body = R"({"servers":{}})";
    last.headers.set("ratelimit-limit", "210");
    last.headers.set("ratelimit-remaining", "3");
    last.headers.set("ratelimit-reset", std::to_string(unix_ms(WallClock::now() + 300ms)));
    api.answers.push_back(last);
    api.will(400, R"({"title":"x","description":"already in the requested power state"})");
    api.will(200, R"({"servers":{}})");
    std::optional<Expected<std::vector<Server>, Error>> list;
    project->servers.list(into(list));
    loop.run();
    std::optional<Expected<std::vector<Server>, Error>> later;
    std::optional<Expected<void, Error>> started;
    project->servers.list(into(later));
    project->servers.set_power("s1", true, into(started), Urgency::start);
    loop.run();
    ASSERT_TRUE(started && *started);
    EXPECT_FALSE(later);
    loop.run();
    EXPECT_TRUE(later && *later);  // after the reset
}

TEST_F(ProjectTest, ChangesRestWhileTheApiFailsAndLooksGoOn) {
    api.will(500);
    for (int i = 0; i < 4; ++i) {
        std::optional<Expected<std::vector<Server>, Error>> list;
        project->servers.list(into(list));
        loop.run();
    }
    EXPECT_TRUE(connection->rests());
    const auto asked = api.asked.size();
    std::optional<Expected<void, Error>> started;
    project->servers.set_power("s1", true, into(started), Urgency::start);
    loop.run();
    ASSERT_TRUE(started && !*started);
    EXPECT_EQ(started->error().code, ErrorCode::unavailable);
    EXPECT_EQ(api.asked.size(), asked);
    api.answers.clear();
    api.will(200, R"({"servers":{}})");
    std::optional<Expected<std::vector<Server>, Error>> list;
    project->servers.list(into(list));
    loop.run();
    EXPECT_FALSE(connection->rests());
}

TEST(Objects, AreReadAsTheApiWritesThem) {
    const auto storages = parse_storages(
        R"({"storages":{"a":{"object_uuid":"a","name":"disk","status":"active","capacity":20,
            "usage_in_minutes":7,"labels":["l"],"create_time":"2026-01-05T07:40:00Z",
            "relations":{"servers":[{"object_uuid":"s","object_name":"n"}]}}}})");
    ASSERT_TRUE(storages);
    EXPECT_EQ(storages->front().servers, std::vector<std::string>{"s"});
    EXPECT_EQ(time_text(storages->front().created), "2026-01-05T07:40:00Z");
    const auto addresses = parse_addresses(
        R"({"ips":{"i":{"object_uuid":"i","ip":"192.0.2.1","family":4,"labels":null,
            "relations":{"servers":[{"server_uuid":"s"}]}}}})");
    ASSERT_TRUE(addresses);
    EXPECT_EQ(addresses->front().address, "192.0.2.1");
    EXPECT_EQ(addresses->front().servers, std::vector<std::string>{"s"});
    const auto usage = parse_usage(
        R"({"products":{"servers":{"current_usage_per_minute":[{"product_number":1,"value":4}],
            "usage_per_interval":[{"interval_start":"2026-01-05T07:00:00Z",
            "interval_end":"2026-01-05T08:00:00Z",
            "accumulated_usage":[{"product_number":1,"value":240}]}]},"templates":{}}})");
    ASSERT_TRUE(usage);
    EXPECT_EQ(usage->at("servers").intervals.front().used.at(1), 240);
    EXPECT_EQ(parse_labels(R"({"labels":{"x":{"label":"x","relations":[]}}})")->front(), "x");
    EXPECT_EQ(parse_events(R"({"events":[{"object_uuid":"s","activity":"power"}]})")->size(), 1u);
}

TEST(Times, HaveOneLayout) {
    EXPECT_EQ(unix_ms(*parse_time("2026-01-05T07:40:00Z")), 1767598800000);
    for (const auto* text : {"", "2026-01-05T07:40:00.5Z", "2026-01-05T07:40:00+00:00",
                             "2026-02-30T07:40:00Z", "2026-01-05 07:40:00Z"}) {
        EXPECT_FALSE(parse_time(text)) << text;
    }
}

TEST(Credentials, AreTheFirstLineOfAFile) {
    const auto file = testing::TempDir() + "aula-credentials";
    std::ofstream(file) << "user:to:ken\r\nmore\n";
    const auto read = read_credentials(file);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->user_id, "user");
    EXPECT_EQ(read->token, "to:ken");
    std::ofstream(file) << R"({"user_id": "u", "token": "t"})" << '\n';
    EXPECT_EQ(read_credentials(file).value().token, "t");
    std::ofstream(file) << "secret-without-user\n";
    const auto wrong = read_credentials(file);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().text.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace aula::gridscale
