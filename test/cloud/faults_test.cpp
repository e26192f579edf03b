// SPDX-License-Identifier: Apache-2.0
#include "cloud_fixture.hpp"

namespace aula::cloud {
namespace {

TEST_F(CloudTest, FaultsAreForTheAdminOnly) {
    EXPECT_EQ(call("GET", "/aula/faults").status, 401);
    EXPECT_EQ(admin("GET", "/aula/faults").status, 200);
    EXPECT_EQ(admin("GET", "/aula/elephants").status, 404);
    EXPECT_EQ(admin("POST", "/aula/faults", R"({"fault":"earthquake"})").status, 400);
    EXPECT_EQ(admin("POST", "/aula/faults", R"({"fault":"outage","count":0})").status, 400);
    EXPECT_EQ(admin("POST", "/aula/faults", R"({"fault":"slow_job","delay":-1})").status, 400);
    stop();
    options.admin_token.clear();
    open();
    EXPECT_EQ(admin("GET", "/aula/faults").status, 401);
    http::Call nothing;
    nothing.url = "/aula/faults";
    nothing.headers.set("Authorization", "Bearer ");
    EXPECT_EQ(try_call(nothing)->status, 401);
}

TEST_F(CloudTest, FaultsAreListedAndTakenBack) {
    order(R"({"fault":"outage","path":"/objects/ips","duration":60,"probability":0.5})");
    const auto faults = object(admin("GET", "/aula/faults")).at("faults").as_array();
    ASSERT_EQ(faults.size(), 1u);
    const auto id = faults.at(0).as_object().at("id").to_number<int>();
    EXPECT_EQ(admin("DELETE", "/aula/faults/" + std::to_string(id)).status, 204);
    EXPECT_EQ(admin("DELETE", "/aula/faults/" + std::to_string(id)).status, 404);
    order(R"({"fault":"outage"})");
    EXPECT_EQ(admin("DELETE", "/aula/faults").status, 204);
    EXPECT_EQ(call("GET", "/objects/ips").status, 200);
}

TEST_F(CloudTest, AnAnswerIsLostAfterTheAct) {
    order(R"({"fault":"lost_answer","method":"POST","count":1})");
    EXPECT_FALSE(try_call(as_user("POST", "/objects/servers", server_body())));
    EXPECT_EQ(get("/objects/servers", "servers").size(), 1u);
}

TEST_F(CloudTest, AnOutageDoesNothing) {
    order(R"({"fault":"outage","duration":3600})");
    EXPECT_FALSE(try_call(as_user("POST", "/objects/servers", server_body())));
    EXPECT_FALSE(try_call(as_user("GET", "/objects/servers")));
    admin("DELETE", "/aula/faults");
    EXPECT_EQ(get("/objects/servers", "servers").size(), 0u);
}

TEST_F(CloudTest, ErrorsComeInBursts) {
    order(R"({"fault":"error_answer","status":503,"retry_after":5,"count":1})");
    order(R"({"fault":"error_answer","status":429,"count":1})");
    const auto busy = call("POST", "/objects/servers", server_body());
    EXPECT_EQ(busy.status, 503);
    EXPECT_EQ(*busy.headers.find("retry-after"), "5");
    EXPECT_EQ(text(object(busy).at("title")), "Service Unavailable");
    const auto much = call("GET", "/objects/servers");
    EXPECT_EQ(much.status, 429);
    EXPECT_EQ(text(object(much).at("id")), "too_many_requests");
    EXPECT_EQ(much.headers.find("retry-after"), nullptr);
    EXPECT_EQ(get("/objects/servers", "servers").size(), 0u);
}

TEST_F(CloudTest, AFailedJobLeavesNothingBehind) {
    order(R"({"fault":"failed_job","count":1})");
    const auto made = call("POST", "/objects/servers", server_body());
    EXPECT_EQ(made.status, 202);
    EXPECT_EQ(outcome(made), "failed");
    EXPECT_EQ(get("/objects/servers", "servers").size(), 0u);
    EXPECT_EQ(get("/objects/deleted/servers", "deleted_servers").size(), 0u);
    const auto id = make_server();
    order(R"({"fault":"failed_job","path":"/power","count":1})");
    EXPECT_EQ(outcome(ask_power(id, true)), "failed");
    EXPECT_FALSE(power(id));
}

TEST_F(CloudTest, AHungJobIsPendingForEver) {
    const auto id = make_server();
    order(R"({"fault":"hung_job","count":1})");
    const auto changed = ask_power(id, true);
    EXPECT_EQ(state_of(*changed.headers.find("x-request-id")), "pending");
    EXPECT_FALSE(power(id));
    crash();
    open();
    EXPECT_EQ(state_of(*changed.headers.find("x-request-id")), "pending");
    order(R"({"fault":"hung_job","count":1})");
    const auto made = call("POST", "/objects/servers", server_body());
    const auto hanging = text(object(made).at("object_uuid"));
    EXPECT_EQ(text(get("/objects/servers/" + hanging, "server").at("status")), "in-provisioning");
    EXPECT_EQ(ask_power(hanging, true).status, 424);
    EXPECT_EQ(call("DELETE", "/objects/servers/" + hanging).status, 204);
}

TEST_F(CloudTest, ABootFails) {
    const auto id = make_server();
    order(R"({"fault":"failed_boot","count":1})");
    switch_power(id, true);
    wait_until_off(id);
    EXPECT_EQ(machines_ever(), 0u);
    switch_power(id, true);
    EXPECT_TRUE(runs(machine_pid()));
}

TEST_F(CloudTest, ABootIsSlow) {
    const auto id = make_server(), other = make_server();
    order(R"({"fault":"slow_boot","delay":3600,"server":")" + id + "\"}");
    switch_power(id, true);
    switch_power(other, true);
    EXPECT_TRUE(runs(machine_pid()));
    EXPECT_TRUE(power(id));
    EXPECT_EQ(machines_ever(), 1u);
}

TEST_F(CloudTest, AServerIsOnButSilent) {
    const auto id = make_server();
    order(R"({"fault":"silent_boot","count":1})");
    switch_power(id, true);
    loop_turn();
    EXPECT_TRUE(power(id));
    EXPECT_EQ(machines_ever(), 0u);
}

/// The state letter of proc(5).
char state_letter(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string stat;
    std::getline(in, stat);
    const auto at = stat.rfind(") ");
    return at == std::string::npos ? '?' : stat[at + 2];
}

TEST_F(CloudTest, AMachineIsFrozenThawedAndCrashes) {
    const auto id = make_server();
    switch_power(id, true);
    const auto pid = machine_pid();
    const auto act = [&](const std::string& what) {
        return admin("POST", "/aula/machines/" + id, R"({"do":")" + what + "\"}").status;
    };
    EXPECT_EQ(act("freeze"), 204);
    while (state_letter(pid) != 'T') loop_turn();
    // It does not hear the power button.
    follow(call("PATCH", "/objects/servers/" + id + "/shutdown", "{}"));
    loop_turn();
    EXPECT_TRUE(power(id));
    EXPECT_EQ(act("thaw"), 204);
    wait_until_off(id);
    switch_power(id, true);
    machine_pid();
    EXPECT_EQ(act("dance"), 400);
    EXPECT_EQ(act("crash"), 204);
    wait_until_off(id);
    EXPECT_EQ(act("crash"), 404);
}

TEST_F(CloudTest, AFrozenBootHasAProcessThatNeverRuns) {
    const auto id = make_server();
    order(R"({"fault":"frozen_boot","count":1})");
    switch_power(id, true);
    for (int i = 0; i < 4; ++i) loop_turn();
    EXPECT_TRUE(power(id));
    EXPECT_EQ(machines_ever(), 0u);
    switch_power(id, false);
    EXPECT_FALSE(power(id));
}

TEST_F(CloudTest, AGuestIgnoresTheButton) {
    const auto id = make_server();
    switch_power(id, true);
    const auto pid = machine_pid();
    order(R"({"fault":"ignored_shutdown","count":1})");
    follow(call("PATCH", "/objects/servers/" + id + "/shutdown", "{}"));
    loop_turn();
    EXPECT_TRUE(runs(pid));
    EXPECT_TRUE(power(id));
    switch_power(id, false);
}

TEST_F(CloudTest, ThereAreNoAddresses) {
    order(R"({"fault":"no_addresses","count":1})");
    EXPECT_EQ(call("POST", "/objects/ips", R"({"family":4})").status, 416);
    EXPECT_EQ(call("POST", "/objects/ips", R"({"family":4})").status, 202);
}

TEST_F(CloudTest, MetersTellTheExactIntervals) {
    const auto id = make_plain_server();
    switch_power(id, true);
    switch_power(id, false);
    switch_power(id, true);
    const auto answer = object(admin("GET", "/aula/meters"));
    const auto server = answer.at("servers").as_array().at(0).as_object();
    EXPECT_EQ(text(server.at("object_uuid")), id);
    const auto intervals = server.at("intervals").as_array();
    ASSERT_EQ(intervals.size(), 2u);
    const auto first = intervals.at(0).as_object(), last = intervals.at(1).as_object();
    EXPECT_LE(first.at("from").as_int64(), first.at("to").as_int64());
    EXPECT_LE(first.at("to").as_int64(), last.at("from").as_int64());
    EXPECT_TRUE(last.at("to").is_null());
    EXPECT_EQ(last.at("cores").as_int64(), 2);
}

}  // namespace
}  // namespace aula::cloud
