// SPDX-License-Identifier: Apache-2.0
#include "cloud_fixture.hpp"

namespace aula::cloud {
namespace {

/// The relations of servers as terraform, Libcloud and others count on them.
class LinksTest : public CloudTest {
protected:
    void SetUp() override {
        CloudTest::SetUp();
        server = "/objects/servers/" + make_plain_server();
    }
    std::string make_storage(const std::string& name = "s") {
        return make("/objects/storages", R"({"name":")" + name + R"(","capacity":10})");
    }
    std::string make_network() { return make("/objects/networks", R"({"name":"n"})"); }
    int link(const std::string& kind, const std::string& target, const std::string& more = {}) {
        return call("POST", server + '/' + kind, R"({"object_uuid":")" + target + '"' + more + '}')
            .status;
    }
    boost::json::array linked(const std::string& kind) {
        return get(server, "server").at("relations").at(kind).as_array();
    }
    std::vector<std::string> booting(const std::string& kind) {
        std::vector<std::string> ids;
        for (const auto& one : linked(kind)) {
            if (one.at("bootdevice").as_bool()) ids.push_back(text(one.at("object_uuid")));
        }
        return ids;
    }
    int create(const std::string& more) {
        return call("POST", "/objects/servers",
                    R"({"name":"new","cores":1,"memory":1,)" + more + '}')
            .status;
    }

    std::string server;
};

TEST_F(LinksTest, AServerBootsFromItsFirstStorageUnlessToldOtherwise) {
    const auto first = make_storage(), second = make_storage(), third = make_storage();
    EXPECT_EQ(link("storages", first), 202);
    EXPECT_EQ(link("storages", second), 202);
    EXPECT_EQ(booting("storages"), std::vector{first});
    EXPECT_EQ(link("storages", third, R"(,"bootdevice":true)"), 202);
    EXPECT_EQ(booting("storages"), std::vector{third});
    EXPECT_EQ(call("PATCH", server + "/storages/" + second, R"({"bootdevice":true})").status, 202);
    EXPECT_EQ(booting("storages"), std::vector{second});
    const auto other = "/objects/servers/" + make_plain_server();
    const auto data = make_storage();
    EXPECT_EQ(
        call("POST", other + "/storages", R"({"object_uuid":")" + data + R"(","bootdevice":false})")
            .status,
        202);
    EXPECT_FALSE(get(other + "/storages/" + data, "storage_relation").at("bootdevice").as_bool());
}

TEST_F(LinksTest, DisksAndInterfacesKeepTheirOrder) {
    std::vector<std::string> storages, networks;
    for (int i = 0; i < 5; ++i) {
        storages.push_back(make_storage());
        EXPECT_EQ(link("storages", storages.back()), 202);
        networks.push_back(make_network());
        EXPECT_EQ(link("networks", networks.back(), ",\"ordering\":" + std::to_string(9 - i)), 202);
    }
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(text(linked("storages").at(i).at("object_uuid")), storages[i]);
        EXPECT_EQ(linked("storages").at(i).at("target").as_int64(), static_cast<int>(i));
        EXPECT_EQ(text(linked("networks").at(i).at("object_uuid")), networks[4 - i]);
    }
    // A SCSI target that is free again is used again.
    EXPECT_EQ(call("DELETE", server + "/storages/" + storages[1]).status, 202);
    EXPECT_EQ(link("storages", storages[1]), 202);
    EXPECT_EQ(text(linked("storages").at(1).at("object_uuid")), storages[1]);
}

TEST_F(LinksTest, WhatALinkSaysIsChecked) {
    const auto network = make_network();
    for (const auto* wrong :
         {R"(,"bootdevice":1)", R"(,"ordering":"first")", R"(,"ordering":-1)",
          R"(,"l3security":"10.0.0.0/8")", R"(,"l3security":[1])", R"(,"firewall":[])",
          R"(,"firewall":{"rules-v4-in":[{"order":1}]})", R"(,"firewall_template_uuid":7)"}) {
        EXPECT_EQ(link("networks", network, wrong), 400) << wrong;
    }
    EXPECT_TRUE(linked("networks").empty());
    EXPECT_EQ(link("networks", network, R"(,"l3security":[],"firewall":null)"), 202);
    const auto path = server + "/networks/" + network;
    EXPECT_EQ(call("PATCH", path, R"({"ordering":[]})").status, 400);
    EXPECT_TRUE(get(path, "network_relation").at("l3security").as_array().empty());
    EXPECT_EQ(call("PATCH", path, R"({"l3security":null})").status, 202);
    EXPECT_TRUE(get(path, "network_relation").at("l3security").is_null());
}

TEST_F(LinksTest, AFirewallsTemplateIsOnesOwnAndStaysWhileItIsUsed) {
    const auto network = make_network();
    const auto firewall = make("/objects/firewalls", R"({"name":"f","rules":{}})");
    const auto theirs = text(
        object(call("POST", "/objects/firewalls", R"({"name":"f","rules":{}})", stranger, "other"))
            .at("object_uuid"));
    const auto with = [](const std::string& id) {
        return R"(,"firewall_template_uuid":")" + id + '"';
    };
    EXPECT_EQ(link("networks", network, with(theirs)), 404);
    EXPECT_EQ(link("networks", network, with(firewall)), 202);
    const auto path = "/objects/firewalls/" + firewall;
    const auto used = get(path, "firewall").at("relations").at("networks").as_array();
    ASSERT_EQ(used.size(), 1u);
    EXPECT_EQ(text(used.at(0).at("network_uuid")), network);
    EXPECT_EQ(text(used.at(0).at("network_name")), "n");
    EXPECT_EQ(call("DELETE", path).status, 424);
    // As a client does that has no null.
    EXPECT_EQ(
        call("PATCH", server + "/networks/" + network, R"({"firewall_template_uuid":""})").status,
        202);
    EXPECT_TRUE(get(server + "/networks/" + network, "network_relation")
                    .at("firewall_template_uuid")
                    .is_null());
    EXPECT_EQ(call("DELETE", path).status, 204);
}

TEST_F(LinksTest, PortsAreTextsWhateverTheClientWrote) {
    const auto rules = [](const std::string& port) {
        return R"({"name":"f","rules":{"rules-v4-in":[{"order":0,"action":"accept","dst_port":)" +
               port + "}]}}";
    };
    const auto id = make("/objects/firewalls", rules("443"));
    const auto shown = get("/objects/firewalls/" + id, "firewall");
    EXPECT_EQ(text(shown.at("rules").at("rules-v4-in").at(0).at("dst_port")), "443");
    for (const auto* good : {R"("80")", R"("20:80")", R"("")", "null"})
        EXPECT_EQ(call("POST", "/objects/firewalls", rules(good)).status, 202) << good;
    for (const auto* wrong : {R"("http")", R"("0")", "65536", R"("1:")", R"("1-2")", "[]", "1.5"})
        EXPECT_EQ(call("POST", "/objects/firewalls", rules(wrong)).status, 400) << wrong;
}

TEST_F(LinksTest, ANewServersRelationsAreCheckedLikeLinks) {
    const auto a = make_storage(), b = make_storage();
    const auto storage = [](const std::string& id, const std::string& more = {}) {
        return R"({"storage_uuid":")" + id + '"' + more + '}';
    };
    const auto storages = [](const std::string& list) {
        return R"("relations":{"storages":[)" + list + "]}";
    };
    EXPECT_EQ(create(R"("relations":[])"), 400);
    EXPECT_EQ(create(R"("relations":{"storages":{}})"), 400);
    EXPECT_EQ(create(R"("relations":null)"), 202);
    EXPECT_EQ(create(R"("relations":{"storages":null})"), 202);
    EXPECT_EQ(create(storages(storage(a) + ',' + storage(a))), 409);
    std::string nine;
    for (int i = 0; i < 9; ++i) nine += (i == 0 ? "" : ",") + storage(make_storage());
    EXPECT_EQ(create(storages(nine)), 416);
    EXPECT_EQ(create(storages(storage(a) + ',' + storage(b, R"(,"bootdevice":1)"))), 400);
    EXPECT_EQ(create(storages(storage(a) + ',' + storage(b, R"(,"bootdevice":true)"))), 202);
    const auto server_of = [&](const std::string& id) {
        return get("/objects/storages/" + id, "storage").at("relations").at("servers").at(0);
    };
    EXPECT_FALSE(server_of(a).at("bootdevice").as_bool());
    EXPECT_TRUE(server_of(b).at("bootdevice").as_bool());
}

TEST_F(LinksTest, HardwareIsAProfileOrItsParts) {
    EXPECT_EQ(
        create(R"("hardware_profile_config":{"machinetype":"q35_uefi","serial_interface":true})"),
        202);
    EXPECT_EQ(create(R"("hardware_profile":"q35","hardware_profile_config":{})"), 202);
    EXPECT_EQ(create(R"("hardware_profile_config":{"machinetype":"pdp11"})"), 400);
    EXPECT_EQ(create(R"("hardware_profile_config":{"serial_interface":"yes"})"), 400);
    EXPECT_EQ(
        create(R"("hardware_profile":"q35","hardware_profile_config":{"machinetype":"q35_uefi"})"),
        400);
    EXPECT_EQ(call("PATCH", server, R"({"hardware_profile_config":{"network_model":"x"}})").status,
              400);
}

TEST_F(LinksTest, ALinkedAddressDoesNotBecomeAFailoverOne) {
    const auto ip = make("/objects/ips", R"({"family":4})");
    EXPECT_EQ(link("ips", ip), 202);
    EXPECT_EQ(call("PATCH", "/objects/ips/" + ip, R"({"failover":true})").status, 424);
    EXPECT_EQ(call("PATCH", "/objects/ips/" + ip, R"({"failover":false,"name":"x"})").status, 204);
    EXPECT_EQ(call("DELETE", server + "/ips/" + ip).status, 202);
    EXPECT_EQ(call("PATCH", "/objects/ips/" + ip, R"({"failover":true})").status, 204);
}

TEST_F(LinksTest, AServerSwitchedOnMeanwhileIsNotDeleted) {
    const auto storage = make_storage();
    EXPECT_EQ(link("storages", storage), 202);
    order(R"({"fault":"slow_job","method":"DELETE","delay":0.2})");
    const auto deleted = call("DELETE", server);
    EXPECT_EQ(deleted.status, 204);
    EXPECT_EQ(call("PATCH", server + "/power", R"({"power":true})").status, 204);
    EXPECT_EQ(outcome(deleted), "failed");
    EXPECT_TRUE(get(server, "server").at("power").as_bool());
    EXPECT_EQ(linked("storages").size(), 1u);
}

TEST_F(LinksTest, WhatWasDeletedBeforeItWasReadyStaysInTheHistory) {
    order(R"({"fault":"slow_job","method":"POST","delay":0.2,"count":1})");
    const auto made = call("POST", "/objects/storages", R"({"name":"s","capacity":10})");
    const auto id = text(object(made).at("object_uuid"));
    EXPECT_EQ(call("DELETE", "/objects/storages/" + id).status, 204);
    EXPECT_EQ(outcome(made), "failed");
    EXPECT_TRUE(get("/objects/deleted/storages", "deleted_storages").contains(id));
}

}  // namespace
}  // namespace aula::cloud
