// SPDX-License-Identifier: Apache-2.0
#include "cloud_fixture.hpp"

namespace aula::cloud {
namespace {

/// The calls of the public clients with their own headers, spellings and bodies
/// (gsclient-go with terraform and gscloud on it, gsclient-js, gridscale_api_client_python, fog).
class ClientsTest : public CloudTest {
protected:
    http::Response send(const std::string& method, const std::string& path, const std::string& body,
                        std::initializer_list<std::pair<const char*, const char*>> headers) {
        http::Call out;
        out.method = method;
        out.url = path;
        out.body = body;
        for (const auto& [name, value] : headers) out.headers.set(name, value);
        return try_call(out).value_or(http::Response{});
    }
    /// Go sends the content type on every verb.
    http::Response go(const std::string& method, const std::string& path,
                      const std::string& body = {}) {
        return send(method, path, body,
                    {{"User-Agent", "gsclient-go/3.14.1 (linux)"},
                     {"X-Auth-Userid", owner.c_str()},
                     {"X-Auth-Token", "secret"},
                     {"Content-Type", "application/json"}});
    }
    /// JavaScript sends one only with a body.
    http::Response js(const std::string& method, const std::string& path,
                      const std::string& body = {}) {
        if (body.empty()) {
            return send(method, path, body,
                        {{"X-Auth-UserId", owner.c_str()},
                         {"X-Auth-Token", "secret"},
                         {"X-Api-Client", "gsclient-js"}});
        }
        return send(method, path, body,
                    {{"X-Auth-UserId", owner.c_str()},
                     {"X-Auth-Token", "secret"},
                     {"X-Api-Client", "gsclient-js"},
                     {"Content-Type", "application/json"}});
    }
    http::Response python(const std::string& method, const std::string& path,
                          const std::string& body = {}) {
        return send(method, path, body,
                    {{"User-Agent", "Swagger-Codegen/1.0.0/python"},
                     {"Accept", "application/json"},
                     {"X-Auth-UserId", owner.c_str()},
                     {"X-Auth-Token", "secret"},
                     {"Content-Type", "application/json"}});
    }

    /// As the synchronous Go client: every call but GET has an id that can be followed.
    void go_sync(const std::string& method, const std::string& path, int status,
                 const std::string& body = {}) {
        const auto answer = go(method, path, body);
        EXPECT_EQ(answer.status, status) << method << path << answer.body;
        const auto* id = answer.headers.find("x-request-id");
        ASSERT_NE(id, nullptr);
        ASSERT_EQ(id->size(), 36u);
        std::string state;
        do {
            const auto request = object(go("GET", "/requests/" + *id)).at(*id).as_object();
            state = text(request.at("status"));
            EXPECT_TRUE(state == "pending" || state == "done") << state;
            EXPECT_FALSE(text(request.at("message")).empty());
            EXPECT_EQ(text(request.at("create_time")).size(), 20u);
        } while (state == "pending");
    }
};

TEST_F(ClientsTest, GoMakesAServerWithAllThatBelongsToIt) {
    const auto id_of = [&](const http::Response& made) {
        EXPECT_EQ(made.status, 202) << made.body;
        EXPECT_EQ(text(object(made).at("request_uuid")), *made.headers.find("x-request-id"));
        return text(object(made).at("object_uuid"));
    };
    const auto location = std::string("45ed677b-3702-4b36-be2a-a2eab9827950");
    const auto key =
        id_of(go("POST", "/objects/sshkeys", R"({"name":"k","sshkey":"ssh-ed25519 AAAA a@b"})"));
    const auto templates = object(go("GET", "/objects/templates")).at("templates").as_object();
    const auto& preset = templates.begin()->value().as_object();
    EXPECT_FALSE(preset.at("private").as_bool());
    EXPECT_TRUE(preset.at("capacity").is_int64());
    const auto storage =
        id_of(go("POST", "/objects/storages",
                 R"({"capacity":10,"location_uuid":")" + location +
                     R"(","name":"s","storage_type":"storage_insane","template":{"sshkeys":[")" +
                     key + R"("],"template_uuid":")" + std::string(templates.begin()->key()) +
                     R"(","hostname":"h"},"labels":["l"]})"));
    const auto ip = id_of(go("POST", "/objects/ips",
                             R"({"family":4,"location_uuid":")" + location + R"(","name":"i"})"));
    const auto server =
        id_of(go("POST", "/objects/servers",
                 R"({"name":"go","memory":2,"cores":1,"location_uuid":")" + location +
                     R"(","hardware_profile":"default","labels":null,)"
                     R"("auto_recovery":false})"));
    const auto path = "/objects/servers/" + server;
    go_sync("POST", path + "/storages", 202,
            R"({"object_uuid":")" + storage + R"(","bootdevice":true})");
    go_sync("POST", path + "/ips", 202, R"({"object_uuid":")" + ip + "\"}");
    std::string net;
    const auto networks = object(go("GET", "/objects/networks"));
    for (const auto& [id, network] : networks.at("networks").as_object()) {
        if (network.as_object().at("public_net").as_bool()) net = id;
    }
    go_sync("POST", path + "/networks", 202,
            R"({"object_uuid":")" + net +
                R"(","ordering":1,"bootdevice":false,"l3security":null,"firewall":)"
                R"({"rules-v4-in":[{"protocol":"tcp","dst_port":"22","order":1,)"
                R"("action":"accept","dst_cidr":"","src_cidr":"","src_port":"","comment":""}]}})");
    go_sync("PATCH", path + "/power", 204, R"({"power":true})");
    const auto shown = object(go("GET", path)).at("server").as_object();
    EXPECT_TRUE(shown.at("power").as_bool());
    for (const auto* whole : {"cores", "memory", "usage_in_minutes_cores"})
        EXPECT_TRUE(shown.at(whole).is_int64()) << whole;
    EXPECT_FALSE(shown.at("auto_recovery").as_bool());
    go_sync("PATCH", path + "/shutdown", 204, "{}");
    EXPECT_FALSE(object(go("GET", path + "/power")).at("power").as_bool());
    // terraform takes everything apart again, in its order.
    go_sync("DELETE", path + "/storages/" + storage, 202);
    go_sync("DELETE", path + "/ips/" + ip, 202);
    go_sync("DELETE", path, 204);
    go_sync("DELETE", "/objects/storages/" + storage, 204);
    go_sync("DELETE", "/objects/ips/" + ip, 204);
    go_sync("DELETE", "/objects/sshkeys/" + key, 204);
    EXPECT_EQ(go("GET", path).status, 404);
}

TEST_F(ClientsTest, GoWithoutATokenOmitsTheHeader) {
    EXPECT_EQ(send("GET", "/objects/servers", {}, {{"X-Auth-Userid", owner.c_str()}}).status, 401);
    EXPECT_EQ(send("GET", "/objects/servers", {}, {}).status, 401);
}

TEST_F(ClientsTest, TerraformFindsItsWordsInTheRefusal) {
    const auto id = make_plain_server();
    const auto refused = go("PATCH", "/objects/servers/" + id + "/power", R"({"power":false})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_NE(refused.body.find("already in the requested power state"), std::string::npos);
    const auto gone = go("DELETE", "/objects/servers/" + id + "/ips/" + id);
    EXPECT_EQ(gone.status, 404);
}

TEST_F(ClientsTest, JavaScriptPagesThroughServers) {
    for (int i = 0; i < 3; ++i) {
        const auto made = js("POST", "/objects/servers",
                             R"({"name":"js)" + std::to_string(i) + R"(","cores":1,"memory":32})");
        EXPECT_EQ(made.status, 202);
        EXPECT_NE(made.headers.find("x-request-id"), nullptr);
    }
    // Neither < nor > nor the plus sign are escaped.
    auto page = object(js("GET",
                          "/objects/servers?page=0&limit=2&sort=-name,+object_uuid"
                          "&fields=name,object_uuid&filter=memory>16,name<>js9"));
    EXPECT_EQ(page.at("servers").as_object().size(), 2u);
    const auto next = text(page.at("_links").at("next").at("href"));
    // The client puts its own base before anything that does not begin with https://
    EXPECT_EQ(next.substr(0, 17), "/objects/servers?");
    page = object(js("GET", next));
    EXPECT_EQ(page.at("servers").as_object().size(), 1u);
    EXPECT_EQ(page.at("_meta").at("total").as_int64(), 3);
    EXPECT_EQ(js("GET", "/validate_token").status, 200);
}

TEST_F(ClientsTest, JavaScriptClonesWithoutABodyAndNamesCapacityAText) {
    const auto made = js("POST", "/objects/storages", R"({"name":"s","capacity":10})");
    const auto path = "/objects/storages/" + text(object(made).at("object_uuid"));
    EXPECT_EQ(js("POST", path + "/clone").status, 202);
    EXPECT_EQ(js("PATCH", path, R"({"capacity":"20"})").status, 204);
    EXPECT_EQ(js("DELETE", path).status, 204);
}

TEST_F(ClientsTest, PythonGetsWhatItsModelsDemand) {
    const auto made = python("POST", "/objects/servers",
                             R"({"name":"py","cores":1,"memory":1,"labels":[],)"
                             R"("relations":{"storages":[],"networks":[],"public_ips":[],)"
                             R"("isoimages":[]}})");
    EXPECT_EQ(made.status, 202);
    const auto answer = object(made);
    for (const auto* list : {"network_uuids", "storage_uuids", "ipaddr_uuids"})
        EXPECT_TRUE(answer.at(list).as_array().empty());
    const auto request = text(answer.at("request_uuid"));
    const auto state = object(python("GET", "/requests/" + request)).at(request).as_object();
    for (const auto* needed : {"status", "message", "create_time"})
        EXPECT_TRUE(state.at(needed).is_string()) << needed;
    const auto path = "/objects/servers/" + text(answer.at("object_uuid"));
    EXPECT_EQ(python("PATCH", path + "/power", R"({"power":true})").status, 204);
    EXPECT_EQ(python("PATCH", path + "/power", R"({"power":false})").status, 204);
    EXPECT_EQ(python("DELETE", path).status, 204);
    EXPECT_EQ(python("POST", "/objects/ips", R"({"family":"6"})").status, 202);
}

TEST_F(ClientsTest, TheDeprecatedRelationsOfANewServerAreLinked) {
    const auto storage = make("/objects/storages", R"({"name":"s","capacity":10})");
    const auto made =
        python("POST", "/objects/servers",
               R"({"name":"old","cores":1,"memory":1,"location_uuid":"x","relations":{"storages":[)"
               R"({"storage_uuid":")" +
                   storage + R"(","bootdevice":true}]}})");
    EXPECT_EQ(made.status, 202) << made.body;
    EXPECT_EQ(text(object(made).at("storage_uuids").as_array().at(0)), storage);
    const auto server = get("/objects/servers/" + text(object(made).at("object_uuid")), "server");
    EXPECT_TRUE(server.at("relations").at("storages").as_array().at(0).at("bootdevice").as_bool());
    EXPECT_EQ(python("POST", "/objects/servers",
                     R"({"name":"old","cores":1,"memory":1,"relations":{"networks":[)"
                     R"({"network_uuid":"none"}]}})")
                  .status,
              404);
}

TEST_F(ClientsTest, FogShutsDownWithoutABody) {
    const auto id = make_plain_server();
    switch_power(id, true);
    EXPECT_EQ(send("PATCH", "/objects/servers/" + id + "/shutdown", {},
                   {{"X-Auth-UserId", owner.c_str()},
                    {"X-Auth-Token", "secret"},
                    {"Content-Type", "application/json"}})
                  .status,
              204);
}

}  // namespace
}  // namespace aula::cloud
