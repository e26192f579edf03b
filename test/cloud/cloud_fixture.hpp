// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/encoding.hpp"
#include "cloud/cloud.hpp"
#include "http/client.hpp"

namespace aula::cloud {

inline const std::string owner = "11111111-1111-4111-8111-111111111111";
inline const std::string stranger = "22222222-2222-4222-8222-222222222222";

/// A cloud whose machines are a shell script that leaves its process id and waits.
class CloudTest : public testing::Test {
protected:
    void SetUp() override {
        auto name = (std::filesystem::temp_directory_path() / "aula-cloud-test-XXXXXX").string();
        folder = mkdtemp(name.data());
        const auto script = folder / "machine";
        std::ofstream(script) << "#!/bin/sh\ncp \"$3\" " << (folder / "seen").string()
                              << "\necho $$ > " << (folder / "pid.new").string() << "\necho $$ >> "
                              << (folder / "all").string() << "\nmv "
                              << (folder / "pid.new").string() << ' ' << (folder / "pid").string()
                              << "\nexec sleep 600\n";
        chmod(script.c_str(), 0700);
        loop.after(60s, [this] { loop.stop(); });
        options.listen = *net::Address::of("127.0.0.1", 0);
        options.data_dir = folder / "data";
        options.users = {{owner, "secret"}, {stranger, "other"}};
        options.admin_token = "chief";
        options.program = script.string();
        options.rate_limit = 0;
        open();
    }
    void TearDown() override {
        if (cloud) stop();
        std::filesystem::remove_all(folder);
    }
    void open() {
        auto started = Cloud::start(loop, options);
        ASSERT_TRUE(started) << started.error().text;
        cloud = std::move(*started);
    }
    /// As SIGTERM.
    void stop() {
        cloud->stop(10s, [this] { loop.stop(); });
        loop.run();
        cloud.reset();
    }
    /// As kill -9: nothing more is written, the machines are not told.
    void crash() { cloud.reset(); }

    /// Whatever the answer; nullopt when there was none.
    std::optional<http::Response> try_call(http::Call out) {
        out.url = "http://" + cloud->address().text() + out.url;
        std::optional<http::Response> answer;
        client.start(out, [&](Expected<http::Response, Error> got) {
            if (got) answer = std::move(*got);
            loop.stop();
        });
        loop.run();
        return answer;
    }
    http::Response call(const std::string& method, const std::string& path,
                        const std::string& body = {}, const std::string& user = owner,
                        const std::string& token = "secret") {
        const auto answer = try_call(as_user(method, path, body, user, token));
        EXPECT_TRUE(answer) << method << path;
        return answer.value_or(http::Response{});
    }
    static http::Call as_user(const std::string& method, const std::string& path,
                              const std::string& body = {}, const std::string& user = owner,
                              const std::string& token = "secret") {
        http::Call out;
        out.method = method;
        out.url = path;
        out.headers.set("X-Auth-UserId", user);
        out.headers.set("X-Auth-Token", token);
        if (!body.empty()) out.headers.set("content-type", "application/json");
        out.body = body;
        return out;
    }
    http::Response admin(const std::string& method, const std::string& path,
                         const std::string& body = {}) {
        http::Call out;
        out.method = method;
        out.url = path;
        out.headers.set("Authorization", "Bearer chief");
        out.headers.set("content-type", "application/json");
        out.body = body;
        return try_call(out).value_or(http::Response{});
    }
    void order(const std::string& fault) {
        EXPECT_EQ(admin("POST", "/aula/faults", fault).status, 201) << fault;
    }

    static boost::json::object object(const http::Response& response) {
        return boost::json::parse(response.body).as_object();
    }
    /// The member of a GET's answer: get("/objects/servers/..", "server").
    boost::json::object get(const std::string& path, const std::string& member) {
        const auto answer = call("GET", path);
        EXPECT_EQ(answer.status, 200) << path << answer.body;
        return object(answer).at(member).as_object();
    }
    static std::string text(const boost::json::value& value) {
        return std::string(value.as_string());
    }

    /// Makes an object and waits for it; its id.
    std::string make(const std::string& path, const std::string& body) {
        const auto made = call("POST", path, body);
        EXPECT_EQ(made.status, 202) << made.body;
        if (made.status != 202) return {};
        follow(made);
        return text(object(made).at("object_uuid"));
    }
    static std::string server_body(const std::string& name = "conf-07") {
        return R"({"name":")" + name + R"(","cores":2,"memory":4,"labels":["pool"],"user_data":")" +
               base64(bytes_of("{\"hub\":1}")) + "\"}";
    }
    std::string make_server(const std::string& name = "conf-07") {
        return make("/objects/servers", server_body(name));
    }
    /// One that no process belongs to.
    std::string make_plain_server() {
        return make("/objects/servers", R"({"name":"plain","cores":2,"memory":4})");
    }
    std::string state_of(const std::string& request) {
        const auto answer = object(call("GET", "/requests/" + request));
        return text(answer.at(request).as_object().at("status"));
    }
    /// Waits until the request of a change is no longer pending.
    std::string outcome(const http::Response& changed) {
        const auto* id = changed.headers.find("x-request-id");
        if (!id) return "no request id";
        auto state = state_of(*id);
        while (state == "pending") state = state_of(*id);
        return state;
    }
    void follow(const http::Response& changed) { EXPECT_EQ(outcome(changed), "done"); }

    bool power(const std::string& id) {
        return object(call("GET", "/objects/servers/" + id + "/power")).at("power").as_bool();
    }
    http::Response ask_power(const std::string& id, bool on) {
        return call("PATCH", "/objects/servers/" + id + "/power",
                    on ? R"({"power":true})" : R"({"power":false})");
    }
    void switch_power(const std::string& id, bool on) {
        const auto changed = ask_power(id, on);
        EXPECT_EQ(changed.status, 204);
        follow(changed);
    }
    void wait_until_off(const std::string& id) {
        while (power(id)) {
        }
    }
    /// The script's process, once it says so.
    pid_t machine_pid() {
        while (!std::filesystem::exists(folder / "pid")) loop_turn();
        pid_t pid = 0;
        std::ifstream(folder / "pid") >> pid;
        std::filesystem::remove(folder / "pid");
        return pid;
    }
    std::size_t machines_ever() const {
        std::ifstream in(folder / "all");
        std::size_t count = 0;
        for (std::string line; std::getline(in, line);) ++count;
        return count;
    }
    static bool runs(pid_t pid) {
        std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
        std::string stat;
        std::getline(in, stat);
        return !stat.empty() && stat.find(") Z ") == std::string::npos;
    }
    void loop_turn() {
        loop.after(5ms, [this] { loop.stop(); });
        loop.run();
    }

    std::filesystem::path folder;
    net::Loop loop;
    http::Client client{loop};
    CloudOptions options;
    std::unique_ptr<Cloud> cloud;
};

}  // namespace aula::cloud
