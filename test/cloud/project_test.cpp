// SPDX-License-Identifier: Apache-2.0
#include "cloud/formats.hpp"
#include "cloud_fixture.hpp"

namespace aula::cloud {
namespace {

/// The cloud on a clock of its own, which stands (nearly) still at a time that the test sets.
class UsageTest : public CloudTest {
protected:
    void show(const std::string& time) {
        if (cloud) crash();
        const auto real = duration_cast<std::chrono::seconds>(WallClock::now().time_since_epoch());
        options.clock =
            *CityClock::parse(std::to_string(real.count()) + ',' +
                              std::to_string(WallClock::to_time_t(*parse_time(time))) + ",0.001");
        open();
    }
    boost::json::object minutes_of(const std::string& server) {
        return get("/objects/servers/" + server, "server");
    }
    static std::int64_t value(const boost::json::value& usage, std::int64_t product) {
        for (const auto& entry : usage.as_array()) {
            if (entry.at("product_number").as_int64() == product)
                return entry.at("value").as_int64();
        }
        return -1;
    }
};

TEST_F(UsageTest, MinutesGrowOnlyWhileAServerIsOn) {
    show("2026-01-05T07:00:00Z");
    const auto id = make_plain_server();  // 2 cores, 4 GB
    show("2026-01-05T07:10:00Z");
    switch_power(id, true);
    show("2026-01-05T08:10:30Z");
    EXPECT_EQ(minutes_of(id).at("usage_in_minutes_cores").as_int64(), 2 * 60);
    EXPECT_EQ(minutes_of(id).at("usage_in_minutes_memory").as_int64(), 4 * 60);
    switch_power(id, false);
    show("2026-01-05T10:00:00Z");
    EXPECT_EQ(minutes_of(id).at("usage_in_minutes_cores").as_int64(), 2 * 60);
    EXPECT_EQ(value(minutes_of(id).at("current_usage_per_minute"), 10'001), 0);
    switch_power(id, true);
    EXPECT_EQ(value(minutes_of(id).at("current_usage_per_minute"), 10'001), 2);
    show("2026-01-05T10:01:00Z");
    // 60 min 30 s and a minute: the half minute is not lost, it waits for its other half.
    EXPECT_EQ(minutes_of(id).at("usage_in_minutes_cores").as_int64(), 2 * 61);
    show("2026-01-05T10:01:31Z");
    EXPECT_EQ(minutes_of(id).at("usage_in_minutes_cores").as_int64(), 2 * 62);
}

TEST_F(UsageTest, StoragesAndAddressesCostAlways) {
    show("2026-01-05T07:00:00Z");
    const auto storage = make("/objects/storages", R"({"name":"d","capacity":10})");
    const auto ip = make("/objects/ips", R"({"family":4})");
    show("2026-01-05T08:00:00Z");
    const auto disk = get("/objects/storages/" + storage, "storage");
    EXPECT_EQ(disk.at("usage_in_minutes").as_int64(), 60);
    EXPECT_EQ(value(disk.at("accumulated_usage"), 10'003), 600);  // GB-minutes
    EXPECT_EQ(get("/objects/ips/" + ip, "ip").at("usage_in_minutes").as_int64(), 60);
}

TEST_F(UsageTest, TheProjectsUsageHasTheDeletedToo) {
    show("2026-01-05T07:00:00Z");
    const auto kept = make_plain_server(), gone = make_plain_server();
    switch_power(kept, true);
    switch_power(gone, true);
    show("2026-01-05T07:30:00Z");
    switch_power(gone, false);
    follow(call("DELETE", "/objects/servers/" + gone));
    show("2026-01-05T09:00:00Z");
    const std::string query = "?from_time=2026-01-05T07:00:00Z&to_time=2026-01-05T09:00:00Z";
    const auto whole = get("/projects/usage" + query, "products");
    EXPECT_EQ(whole.size(), 10u);
    const auto servers = whole.at("servers").as_object();
    EXPECT_EQ(value(servers.at("current_usage_per_minute"), 10'001), 2);
    const auto interval = servers.at("usage_per_interval").as_array().at(0).as_object();
    EXPECT_EQ(text(interval.at("interval_start")), "2026-01-05T07:00:00Z");
    EXPECT_EQ(value(interval.at("accumulated_usage"), 10'001), 2 * (120 + 30));
    const auto living = get("/projects/usage" + query + "&without_deleted=true", "products");
    EXPECT_EQ(value(living.at("servers")
                        .as_object()
                        .at("usage_per_interval")
                        .as_array()
                        .at(0)
                        .as_object()
                        .at("accumulated_usage"),
                    10'001),
              2 * 120);
    const auto each = object(call("GET", "/projects/usage/servers" + query)).at("servers");
    ASSERT_EQ(each.as_array().size(), 2u);
    for (const auto& server : each.as_array()) {
        const bool deleted = server.at("deleted").as_bool();
        EXPECT_EQ(
            value(server.at("usage_per_interval").as_array().at(0).at("accumulated_usage"), 10'001),
            deleted ? 60 : 240);
    }
    EXPECT_EQ(object(call("GET", "/contracts/usage/servers" + query, {}, stranger, "other"))
                  .at("servers")
                  .as_array()
                  .size(),
              0u);
}

TEST_F(UsageTest, IsCutIntoIntervals) {
    show("2026-01-05T07:00:00Z");
    switch_power(make_plain_server(), true);
    show("2026-01-05T09:30:00Z");
    const auto hours =
        get("/projects/usage?from_time=2026-01-05T07:00:00Z&interval_variable=H", "products")
            .at("servers")
            .as_object()
            .at("usage_per_interval")
            .as_array();
    ASSERT_EQ(hours.size(), 3u);
    EXPECT_EQ(value(hours.at(0).at("accumulated_usage"), 10'001), 120);
    EXPECT_EQ(value(hours.at(2).at("accumulated_usage"), 10'001), 60);
    EXPECT_EQ(get("/projects/usage?from_time=2025-10-31T00:00:00Z&interval_variable=M", "products")
                  .at("ip_addresses")
                  .as_object()
                  .at("usage_per_interval")
                  .as_array()
                  .at(1)
                  .at("interval_start")
                  .as_string(),
              "2025-11-30T00:00:00Z");
    EXPECT_EQ(call("GET", "/projects/usage").status, 400);
    EXPECT_EQ(call("GET", "/projects/usage?from_time=yesterday").status, 400);
    EXPECT_EQ(
        call("GET", "/projects/usage?from_time=2000-01-01T00:00:00Z&interval_variable=H").status,
        400);
    EXPECT_EQ(call("GET", "/projects/usage/elephants?from_time=2026-01-05T07:00:00Z").status, 404);
}

TEST_F(CloudTest, LabelsComeIntoBeingByUse) {
    EXPECT_EQ(get("/objects/labels", "labels").size(), 0u);
    const auto id = make_server();  // labelled "pool"
    const auto labels = get("/objects/labels", "labels");
    ASSERT_TRUE(labels.contains("pool"));
    const auto label = get("/objects/labels/pool", "label");
    EXPECT_EQ(text(label.at("relations").as_array().at(0).at("object_uuid")), id);
    EXPECT_EQ(call("GET", "/objects/labels/none").status, 404);
    // A label may hold anything.
    make("/objects/servers", R"({"name":"a","cores":1,"memory":1,"labels":["elastic-op:7/8"]})");
    EXPECT_TRUE(get("/objects/labels", "labels").contains("elastic-op:7/8"));
}

TEST_F(CloudTest, HasOneLocationAndItsObjects) {
    const auto server = make_server();
    const auto locations = get("/objects/locations", "locations");
    ASSERT_EQ(locations.size(), 1u);
    const std::string id(locations.begin()->key());
    EXPECT_EQ(text(get("/objects/locations/" + id, "location").at("object_uuid")), id);
    EXPECT_TRUE(get("/objects/locations/" + id + "/servers", "servers").contains(server));
    EXPECT_EQ(call("GET", "/objects/locations/x/servers").status, 404);
    EXPECT_EQ(text(get("/objects/servers/" + server, "server").at("location_uuid")), id);
}

TEST_F(CloudTest, WhatItDoesNotOfferIsEmptyAndCannotBeMade) {
    EXPECT_EQ(get("/objects/loadbalancers", "loadbalancers").size(), 0u);
    EXPECT_EQ(get("/objects/paas/services", "paas_services").size(), 0u);
    EXPECT_EQ(get("/objects/paas/service_templates", "paas_service_templates").size(), 0u);
    EXPECT_EQ(get("/objects/paas/security_zones", "paas_security_zones").size(), 0u);
    EXPECT_EQ(get("/objects/deleted/paas_services", "deleted_paas_services").size(), 0u);
    EXPECT_EQ(call("POST", "/objects/loadbalancers", R"({"name":"l"})").status, 403);
    EXPECT_EQ(call("POST", "/objects/paas/services", R"({"name":"p"})").status, 403);
    EXPECT_EQ(call("GET", "/objects/loadbalancers/x").status, 404);
}

TEST_F(CloudTest, ATokenIsValidated) {
    EXPECT_EQ(call("GET", "/validate_token").status, 200);
    EXPECT_EQ(call("GET", "/validate_token", {}, owner, "wrong").status, 401);
}

}  // namespace
}  // namespace aula::cloud
