// SPDX-License-Identifier: Apache-2.0
#include "cloud/cloud.hpp"

#include <csignal>
#include <fstream>
#include <optional>

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/encoding.hpp"
#include "http/client.hpp"

namespace aula::cloud {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const std::string owner = "11111111-1111-4111-8111-111111111111";
const std::string stranger = "22222222-2222-4222-8222-222222222222";

/// A cloud whose machines are a shell script that leaves its process id and waits.
class CloudTest : public testing::Test {
protected:
    void SetUp() override {
        auto name = (fs::temp_directory_path() / "aula-cloud-test-XXXXXX").string();
        folder = mkdtemp(name.data());
        const auto script = folder / "machine";
        std::ofstream(script) << "#!/bin/sh\ncp \"$3\" " << (folder / "seen").string()
                              << "\necho $$ > " << (folder / "pid.new").string() << "\nmv "
                              << (folder / "pid.new").string() << ' ' << (folder / "pid").string()
                              << "\nexec sleep 600\n";
        chmod(script.c_str(), 0700);
        loop.after(60s, [this] { loop.stop(); });
        open();
    }
    void TearDown() override {
        cloud.reset();
        fs::remove_all(folder);
    }
    void open() {
        CloudOptions options;
        options.listen = *net::Address::of("127.0.0.1", 0);
        options.data_dir = folder / "data";
        options.users = {{owner, "secret"}, {stranger, "other"}};
        options.program = (folder / "machine").string();
        cloud = std::move(*Cloud::start(loop, options));
    }

    http::Response call(const std::string& method, const std::string& path,
                        const std::string& body = {}, const std::string& user = owner,
                        const std::string& token = "secret") {
        http::Call out;
        out.method = method;
        out.url = "http://" + cloud->address().text() + path;
        out.headers.set("X-Auth-UserId", user);
        out.headers.set("X-Auth-Token", token);
        if (!body.empty()) out.headers.set("content-type", "application/json");
        out.body = body;
        std::optional<http::Response> answer;
        client.start(out, [&](Expected<http::Response, Error> got) {
            if (got) answer = std::move(*got);
            loop.stop();
        });
        loop.run();
        EXPECT_TRUE(answer) << method << path;
        return answer.value_or(http::Response{});
    }
    json::object object(const http::Response& response) {
        return json::parse(response.body).as_object();
    }

    std::string create() {
        const auto made =
            call("POST", "/objects/servers",
                 R"({"name":"conf-07","cores":2,"memory":4,"labels":["pool"],"user_data":")" +
                     base64(bytes_of("{\"hub\":1}")) + "\"}");
        EXPECT_EQ(made.status, 202);
        return std::string(object(made).at("object_uuid").as_string());
    }
    std::string state_of(const std::string& request) {
        const auto answer = object(call("GET", "/requests/" + request));
        return std::string(answer.at(request).as_object().at("status").as_string());
    }
    void follow(const http::Response& changed) {
        ASSERT_NE(changed.headers.find("x-request-id"), nullptr);
        while (state_of(*changed.headers.find("x-request-id")) == "pending") {
        }
        EXPECT_EQ(state_of(*changed.headers.find("x-request-id")), "done");
    }
    bool power(const std::string& id) {
        return object(call("GET", "/objects/servers/" + id + "/power")).at("power").as_bool();
    }
    void switch_power(const std::string& id, bool on) {
        const auto changed = call("PATCH", "/objects/servers/" + id + "/power",
                                  on ? R"({"power":true})" : R"({"power":false})");
        EXPECT_EQ(changed.status, 204);
        follow(changed);
    }
    /// The script's process, once it says so.
    pid_t machine_pid() {
        while (!fs::exists(folder / "pid")) loop_turn();
        pid_t pid = 0;
        std::ifstream(folder / "pid") >> pid;
        fs::remove(folder / "pid");
        return pid;
    }
    void loop_turn() {
        loop.after(5ms, [this] { loop.stop(); });
        loop.run();
    }

    fs::path folder;
    net::Loop loop;
    http::Client client{loop};
    std::unique_ptr<Cloud> cloud;
};

TEST_F(CloudTest, ShowsAServerAsGridscaleDoes) {
    const auto id = create();
    const auto answer = call("GET", "/objects/servers/" + id);
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.headers.find("x-request-id"), nullptr);
    const auto server = object(answer).at("server").as_object();
    EXPECT_EQ(server.at("object_uuid").as_string(), id);
    EXPECT_EQ(server.at("cores").as_int64(), 2);
    EXPECT_EQ(server.at("power").as_bool(), false);
    const std::string created(server.at("create_time").as_string());
    EXPECT_EQ(created.size(), 20u);  // "2026-01-05T07:40:00Z": clients parse no other layout
    EXPECT_EQ(created.back(), 'Z');
    EXPECT_TRUE(object(call("GET", "/objects/servers")).at("servers").as_object().contains(id));
}

TEST_F(CloudTest, AServersMachineLivesWhileItsPowerIsOn) {
    const auto id = create();
    switch_power(id, true);
    EXPECT_TRUE(power(id));
    const auto pid = machine_pid();
    EXPECT_EQ(kill(pid, 0), 0);
    std::string seen;
    std::getline(std::ifstream(folder / "seen"), seen);
    EXPECT_EQ(seen, "{\"hub\":1}");
    switch_power(id, false);
    EXPECT_FALSE(power(id));
    EXPECT_NE(kill(pid, 0), 0);
}

TEST_F(CloudTest, RepeatingAPowerStateIsRefusedInGridscalesWords) {
    const auto id = create();
    const auto answer = call("PATCH", "/objects/servers/" + id + "/power", R"({"power":false})");
    EXPECT_EQ(answer.status, 400);
    EXPECT_NE(answer.body.find("already in the requested power state"), std::string::npos);
}

TEST_F(CloudTest, AKilledMachineLeavesItsServerOff) {
    const auto id = create();
    switch_power(id, true);
    kill(machine_pid(), SIGKILL);
    while (power(id)) {
    }
    switch_power(id, true);
    EXPECT_EQ(kill(machine_pid(), 0), 0);
}

TEST_F(CloudTest, ThePowerButtonStopsTheMachine) {
    const auto id = create();
    switch_power(id, true);
    machine_pid();
    const auto pressed =
        call("PATCH", "/objects/servers/" + id + "/shutdown");  // an empty body is fine
    EXPECT_EQ(pressed.status, 204);
    follow(pressed);
    while (power(id)) {
    }
}

TEST_F(CloudTest, NobodySeesAnothersServers) {
    const auto id = create();
    EXPECT_EQ(call("GET", "/objects/servers/" + id, {}, stranger, "other").status, 404);
    EXPECT_EQ(object(call("GET", "/objects/servers", {}, stranger, "other"))
                  .at("servers")
                  .as_object()
                  .size(),
              0u);
    EXPECT_EQ(call("GET", "/objects/servers", {}, owner, "other").status, 401);
    EXPECT_EQ(call("GET", "/objects/servers", {}, "nobody", "secret").status, 401);
}

TEST_F(CloudTest, RefusesWhatIsWrong) {
    const auto id = create();
    EXPECT_EQ(call("GET", "/objects/servers/x").status, 404);
    EXPECT_EQ(call("GET", "/requests/x").status, 404);
    EXPECT_EQ(call("GET", "/objects/elephants").status, 404);
    EXPECT_EQ(call("PUT", "/objects/servers").status, 405);
    EXPECT_EQ(call("POST", "/objects/servers", "not json").status, 400);
    EXPECT_EQ(call("POST", "/objects/servers", R"({"name":"a","cores":1})").status, 400);
    EXPECT_EQ(call("POST", "/objects/servers", R"({"name":"a","cores":1.5,"memory":1})").status,
              400);
    EXPECT_EQ(call("PATCH", "/objects/servers/" + id, R"({"user_data":"%%"})").status, 400);
    EXPECT_EQ(call("PATCH", "/objects/servers/" + id + "/power", R"({"power":"on"})").status, 400);
    const auto words = object(call("GET", "/objects/servers/x"));
    EXPECT_EQ(words.at("title").as_string(), "Not Found");
    EXPECT_EQ(words.at("description").as_string(), "Object x not found");
}

TEST_F(CloudTest, RemembersItsServersButTheyAreOffAfterARestart) {
    const auto id = create();
    follow(call("PATCH", "/objects/servers/" + id, R"({"name":"conf-08"})"));
    switch_power(id, true);
    const auto pid = machine_pid();
    cloud.reset();
    EXPECT_NE(kill(pid, 0), 0);
    open();
    const auto server = object(call("GET", "/objects/servers/" + id)).at("server").as_object();
    EXPECT_EQ(server.at("name").as_string(), "conf-08");
    EXPECT_FALSE(server.at("power").as_bool());
    struct stat info {};
    EXPECT_EQ(stat((folder / "data/cloud.json").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(CloudTest, StopsItsMachinesWhenItStops) {
    const auto id = create();
    switch_power(id, true);
    const auto pid = machine_pid();
    cloud->stop(10s, [this] { loop.stop(); });
    loop.run();
    EXPECT_NE(kill(pid, 0), 0);
}

TEST_F(CloudTest, DeletesOnlyWhatIsOff) {
    const auto id = create();
    switch_power(id, true);
    EXPECT_EQ(call("DELETE", "/objects/servers/" + id).status, 424);
    switch_power(id, false);
    EXPECT_EQ(call("DELETE", "/objects/servers/" + id).status, 204);
    EXPECT_EQ(call("GET", "/objects/servers/" + id).status, 404);
}

}  // namespace
}  // namespace aula::cloud
