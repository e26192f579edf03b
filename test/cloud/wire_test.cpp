// SPDX-License-Identifier: Apache-2.0
#include "cloud_fixture.hpp"

namespace aula::cloud {
namespace {

/// What a client meets before it comes to an object: headers, types, sizes, paths.
class WireTest : public CloudTest {
protected:
    int status_with_type(const std::string& type) {
        auto out = as_user("POST", "/objects/networks", R"({"name":"n"})");
        out.headers.set("content-type", type);
        return try_call(out).value_or(http::Response{}).status;
    }
    const std::string location = "45ed677b-3702-4b36-be2a-a2eab9827950";
};

TEST_F(WireTest, AContentTypeIsComparedAsOne) {
    for (const auto* type : {"application/json", "Application/JSON",
                             "application/json; charset=utf-8", "application/json;charset=UTF-8"})
        EXPECT_EQ(status_with_type(type), 202) << type;
    for (const auto* type : {"application/jsonp", "text/json", "application", ""})
        EXPECT_EQ(status_with_type(type), 415) << type;
}

TEST_F(WireTest, ABodyThatIsTooLongIsRefusedInTheApisForm) {
    const auto answer = call("POST", "/objects/networks", std::string(2 << 20, ' '));
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(text(object(answer).at("title")), "Payload Too Large");
    EXPECT_NE(answer.headers.find("x-request-id"), nullptr);
}

TEST_F(WireTest, AWrongMethodIsToldTheRightOnes) {
    const auto answer = call("PUT", "/objects/servers");
    EXPECT_EQ(answer.status, 405);
    ASSERT_NE(answer.headers.find("allow"), nullptr);
    EXPECT_EQ(*answer.headers.find("allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(call("GET", "/objects/servers").headers.find("allow"), nullptr);
}

TEST_F(WireTest, AHeadIsAGetWithoutItsBody) {
    const auto answer = call("HEAD", "/objects/networks");
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.empty());
    EXPECT_NE(answer.headers.find("content-length"), nullptr);
    EXPECT_EQ(call("HEAD", "/objects/networks/x").status, 404);
    EXPECT_EQ(call("HEAD", "/objects/networks", {}, owner, "wrong").status, 401);
}

TEST_F(WireTest, A401SaysWhyWhereverAClientLooks) {
    const auto answer = object(call("GET", "/objects/servers", {}, owner, "wrong"));
    EXPECT_EQ(answer.at("description"), answer.at("message"));
    EXPECT_EQ(text(answer.at("title")), "Unauthorized");
}

TEST_F(WireTest, TheIdentityIsTheApisAndNotTheUsers) {
    const auto answer = call("GET", "/objects/servers");
    ASSERT_NE(answer.headers.find("x-api-identity"), nullptr);
    EXPECT_EQ(answer.headers.find("x-api-identity")->find(owner), std::string::npos);
}

TEST_F(WireTest, PathsMayEndInASlash) {
    EXPECT_EQ(call("GET", "/objects/servers/").status, 200);
    EXPECT_TRUE(object(call("GET", "/objects/loadbalancers/")).contains("loadbalancers"));
    EXPECT_EQ(call("POST", "/objects/networks/", R"({"name":"n"})").status, 202);
}

TEST_F(WireTest, ProductsThatAreNotHereHaveEmptyListsOfTheirShape) {
    const auto list = [&](const std::string& path, const std::string& key) {
        const auto answer = object(call("GET", path));
        EXPECT_TRUE(answer.contains(key)) << path;
        return answer.contains(key) ? answer.at(key) : boost::json::value();
    };
    EXPECT_TRUE(list("/objects/marketplace/applications", "applications").is_object());
    EXPECT_TRUE(list("/objects/objectstorages/access_keys", "access_keys").is_array());
    EXPECT_TRUE(list("/objects/objectstorages/buckets", "buckets").is_array());
    EXPECT_TRUE(list("/objects/paas/services", "paas_services").is_object());
    EXPECT_TRUE(list("/objects/certificates", "certificates").is_object());
    EXPECT_EQ(text(list("/objects/backup_locations", "backup_locations").at(location).at("name")),
              "local/one");
    EXPECT_EQ(call("POST", "/objects/marketplace/applications", "{}").status, 403);
    EXPECT_EQ(call("GET", "/objects/marketplace/applications/" + owner).status, 404);
}

TEST_F(WireTest, ALocationHasSnapshotsToo) {
    const auto storage = make("/objects/storages", R"({"name":"s","capacity":10})");
    const auto id = make("/objects/storages/" + storage + "/snapshots", R"({"name":"shot"})");
    EXPECT_TRUE(get("/objects/locations/" + location + "/snapshots", "snapshots").contains(id));
    EXPECT_EQ(call("GET", "/objects/locations/" + owner + "/snapshots").status, 404);
}

TEST_F(WireTest, BackupsAreScheduledButNeverThere) {
    const auto path =
        "/objects/storages/" + make("/objects/storages", R"({"name":"s","capacity":10})");
    const auto id = make(path + "/backup_schedules",
                         R"({"name":"b","run_interval":60,"keep_backups":1,"active":true,)"
                         R"("next_runtime":"2030-01-01T00:00:00Z"})");
    const auto schedule = get(path + "/backup_schedules/" + id, "schedule_storage_backup");
    EXPECT_EQ(text(schedule.at("backup_location_uuid")), location);
    EXPECT_EQ(text(schedule.at("backup_location_name")), "local/one");
    EXPECT_TRUE(schedule.at("relations").at("storages_backups").as_array().empty());
    const auto missing = call("DELETE", path + "/backups/" + owner);
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(text(object(missing).at("description")), "Object " + owner + " not found");
    EXPECT_EQ(call("PATCH", path + "/backups/" + owner, R"({"rollback":true})").status, 404);
}

TEST_F(WireTest, AStoragesTemplateIsChecked) {
    const auto create = [&](const std::string& given) {
        return call("POST", "/objects/storages",
                    R"({"name":"s","capacity":10,"template":)" + given + '}')
            .status;
    };
    const std::string preset = R"({"template_uuid":"1b5e2a1c-90d7-4a2b-8f3e-6d8c0b7a1f02",)";
    EXPECT_EQ(create("null"), 202);
    EXPECT_EQ(create("[]"), 400);
    EXPECT_EQ(create(preset + R"("password":"x","password_type":"plain"})"), 202);
    EXPECT_EQ(create(preset + R"("password":"x","password_type":"rot13"})"), 400);
    EXPECT_EQ(create(preset + R"("sshkeys":"all"})"), 400);
    EXPECT_EQ(create(preset + R"("sshkeys":null,"password":"x"})"), 202);
}

TEST_F(WireTest, TimesAreShownInOneLayoutHoweverTheyWereWritten) {
    const auto path =
        "/objects/storages/" + make("/objects/storages", R"({"name":"s","capacity":10})");
    const auto id =
        make(path + "/snapshot_schedules", R"({"name":"b","run_interval":60,"keep_snapshots":1,)"
                                           R"("next_runtime":"2030-01-01T02:00:00.5+02:00"})");
    EXPECT_EQ(text(get(path + "/snapshot_schedules/" + id, "snapshot_schedule").at("next_runtime")),
              "2030-01-01T00:00:00Z");
    EXPECT_EQ(call("GET", "/projects/usage?from_time=2026-01-05T07%3A40%3A00").status, 200);
}

TEST_F(WireTest, AShutdownsBodyIsNothingOrAnObject) {
    const auto path = "/objects/servers/" + make_plain_server() + "/shutdown";
    EXPECT_EQ(call("PATCH", path).status, 204);
    EXPECT_EQ(call("PATCH", path, "{}").status, 204);
    EXPECT_EQ(call("PATCH", path, "{").status, 400);
}

}  // namespace
}  // namespace aula::cloud
