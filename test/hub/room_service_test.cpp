// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "http/server.hpp"
#include "installation.hpp"
#include "signal/json.hpp"
#include "signal/livekit.pb.h"

using namespace aula;
using namespace aula::hub;
using namespace aula::hub::testing;

namespace {

struct RoomServiceTest : ::testing::Test {
    http::Headers headers(signal::VideoGrant grant, const std::string& room = {},
                          bool json = true) {
        http::Headers headers;
        headers.set("content-type", json ? "application/json" : "application/protobuf");
        headers.set("authorization", "Bearer " + city.token(room, "service", std::move(grant)));
        return headers;
    }
    http::Response call(const std::string& method, const std::string& body,
                        const http::Headers& with) {
        return city.call("POST", "/twirp/livekit.RoomService/" + method, body, with);
    }
    static signal::VideoGrant all() {
        signal::VideoGrant grant;
        grant.room_create = grant.room_list = grant.room_admin = true;
        return grant;
    }

    Installation city;
};

constexpr const char* room_started =
    R"({"event":"room_started","room":{"sid":"RM_1","name":"math","metadata":"m","creationTime":"1790000000"},"id":"EV_1"})";

}  // namespace

TEST_F(RoomServiceTest, RoomsAreCreatedListedAndDeleted) {
    const auto node = city.add_node("node-1");
    node->webhook(room_started);  // the room is not open: not believed
    http::Response created;
    const auto made =
        call("CreateRoom", R"({"name":"math","metadata":"m","empty_timeout":60})", headers(all()));
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_NE(made.body.find(R"("name":"math")"), std::string::npos) << made.body;
    EXPECT_EQ(node->rooms["math"].empty_timeout_seconds(), 60u);
    EXPECT_EQ(node->rooms["math"].metadata(), "m");
    node->webhook(room_started);
    node->report("math", 3);
    livekit::ListRoomsResponse list;
    ASSERT_TRUE(run_until(city.loop, [&] {
        const auto listed = call("ListRooms", {}, headers(all(), {}, false));
        return listed.status == 200 && list.ParseFromString(listed.body) &&
               list.rooms_size() == 1 && list.rooms(0).num_participants() == 3;
    }));
    EXPECT_EQ(list.rooms(0).sid(), "RM_1");
    const auto none = call("ListRooms", R"({"names":["other"]})", headers(all()));
    EXPECT_EQ(none.body.find("math"), std::string::npos);

    EXPECT_EQ(call("DeleteRoom", R"({"room":"math"})", headers(all())).status, 200);
    ASSERT_TRUE(run_until(city.loop, [&] { return node->closed_rooms.contains("math"); }));
    EXPECT_EQ(call("DeleteRoom", R"({"room":"math"})", headers(all())).status, 404);
}

TEST_F(RoomServiceTest, WhatConcernsTheInsideOfARoomGoesToItsNode) {
    const auto node = city.add_node("node-1");
    ASSERT_EQ(call("CreateRoom", R"({"name":"math"})", headers(all())).status, 200);
    node->answer = R"({"participants":[]})";
    const auto listed = call("ListParticipants", R"({"room":"math"})", headers(all(), "math"));
    EXPECT_EQ(listed.status, 200);
    EXPECT_EQ(listed.body, node->answer);
    const auto& request = node->streams.back();
    EXPECT_EQ(request.path(), "/twirp/livekit.RoomService/ListParticipants");
    EXPECT_EQ(request.body(), R"({"room":"math"})");
    EXPECT_EQ(request.headers().at("content-type"), "application/json");
    EXPECT_TRUE(request.headers().contains("authorization"));

    node->answer = R"({"name":"math","metadata":"changed"})";
    EXPECT_EQ(call("UpdateRoomMetadata", R"({"room":"math","metadata":"changed"})",
                   headers(all(), "math"))
                  .status,
              200);
    EXPECT_NE(call("ListRooms", "{}", headers(all())).body.find("changed"), std::string::npos);

    livekit::RoomParticipantIdentity who;
    who.set_room("math");
    who.set_identity("a");
    EXPECT_EQ(
        call("RemoveParticipant", who.SerializeAsString(), headers(all(), "math", false)).status,
        200);
}

TEST_F(RoomServiceTest, RefusalsAreTwirps) {
    const auto node = city.add_node("node-1");
    const auto expect = [](const http::Response& answer, int status, const std::string& code) {
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_NE(answer.body.find("\"code\":\"" + code + "\""), std::string::npos) << answer.body;
        EXPECT_EQ(*answer.headers.find("content-type"), "application/json");
    };
    expect(call("CreateRoom", R"({"name":"x"})", headers({})), 401, "unauthenticated");
    expect(call("ListRooms", "{}", headers({})), 401, "unauthenticated");
    http::Headers nobody;
    nobody.set("content-type", "application/json");
    expect(call("ListRooms", "{}", nobody), 401, "unauthenticated");
    expect(call("CreateRoom", "{", headers(all())), 400, "malformed");
    expect(call("CreateRoom", "\xff\xff", headers(all(), {}, false)), 400, "malformed");
    expect(call("CreateRoom", "{}", headers(all())), 400, "invalid_argument");
    expect(call("Nonsense", "{}", headers(all())), 404, "bad_route");
    expect(call("PerformRpc", "{}", headers(all())), 501, "unimplemented");
    expect(call("ListParticipants", R"({"room":"math"})", headers(all(), "math")), 404,
           "not_found");
    expect(call("ListParticipants", R"({"room":"math"})", headers(all(), "other")), 401,
           "unauthenticated");
    expect(city.call("GET", "/twirp/livekit.RoomService/ListRooms", {}, headers(all())), 404,
           "bad_route");
    EXPECT_TRUE(node->rooms.empty());
}

TEST_F(RoomServiceTest, WithoutANodeARoomIsNotCreated) {
    const auto answer = call("CreateRoom", R"({"name":"math"})", headers(all()));
    EXPECT_EQ(answer.status, 503);
    EXPECT_GE(city.nodes_wanted, 1);
}

TEST(Webhooks, AreSignedDeliveredInOrderAndTriedAgain) {
    std::vector<http::Request> requests;
    int refuse = 1;
    Installation city(
        [&](HubOptions& options) { options.webhook_urls = {"http://127.0.0.1:1/closed"}; });
    auto receiver =
        http::Server::open(city.loop, *net::Address::parse("127.0.0.1:0"), {},
                           [&](http::Request request, http::Responder responder) {
                               requests.push_back(std::move(request));
                               responder.answer(http::text_response(refuse-- > 0 ? 500 : 200, ""));
                           })
            .value();
    city.options.webhook_urls.push_back("http://" + receiver->local().text() + "/hook");
    city.restart();
    const auto node = city.add_node("node-1");
    node->webhook(R"({"event":"room_started","room":{"name":"a"}})");
    node->webhook("not JSON");
    node->webhook(R"({"event":"room_finished","room":{"name":"a"}})");
    ASSERT_TRUE(run_until(city.loop, [&] { return requests.size() == 3; }))
        << "the first one twice";
    EXPECT_EQ(requests[0].body, requests[1].body);
    EXPECT_NE(requests[2].body.find("room_finished"), std::string::npos);
    EXPECT_EQ(*requests[0].headers.find("content-type"), "application/webhook+json");
    const auto keys = [&](std::string_view key) -> std::optional<std::string> {
        return city.options.livekit_keys.at(std::string(key));
    };
    const auto token =
        signal::verify(*requests[0].headers.find("authorization"), keys, WallClock::now());
    ASSERT_TRUE(token);
    EXPECT_EQ(token->sha256,
              base64(crypto::hash(crypto::HashKind::sha256, bytes_of(requests[0].body))));
}
