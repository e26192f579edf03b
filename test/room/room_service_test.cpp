// SPDX-License-Identifier: Apache-2.0
// LiveKit's room service, as far as a room answers it.
#include "hall.hpp"
#include "signal/json.hpp"

namespace aula::room {
namespace {

/// The status and body of one call by an admin of the room.
std::pair<int, std::string> ask(Hall& hall, const std::string& method, const std::string& json) {
    static unsigned request = 1000;
    const unsigned socket = ++request;
    signal::VideoGrant grant;
    grant.room = "biology";
    grant.room_admin = true;
    hall.run([&](Room& room) {
        room.on_service_call(SocketId(socket), method, grant, bytes_of(json), true);
    });
    return hall.log(socket).answered.value_or(std::pair(0, std::string()));
}

livekit::ParticipantInfo info_in(const std::string& json) {
    livekit::ParticipantInfo info;
    EXPECT_TRUE(signal::from_json(json, info)) << json;
    return info;
}

TEST(RoomServiceOfARoom, TakesNoMoreThanAParticipantCouldSayThemselves) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    const std::string to_anna = R"({"room":"biology","identity":"anna",)";
    const auto long_text = [](std::size_t size) { return std::string(size, 'x') + "\"}"; };
    for (const auto& json :
         {to_anna + R"("name":")" + long_text(signal::max_identity_size + 1),
          to_anna + R"("metadata":")" + long_text(signal::max_metadata_size + 1),
          to_anna + R"("attributes":{"k":")" + long_text(signal::max_attributes_size) + "}"}) {
        const auto [status, body] = ask(hall, "UpdateParticipant", json);
        EXPECT_EQ(status, 400) << json.substr(0, 80);
        EXPECT_NE(body.find("invalid_argument"), std::string::npos) << body;
    }
    const auto [status, body] = ask(
        hall, "UpdateParticipant",
        to_anna + R"("name":"Anna B","attributes":{"k":"v"},"permission":{"canSubscribe":true}})");
    EXPECT_EQ(status, 200);
    EXPECT_EQ(info_in(body).name(), "Anna B");
    EXPECT_EQ(info_in(body).attributes().at("k"), "v");
    EXPECT_FALSE(info_in(body).permission().can_publish());
}

TEST(RoomServiceOfARoom, KeepsTheRoomsMetadataWithinItsLimit) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    const std::string begin = R"({"room":"biology","metadata":")";
    EXPECT_EQ(ask(hall, "UpdateRoomMetadata",
                  begin + std::string(signal::max_metadata_size + 1, 'x') + "\"}")
                  .first,
              400);
    EXPECT_EQ(ask(hall, "UpdateRoomMetadata", begin + "m\"}").first, 200);
    const auto update = hall.log(1).find(Hall::Response::kRoomUpdate);
    ASSERT_TRUE(update);
    EXPECT_EQ(update->room_update().room().metadata(), "m");
}

TEST(RoomServiceOfARoom, OpensNobodysMicrophone) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    const std::string sid = hall.publish(1, livekit::AUDIO, livekit::MICROPHONE);
    const std::string begin = R"({"room":"biology","identity":"anna","track_sid":")" + sid;
    EXPECT_EQ(ask(hall, "MutePublishedTrack", begin + R"(","muted":true})").first, 200);
    const auto [status, body] = ask(hall, "MutePublishedTrack", begin + R"("})");
    EXPECT_EQ(status, 400);
    EXPECT_NE(body.find("failed_precondition"), std::string::npos) << body;
    EXPECT_EQ(ask(hall, "MutePublishedTrack",
                  R"({"room":"biology","identity":"anna","trackSid":"TR_x","muted":true})")
                  .first,
              404);
}

}  // namespace
}  // namespace aula::room
