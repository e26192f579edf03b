// SPDX-License-Identifier: Apache-2.0
#include "cloud_fixture.hpp"

namespace aula::cloud {
namespace {

TEST_F(CloudTest, ShowsAServerAsGridscaleDoes) {
    const auto id = make_server();
    const auto server = get("/objects/servers/" + id, "server");
    EXPECT_EQ(text(server.at("object_uuid")), id);
    EXPECT_EQ(server.at("cores").as_int64(), 2);
    EXPECT_EQ(server.at("memory").as_int64(), 4);
    EXPECT_FALSE(server.at("power").as_bool());
    EXPECT_TRUE(server.at("auto_recovery").as_bool());
    EXPECT_EQ(text(server.at("status")), "active");
    EXPECT_EQ(text(server.at("availability_zone")), "a");
    EXPECT_EQ(text(server.at("labels").as_array().at(0)), "pool");
    EXPECT_EQ(server.at("usage_in_minutes_cores").as_int64(), 0);
    EXPECT_TRUE(server.at("current_price").is_number());
    for (const auto* list : {"storages", "networks", "public_ips", "isoimages"})
        EXPECT_TRUE(server.at("relations").as_object().at(list).as_array().empty());
    const auto created = text(server.at("create_time"));
    EXPECT_EQ(created.size(), 20u);  // "2026-01-05T07:40:00Z": clients parse no other layout
    EXPECT_EQ(created.back(), 'Z');
    EXPECT_TRUE(get("/objects/servers", "servers").contains(id));
}

TEST_F(CloudTest, EveryAnswerHasGridscalesHeaders) {
    stop();
    options.rate_limit = 5;
    open();
    const auto answer = call("GET", "/objects/servers");
    for (const auto* name : {"x-request-id", "x-time-provisioning", "x-api-identity",
                             "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}) {
        EXPECT_NE(answer.headers.find(name), nullptr) << name;
    }
    EXPECT_EQ(*answer.headers.find("access-control-allow-origin"), "*");
    EXPECT_EQ(*answer.headers.find("ratelimit-remaining"), "4");
    const auto reset = std::stoll(*answer.headers.find("ratelimit-reset"));
    const auto now = unix_ms(WallClock::now());
    EXPECT_GT(reset, now);
    EXPECT_LE(reset, now + 60'000);
    EXPECT_NE(call("GET", "/objects/elephants").headers.find("x-request-id"), nullptr);
    const auto refused = call("GET", "/objects/servers", {}, owner, "wrong");
    EXPECT_EQ(refused.status, 401);
    EXPECT_NE(refused.headers.find("x-request-id"), nullptr);
}

TEST_F(CloudTest, TheRateLimitIsAWindowOfAMinuteOnTheCitysClock) {
    stop();
    options.rate_limit = 3;
    // Half a minute into a shown minute, and standing still as far as a test can tell.
    const auto real = duration_cast<std::chrono::seconds>(WallClock::now().time_since_epoch());
    options.clock = *CityClock::parse(std::to_string(real.count()) + ",1700000010,0.001");
    open();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(call("GET", "/objects/servers").status, 200);
    const auto answer = call("GET", "/objects/servers");
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.body, R"({"id":"too_many_requests","message":"API Rate limit exceeded."})");
    EXPECT_EQ(*answer.headers.find("ratelimit-remaining"), "0");
    EXPECT_EQ(*answer.headers.find("ratelimit-reset"), "1700000040000");
    EXPECT_EQ(call("GET", "/objects/servers", {}, stranger, "other").status, 200);
    stop();
    options.clock = *CityClock::parse(std::to_string(real.count()) + ",1700000040,0.001");
    open();
    EXPECT_EQ(call("GET", "/objects/servers").status, 200);
}

TEST_F(CloudTest, ABrowserMayAskFromElsewhere) {
    http::Call preflight;
    preflight.method = "OPTIONS";
    preflight.url = "/objects/servers";
    const auto answer = try_call(preflight);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 204);
    EXPECT_NE(answer->headers.find("access-control-allow-methods")->find("PATCH"),
              std::string::npos);
}

TEST_F(CloudTest, RefusesWhatIsWrong) {
    const auto id = make_server();
    const auto unknown = "690de890-13c0-4e76-8a01-e10ba8786e53";
    const auto missing = call("GET", std::string("/objects/servers/") + unknown);
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(text(object(missing).at("title")), "Not Found");
    EXPECT_EQ(text(object(missing).at("description")),
              std::string("Object ") + unknown + " not found");
    EXPECT_EQ(call("GET", "/requests/x").status, 404);
    object(call("GET", "/objects/servers/%ff"));  // still answered with JSON
    EXPECT_EQ(call("GET", "/objects/elephants").status, 404);
    EXPECT_EQ(call("PUT", "/objects/servers").status, 405);
    EXPECT_EQ(call("POST", "/requests/x", "{}").status, 405);
    EXPECT_EQ(call("POST", "/objects/servers", "not json").status, 400);
    EXPECT_EQ(call("POST", "/objects/servers", "[]").status, 400);
    EXPECT_EQ(call("POST", "/objects/servers", R"({"name":"a","cores":1})").status, 400);
    EXPECT_EQ(call("POST", "/objects/servers", R"({"name":"a","cores":1.5,"memory":1})").status,
              400);
    EXPECT_EQ(call("POST", "/objects/servers", R"({"name":"","cores":1,"memory":1})").status, 400);
    EXPECT_EQ(call("PATCH", "/objects/servers/" + id, R"({"user_data":"%%"})").status, 400);
    EXPECT_EQ(call("PATCH", "/objects/servers/" + id + "/power", R"({"power":"on"})").status, 400);
    auto typeless = as_user("POST", "/objects/servers", server_body());
    typeless.headers.set("content-type", "text/plain");
    EXPECT_EQ(try_call(typeless)->status, 415);
}

TEST_F(CloudTest, ANameHas64CharactersNotBytes) {
    std::string umlauts;
    for (int i = 0; i < 64; ++i) umlauts += "ä";
    const auto body = [](const std::string& name) {
        return R"({"name":")" + name + R"(","cores":1,"memory":1})";
    };
    EXPECT_EQ(call("POST", "/objects/servers", body(umlauts)).status, 202);
    EXPECT_EQ(call("POST", "/objects/servers", body(umlauts + "x")).status, 400);
}

TEST_F(CloudTest, DeletesOnlyWhatIsOffAndKeepsItsHistory) {
    const auto id = make_plain_server();
    switch_power(id, true);
    EXPECT_EQ(call("DELETE", "/objects/servers/" + id).status, 424);
    switch_power(id, false);
    const auto deleted = call("DELETE", "/objects/servers/" + id);
    EXPECT_EQ(deleted.status, 204);
    follow(deleted);
    EXPECT_EQ(call("GET", "/objects/servers/" + id).status, 404);
    const auto history = get("/objects/deleted/servers", "deleted_servers");
    ASSERT_TRUE(history.contains(id));
    EXPECT_EQ(text(history.at(id).as_object().at("status")), "deleted");
    crash();
    open();
    EXPECT_EQ(call("GET", "/objects/servers/" + id).status, 404);
    EXPECT_TRUE(get("/objects/deleted/servers", "deleted_servers").contains(id));
}

TEST_F(CloudTest, ARunningServerGrowsButDoesNotShrink) {
    const auto id = make_plain_server();
    switch_power(id, true);
    const auto path = "/objects/servers/" + id;
    EXPECT_EQ(call("PATCH", path, R"({"cores":1})").status, 424);
    follow(call("PATCH", path, R"({"cores":3,"memory":6})"));
    EXPECT_EQ(get(path, "server").at("cores").as_int64(), 3);
    switch_power(id, false);
    follow(call("PATCH", path, R"({"cores":1})"));
    EXPECT_EQ(get(path, "server").at("cores").as_int64(), 1);
}

TEST_F(CloudTest, AServersEventsTellWhatWasDone) {
    const auto id = make_plain_server();
    switch_power(id, true);
    const auto answer = object(call("GET", "/objects/servers/" + id + "/events"));
    const auto& events = answer.at("events").as_array();
    ASSERT_EQ(events.size(), 2u);
    const auto& newest = events.at(0).as_object();
    EXPECT_EQ(text(newest.at("activity")), "power on");
    EXPECT_EQ(text(newest.at("request_status")), "done");
    EXPECT_EQ(text(newest.at("object_uuid")), id);
    EXPECT_EQ(object(call("GET", "/objects/events")).at("events").as_array().size(), 2u);
    EXPECT_EQ(object(call("GET", "/objects/events", {}, stranger, "other"))
                  .at("events")
                  .as_array()
                  .size(),
              0u);
}

TEST_F(CloudTest, MetricsAreAListOfTheServer) {
    const auto id = make_plain_server();
    const auto path = "/objects/servers/" + id + "/metrics";
    EXPECT_TRUE(object(call("GET", path)).at("server_metrics").as_array().empty());
    switch_power(id, true);
    const auto items = object(call("GET", path)).at("server_metrics").as_array();
    ASSERT_EQ(items.size(), 1u);
    EXPECT_EQ(text(items.at(0).as_object().at("server_uuid")), id);
}

TEST_F(CloudTest, ListsArePagedWithRelativeLinks) {
    for (int i = 0; i < 3; ++i) make_server("js" + std::to_string(i));
    const auto all = object(call("GET", "/objects/servers"));
    EXPECT_FALSE(all.contains("_meta"));
    const auto page =
        object(call("GET", "/objects/servers?page=1&limit=2&sort=-name&fields=name,object_uuid"));
    ASSERT_EQ(page.at("servers").as_object().size(), 1u);
    const auto& [id, server] = *page.at("servers").as_object().begin();
    EXPECT_EQ(text(server.as_object().at("name")), "js0");
    EXPECT_EQ(text(server.as_object().at("object_uuid")), std::string(id));
    EXPECT_EQ(server.as_object().size(), 2u);
    EXPECT_EQ(page.at("_meta").as_object().at("total").as_int64(), 3);
    EXPECT_EQ(page.at("_meta").as_object().at("count").as_int64(), 1);
    const auto first = text(page.at("_links").as_object().at("first").as_object().at("href"));
    EXPECT_EQ(first.rfind("/objects/servers?page=0&limit=2", 0), 0u);
    EXPECT_EQ(call("GET", first).status, 200);
    EXPECT_FALSE(page.at("_links").as_object().contains("next"));
    EXPECT_EQ(get("/objects/servers?filter=name=js1,cores>=2", "servers").size(), 1u);
    EXPECT_EQ(get("/objects/servers?filter=labels=pool,memory>16", "servers").size(), 0u);
    EXPECT_EQ(call("GET", "/objects/servers?limit=x").status, 400);
}

}  // namespace
}  // namespace aula::cloud
