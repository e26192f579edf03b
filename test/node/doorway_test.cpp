// SPDX-License-Identifier: Apache-2.0
// Who is let in at the node's door, and why not.
#include "node/doorway.hpp"

#include <gtest/gtest.h>

#include "signal/join_request.hpp"

namespace aula::node {
namespace {

const std::string secret = "a-secret-only-for-tests-0123456789abcdef";
const WallTime now = WallClock::now();

std::optional<std::string> keys(std::string_view key) {
    return key == "key" ? std::optional(secret) : std::nullopt;
}

signal::AccessToken anna() {
    signal::AccessToken token;
    token.key_id = "key";
    token.identity = "anna";
    token.video.room = "biology";
    token.video.room_join = true;
    token.expires = now + 10min;
    return token;
}

control::OpenStream visit(const std::string& path, const signal::AccessToken& token,
                          const std::string& query = {}, const std::string& key = secret) {
    control::OpenStream stream;
    stream.set_room("biology");
    stream.set_path(path);
    stream.set_query(query);
    (*stream.mutable_headers())["authorization"] = "Bearer " + signal::mint(token, key);
    return stream;
}

std::string join_query(const livekit::JoinRequest& request = {}) {
    return "join_request=" + signal::encode_join_request(request);
}

int status_of(const control::OpenStream& stream) {
    const auto outcome = check_visitor(stream, keys, now);
    return outcome ? 200 : outcome.error().status;
}

TEST(Doorway, LetsInWhoHasATokenForTheRoom) {
    const auto single = check_visitor(visit("/rtc/v1", anna(), join_query()), keys, now);
    ASSERT_TRUE(single);
    EXPECT_TRUE(std::get<room::JoinIntent>(*single).single_connection);
    EXPECT_EQ(std::get<room::JoinIntent>(*single).token.identity, "anna");

    const auto two = check_visitor(visit("/rtc", anna(), "protocol=9&auto_subscribe=0"), keys, now);
    ASSERT_TRUE(two);
    EXPECT_FALSE(std::get<room::JoinIntent>(*two).single_connection);
    EXPECT_FALSE(std::get<room::JoinIntent>(*two).request.connection_settings().auto_subscribe());

    const auto lesson =
        check_visitor(visit("/classroom", anna(), "lesson=biology&since=12"), keys, now);
    ASSERT_TRUE(lesson);
    EXPECT_EQ(std::get<room::ClassroomIntent>(*lesson).since, 12u);
}

TEST(Doorway, TakesTheTokenOfTheQueryWhenThereIsNoHeader) {
    control::OpenStream stream = visit("/classroom", anna());
    stream.clear_headers();
    EXPECT_EQ(status_of(stream), 401);
    stream.set_query("access_token=" + signal::mint(anna(), secret));
    EXPECT_EQ(status_of(stream), 200);
    (*stream.mutable_headers())["authorization"] = "Bearer of.bad.news";
    EXPECT_EQ(status_of(stream), 401);  // the header wins
}

TEST(Doorway, TurnsTokensAwayThatAreNotGood) {
    EXPECT_EQ(status_of(visit("/rtc", anna(), "", "another-secret-0123456789abcdef-0123456789")),
              401);
    signal::AccessToken token = anna();
    token.key_id = "stranger";
    EXPECT_EQ(status_of(visit("/rtc", token)), 401);
    token = anna();
    token.expires = now - 5min;
    EXPECT_EQ(status_of(visit("/rtc", token)), 401);
    token = anna();
    token.video.room = "chemistry";
    EXPECT_EQ(status_of(visit("/rtc", token)), 403);
    token = anna();
    token.video.room_join = false;
    EXPECT_EQ(status_of(visit("/classroom", token)), 403);
}

TEST(Doorway, TurnsRequestsAwayThatAreNotGood) {
    EXPECT_EQ(status_of(visit("/rtc/v1", anna())), 400);
    EXPECT_EQ(status_of(visit("/rtc/v1", anna(), "join_request=%21%21")), 400);
    EXPECT_EQ(status_of(visit("/rtc", anna(), "protocol=8")), 400);
    EXPECT_EQ(status_of(visit("/rtc", anna(), "a=%zz")), 400);
    EXPECT_EQ(status_of(visit("/elsewhere", anna())), 404);
    livekit::JoinRequest wordy;
    (*wordy.mutable_participant_attributes())["k"] =
        std::string(signal::max_attributes_size + 1, 'x');
    EXPECT_EQ(status_of(visit("/rtc/v1", anna(), join_query(wordy))), 400);
}

TEST(Doorway, PassesServiceCallsOnWithTheirGrant) {
    signal::AccessToken admin = anna();
    admin.identity.clear();
    admin.video.room_join = false;
    admin.video.room_admin = true;
    control::OpenStream stream = visit("/twirp/livekit.RoomService/ListParticipants", admin);
    (*stream.mutable_headers())["content-type"] = "application/json";
    stream.set_body("{}");
    const auto call = check_visitor(stream, keys, now);
    ASSERT_TRUE(call);
    EXPECT_EQ(std::get<ServiceCall>(*call).method, "ListParticipants");
    EXPECT_TRUE(std::get<ServiceCall>(*call).json);
    EXPECT_TRUE(std::get<ServiceCall>(*call).grant.room_admin);
}

}  // namespace
}  // namespace aula::node
