// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "cloud_fixture.hpp"

namespace aula::cloud {
namespace {

class NetworkTest : public CloudTest {
protected:
    std::string public_network() {
        for (const auto& [id, entry] : get("/objects/networks", "networks")) {
            if (entry.as_object().at("public_net").as_bool()) return std::string(id);
        }
        return {};
    }
    http::Response link(const std::string& server, const std::string& kind,
                        const std::string& target) {
        return call("POST", "/objects/servers/" + server + "/" + kind,
                    R"({"object_uuid":")" + target + "\"}");
    }
};

TEST_F(NetworkTest, ThePublicNetworkIsEverybodysAndNobodysToChange) {
    const auto id = public_network();
    ASSERT_FALSE(id.empty());
    EXPECT_EQ(call("DELETE", "/objects/networks/" + id).status, 403);
    EXPECT_EQ(call("PATCH", "/objects/networks/" + id, R"({"name":"mine"})").status, 403);
    EXPECT_EQ(call("GET", "/objects/networks/" + id, {}, stranger, "other").status, 200);
    follow(link(make_plain_server(), "networks", id));
    // Nor does it tell a stranger about the owner's servers.
    const auto seen =
        object(call("GET", "/objects/networks/" + id, {}, stranger, "other")).at("network");
    EXPECT_EQ(boost::json::serialize(seen).find("plain"), std::string::npos);
}

TEST_F(NetworkTest, AServerHasOnePublicAndSevenPrivateNetworks) {
    const auto server = make_plain_server();
    for (int i = 0; i < 7; ++i) {
        const auto id = make("/objects/networks", R"({"name":"n","l2security":true})");
        follow(link(server, "networks", id));
    }
    EXPECT_EQ(link(server, "networks", make("/objects/networks", R"({"name":"n"})")).status, 416);
    follow(link(server, "networks", public_network()));
    const auto list = object(call("GET", "/objects/servers/" + server + "/networks"))
                          .at("network_relations")
                          .as_array();
    EXPECT_EQ(list.size(), 8u);
    std::set<std::string> macs;
    for (const auto& entry : list) macs.insert(text(entry.as_object().at("mac")));
    EXPECT_EQ(macs.size(), 8u);
    EXPECT_TRUE(list.at(0).as_object().at("l3security").is_null());
}

TEST_F(NetworkTest, PinsAddressesOfServers) {
    const auto server = make_plain_server();
    const auto path =
        "/objects/networks/" +
        make("/objects/networks", R"({"name":"n","dhcp_active":true,"dhcp_range":"10.0.0.0/24"})");
    EXPECT_EQ(call("PATCH", path + "/pinned_servers/" + server, R"({"ip":"10.0.0.5"})").status,
              204);
    const auto pins = object(call("GET", path + "/pinned_servers")).at("pinned_servers").as_array();
    ASSERT_EQ(pins.size(), 1u);
    EXPECT_EQ(text(pins.at(0).as_object().at("ip")), "10.0.0.5");
    EXPECT_EQ(call("DELETE", path + "/pinned_servers/" + server).status, 204);
    EXPECT_EQ(call("DELETE", path + "/pinned_servers/" + server).status, 404);
}

TEST_F(NetworkTest, AnAddressIsGivenAtOnceAndBelongsToOneServer) {
    const auto made = call("POST", "/objects/ips", R"({"family":4})");
    EXPECT_EQ(made.status, 202);
    const auto ip = text(object(made).at("object_uuid"));
    const auto shown = get("/objects/ips/" + ip, "ip");
    EXPECT_EQ(text(shown.at("ip")), text(object(made).at("ip")));
    EXPECT_EQ(text(shown.at("prefix")), text(object(made).at("prefix")));
    EXPECT_EQ(shown.at("family").as_int64(), 4);
    const auto second = make("/objects/ips", R"({"family":"4"})");
    EXPECT_NE(text(get("/objects/ips/" + second, "ip").at("ip")), text(shown.at("ip")));
    const auto server = make_plain_server();
    follow(link(server, "ips", ip));
    EXPECT_EQ(link(server, "ips", second).status, 416);
    EXPECT_EQ(link(make_plain_server(), "ips", ip).status, 409);
    follow(link(server, "ips", make("/objects/ips", R"({"family":6})")));
    const auto failover = make("/objects/ips", R"({"family":4,"failover":true})");
    EXPECT_EQ(link(make_plain_server(), "ips", failover).status, 409);
    EXPECT_EQ(call("DELETE", "/objects/ips/" + ip).status, 424);
    EXPECT_EQ(call("POST", "/objects/ips", R"({"family":5})").status, 400);
    EXPECT_EQ(object(call("GET", "/objects/servers/" + server + "/ips"))
                  .at("ip_relations")
                  .as_array()
                  .size(),
              2u);
}

TEST_F(NetworkTest, FirewallRulesAreChecked) {
    const auto with = [](const std::string& rule) {
        return R"({"name":"f","rules":{"rules-v4-in":[)" + rule + "]}}";
    };
    const auto id =
        make("/objects/firewalls", with(R"({"order":0,"action":"accept","protocol":"udp",)"
                                        R"("dst_port":"7000:7100"})"));
    const auto rules = get("/objects/firewalls/" + id, "firewall").at("rules").as_object();
    EXPECT_EQ(rules.at("rules-v4-in").as_array().size(), 1u);
    EXPECT_TRUE(rules.at("rules-v6-out").as_array().empty());
    for (const auto* rule : {R"({"action":"accept"})", R"({"order":1,"action":"allow"})",
                             R"({"order":1,"action":"drop","protocol":"icmp"})", "7"}) {
        EXPECT_EQ(call("POST", "/objects/firewalls", with(rule)).status, 400) << rule;
    }
    EXPECT_EQ(call("PATCH", "/objects/firewalls/" + id, R"({"rules":{"rules-v4-in":[7]}})").status,
              400);
}

TEST_F(NetworkTest, AnIsoImageIsLinkedToManyServers) {
    const auto image =
        make("/objects/isoimages", R"({"name":"i","source_url":"https://example.org/a.iso"})");
    follow(link(make_plain_server(), "isoimages", image));
    follow(link(make_plain_server(), "isoimages", image));
    EXPECT_EQ(get("/objects/isoimages/" + image, "isoimage")
                  .at("relations")
                  .as_object()
                  .at("servers")
                  .as_array()
                  .size(),
              2u);
}

}  // namespace
}  // namespace aula::cloud
