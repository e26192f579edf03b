// SPDX-License-Identifier: Apache-2.0
#include "cloud_fixture.hpp"

namespace aula::cloud {
namespace {

TEST_F(CloudTest, AServersMachineLivesWhileItsPowerIsOn) {
    const auto id = make_server();
    switch_power(id, true);
    EXPECT_TRUE(power(id));
    const auto pid = machine_pid();
    EXPECT_TRUE(runs(pid));
    std::string seen;
    std::getline(std::ifstream(folder / "seen"), seen);
    EXPECT_EQ(seen, "{\"hub\":1}");
    switch_power(id, false);
    EXPECT_FALSE(power(id));
    EXPECT_FALSE(runs(pid));
}

TEST_F(CloudTest, RepeatingAPowerStateIsRefusedInGridscalesWords) {
    const auto answer = ask_power(make_server(), false);
    EXPECT_EQ(answer.status, 400);
    EXPECT_NE(text(object(answer).at("description")).find("already in the requested power state"),
              std::string::npos);
}

TEST_F(CloudTest, AKilledMachineLeavesItsServerOff) {
    const auto id = make_server();
    switch_power(id, true);
    kill(machine_pid(), SIGKILL);
    wait_until_off(id);
    switch_power(id, true);
    EXPECT_TRUE(runs(machine_pid()));
}

TEST_F(CloudTest, ThePowerButtonStopsTheMachine) {
    const auto id = make_server();
    switch_power(id, true);
    machine_pid();
    // An empty body is fine.
    const auto pressed = call("PATCH", "/objects/servers/" + id + "/shutdown");
    EXPECT_EQ(pressed.status, 204);
    follow(pressed);
    wait_until_off(id);
}

TEST_F(CloudTest, AServerWithoutANodesConfigurationIsOnWithoutAProcess) {
    const auto id = make_plain_server();
    switch_power(id, true);
    EXPECT_TRUE(power(id));
    follow(call("PATCH", "/objects/servers/" + id + "/shutdown", "{}"));
    EXPECT_FALSE(power(id));
    const auto cloud_init =
        make("/objects/servers", R"({"name":"a","cores":1,"memory":1,)"
                                 R"("user_data":")" +
                                     base64(bytes_of("#cloud-config\n")) + "\"}");
    switch_power(cloud_init, true);
    switch_power(cloud_init, false);
    EXPECT_EQ(machines_ever(), 0u);
}

TEST_F(CloudTest, ABootingServerIsOnAndItsGuestComesLater) {
    stop();
    options.boot = {300ms, 1};
    open();
    const auto id = make_server();
    switch_power(id, true);
    EXPECT_TRUE(power(id));
    EXPECT_EQ(machines_ever(), 0u);
    EXPECT_TRUE(runs(machine_pid()));
    switch_power(id, false);
    switch_power(id, true);
    switch_power(id, false);  // before the boot is over: nothing is started
    loop.after(400ms, [this] { loop.stop(); });
    loop.run();
    EXPECT_EQ(machines_ever(), 1u);
}

TEST_F(CloudTest, StopsItsMachinesWhenItStops) {
    const auto id = make_server();
    switch_power(id, true);
    const auto pid = machine_pid();
    stop();
    EXPECT_FALSE(runs(pid));
    open();
    EXPECT_FALSE(power(id));
}

TEST_F(CloudTest, FindsItsMachinesAgainAfterACrash) {
    const auto id = make_server();
    switch_power(id, true);
    const auto pid = machine_pid();
    crash();
    EXPECT_TRUE(runs(pid));
    open();
    EXPECT_TRUE(power(id));
    EXPECT_EQ(ask_power(id, true).status, 400);
    EXPECT_EQ(machines_ever(), 1u);
    switch_power(id, false);
    EXPECT_FALSE(runs(pid));
}

TEST_F(CloudTest, AMachineThatDiedWhileTheCloudWasAwayIsOffAndAnotherProcessIsNotTakenForIt) {
    const auto id = make_server();
    switch_power(id, true);
    const auto pid = machine_pid();
    crash();
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    // This test's own process gets the machine's id in the journal, but has another birth.
    auto journal = folder / "data/cloud.journal";
    std::stringstream whole;
    whole << std::ifstream(journal).rdbuf();
    auto lines = whole.str();
    const auto from = "\"pid\":" + std::to_string(pid), to = "\"pid\":" + std::to_string(getpid());
    for (auto at = lines.find(from); at != std::string::npos; at = lines.find(from, at + 1))
        lines.replace(at, from.size(), to);
    std::ofstream(journal, std::ios::trunc) << lines;
    open();
    EXPECT_FALSE(power(id));
}

TEST_F(CloudTest, ABootGoesOnAfterACrash) {
    stop();
    options.boot = {100ms, 1};
    open();
    const auto id = make_server();
    switch_power(id, true);
    crash();
    open();
    EXPECT_TRUE(power(id));
    EXPECT_TRUE(runs(machine_pid()));
    EXPECT_EQ(machines_ever(), 1u);
}

TEST_F(CloudTest, WhatWasAcknowledgedIsThereAfterACrash) {
    const auto id = make_server();
    const auto changed = call("PATCH", "/objects/servers/" + id, R"({"name":"conf-08"})");
    crash();
    open();
    EXPECT_EQ(text(get("/objects/servers/" + id, "server").at("name")), "conf-08");
    EXPECT_EQ(state_of(*changed.headers.find("x-request-id")), "done");
    struct stat info {};
    EXPECT_EQ(stat((folder / "data/cloud.journal").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(CloudTest, AHalfWrittenLineIsDropped) {
    const auto id = make_server();
    crash();
    std::ofstream(folder / "data/cloud.journal", std::ios::app) << R"({"objects":[{"id":")";
    open();
    EXPECT_EQ(call("GET", "/objects/servers/" + id).status, 200);
    const auto other = make_server("conf-08");
    crash();
    open();
    EXPECT_EQ(call("GET", "/objects/servers/" + other).status, 200);
}

TEST_F(CloudTest, APendingJobIsDoneAfterACrash) {
    const auto id = make_server();
    order(R"({"fault":"slow_job","delay":0.2,"count":1})");
    const auto changed = call("PATCH", "/objects/servers/" + id, R"({"name":"later"})");
    EXPECT_EQ(state_of(*changed.headers.find("x-request-id")), "pending");
    crash();
    open();
    EXPECT_EQ(text(get("/objects/servers/" + id, "server").at("name")), "conf-07");
    follow(changed);
    EXPECT_EQ(text(get("/objects/servers/" + id, "server").at("name")), "later");
}

TEST_F(CloudTest, TwoCloudsDoNotShareAFolder) { EXPECT_FALSE(Cloud::start(loop, options)); }

TEST_F(CloudTest, NobodySeesAnothersObjects) {
    const auto id = make_server();
    EXPECT_EQ(call("GET", "/objects/servers/" + id, {}, stranger, "other").status, 404);
    EXPECT_EQ(call("DELETE", "/objects/servers/" + id, {}, stranger, "other").status, 404);
    for (const auto* list : {"servers", "storages", "ips", "sshkeys"}) {
        EXPECT_EQ(object(call("GET", std::string("/objects/") + list, {}, stranger, "other"))
                      .at(list)
                      .as_object()
                      .size(),
                  0u);
    }
    const auto changed = call("PATCH", "/objects/servers/" + id, R"({"name":"mine"})");
    EXPECT_EQ(
        call("GET", "/requests/" + *changed.headers.find("x-request-id"), {}, stranger, "other")
            .status,
        404);
    EXPECT_EQ(call("GET", "/objects/servers", {}, owner, "other").status, 401);
    EXPECT_EQ(call("GET", "/objects/servers", {}, "nobody", "secret").status, 401);
    EXPECT_EQ(call("GET", "/objects/servers", {}, "", "").status, 401);
}

}  // namespace
}  // namespace aula::cloud
