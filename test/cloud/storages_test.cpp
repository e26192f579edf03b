// SPDX-License-Identifier: Apache-2.0
#include "cloud_fixture.hpp"

namespace aula::cloud {
namespace {

class StorageTest : public CloudTest {
protected:
    std::string public_template() {
        for (const auto& [id, entry] : get("/objects/templates", "templates")) {
            if (!entry.as_object().at("private").as_bool()) return std::string(id);
        }
        return {};
    }
    std::string make_storage() {
        return make("/objects/storages", R"({"name":"disk","capacity":10})");
    }
};

TEST_F(StorageTest, IsMadeFromAPublicTemplateWithAKeyOrAPassword) {
    const auto with = [&](const std::string& more) {
        return R"({"name":"disk","capacity":20,"storage_type":"storage_high","template":)"
               R"({"template_uuid":")" +
               public_template() + "\"" + more + "}}";
    };
    EXPECT_EQ(call("POST", "/objects/storages", with("")).status, 400);
    EXPECT_EQ(call("POST", "/objects/storages", with(R"(,"sshkeys":["x"])")).status, 404);
    const auto key =
        make("/objects/sshkeys", R"({"name":"k","sshkey":"ssh-ed25519 AAAA me@home"})");
    const auto id = make("/objects/storages", with(R"(,"sshkeys":[")" + key + R"("])"));
    const auto storage = get("/objects/storages/" + id, "storage");
    EXPECT_EQ(text(storage.at("last_used_template")), public_template());
    EXPECT_EQ(storage.at("capacity").as_int64(), 20);
    EXPECT_EQ(text(storage.at("storage_type")), "storage_high");
    make("/objects/storages",
         with(R"(,"hostname":"h","password":"secret","password_type":"plain")"));
}

TEST_F(StorageTest, TheGoldenImagePathLeadsFromAStorageToManyStorages) {
    const auto storage = make_storage();
    const auto snapshots = "/objects/storages/" + storage + "/snapshots";
    const auto snapshot = make(snapshots, R"({"name":"golden"})");
    EXPECT_EQ(get(snapshots + "/" + snapshot, "snapshot").at("capacity").as_int64(), 10);
    EXPECT_TRUE(get(snapshots, "snapshots").contains(snapshot));
    const auto shown = get("/objects/storages/" + storage, "storage");
    EXPECT_EQ(text(shown.at("snapshots").as_array().at(0).as_object().at("object_uuid")), snapshot);
    const auto made =
        make("/objects/templates", R"({"name":"node","snapshot_uuid":")" + snapshot + "\"}");
    EXPECT_TRUE(get("/objects/templates/" + made, "template").at("private").as_bool());
    const auto from = [&](const std::string& more) {
        return R"({"name":"d","capacity":10,"template":{"template_uuid":")" + made + "\"" + more +
               "}}";
    };
    EXPECT_EQ(call("POST", "/objects/storages", from(R"(,"password":"x")")).status, 400);
    const auto copy = make("/objects/storages", from(""));
    EXPECT_EQ(text(get("/objects/storages/" + copy, "storage").at("last_used_template")), made);
}

TEST_F(StorageTest, IsClonedWithoutABody) {
    const auto storage = make_storage();
    const auto clone = make("/objects/storages/" + storage + "/clone", {});
    EXPECT_EQ(text(get("/objects/storages/" + clone, "storage").at("parent_uuid")), storage);
}

TEST_F(StorageTest, GrowsWithAnyKindOfNumberButNeverShrinks) {
    const auto path = "/objects/storages/" + make_storage();
    follow(call("PATCH", path, R"({"capacity":20})"));
    follow(call("PATCH", path, R"({"capacity":"30"})"));  // newer clients' type says so
    EXPECT_EQ(get(path, "storage").at("capacity").as_int64(), 30);
    EXPECT_EQ(call("PATCH", path, R"({"capacity":10})").status, 400);
    EXPECT_EQ(call("PATCH", path, R"({"capacity":5000})").status, 400);
}

TEST_F(StorageTest, RollsBackAndKeepsSchedules) {
    const auto path = "/objects/storages/" + make_storage();
    const auto snapshot = make(path + "/snapshots", R"({"name":"before"})");
    const auto back =
        call("PATCH", path + "/snapshots/" + snapshot + "/rollback", R"({"rollback":true})");
    EXPECT_EQ(back.status, 204);
    follow(back);
    const auto schedule = make(path + "/snapshot_schedules",
                               R"({"name":"daily","run_interval":1440,"keep_snapshots":7})");
    EXPECT_TRUE(get(path + "/snapshot_schedules", "snapshot_schedules").contains(schedule));
    const auto shown = get(path + "/snapshot_schedules/" + schedule, "snapshot_schedule");
    EXPECT_EQ(text(shown.at("next_runtime")).size(), 20u);
    EXPECT_EQ(call("POST", path + "/snapshot_schedules",
                   R"({"name":"often","run_interval":5,"keep_snapshots":7})")
                  .status,
              400);
    const auto dropped = call("DELETE", path + "/snapshots/" + snapshot);
    EXPECT_EQ(dropped.status, 204);
    follow(dropped);
    EXPECT_EQ(call("GET", path + "/snapshots/" + snapshot).status, 404);
    EXPECT_TRUE(get("/objects/deleted/snapshots", "deleted_snapshots").contains(snapshot));
}

TEST_F(StorageTest, ASnapshotIsFoundOnlyBelowItsOwnStorage) {
    const auto snapshot =
        make("/objects/storages/" + make_storage() + "/snapshots", R"({"name":"s"})");
    EXPECT_EQ(call("GET", "/objects/storages/" + make_storage() + "/snapshots/" + snapshot).status,
              404);
}

TEST_F(StorageTest, IsLinkedToOneServerAndDeletedOnlyWhenFree) {
    const auto server = make_plain_server(), other = make_plain_server(), storage = make_storage();
    const auto links = "/objects/servers/" + server + "/storages";
    const auto body = R"({"object_uuid":")" + storage + R"(","bootdevice":true})";
    const auto linked = call("POST", links, body);
    EXPECT_EQ(linked.status, 202);
    follow(linked);
    EXPECT_EQ(call("POST", links, body).status, 409);
    EXPECT_EQ(call("POST", "/objects/servers/" + other + "/storages", body).status, 409);
    const auto list = object(call("GET", links)).at("storage_relations").as_array();
    ASSERT_EQ(list.size(), 1u);
    EXPECT_TRUE(list.at(0).as_object().at("bootdevice").as_bool());
    EXPECT_EQ(text(get(links + "/" + storage, "storage_relation").at("object_uuid")), storage);
    const auto shown = get("/objects/servers/" + server, "server");
    EXPECT_EQ(shown.at("relations").as_object().at("storages").as_array().size(), 1u);
    EXPECT_EQ(text(get("/objects/storages/" + storage, "storage")
                       .at("relations")
                       .as_object()
                       .at("servers")
                       .as_array()
                       .at(0)
                       .as_object()
                       .at("object_uuid")),
              server);
    EXPECT_EQ(call("DELETE", "/objects/storages/" + storage).status, 424);
    follow(call("PATCH", links + "/" + storage, R"({"bootdevice":false})"));
    EXPECT_FALSE(get(links + "/" + storage, "storage_relation").at("bootdevice").as_bool());
    const auto unlinked = call("DELETE", links + "/" + storage);
    EXPECT_EQ(unlinked.status, 202);
    follow(unlinked);
    EXPECT_EQ(call("DELETE", links + "/" + storage).status, 404);
    EXPECT_EQ(call("DELETE", "/objects/storages/" + storage).status, 204);
}

TEST_F(StorageTest, TakesItsSnapshotsWithIt) {
    const auto path = "/objects/storages/" + make_storage();
    const auto snapshot = make(path + "/snapshots", R"({"name":"s"})");
    follow(call("DELETE", path));
    EXPECT_TRUE(get("/objects/deleted/snapshots", "deleted_snapshots").contains(snapshot));
}

TEST_F(StorageTest, OutlivesItsServer) {
    const auto server = make_plain_server(), storage = make_storage();
    follow(call("POST", "/objects/servers/" + server + "/storages",
                R"({"object_uuid":")" + storage + "\"}"));
    follow(call("DELETE", "/objects/servers/" + server));
    const auto shown = get("/objects/storages/" + storage, "storage");
    EXPECT_TRUE(shown.at("relations").as_object().at("servers").as_array().empty());
}

}  // namespace
}  // namespace aula::cloud
