// SPDX-License-Identifier: Apache-2.0
#include "signal/frame.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "signal/ids.hpp"
#include "signal/json.hpp"
#include "signal/livekit.pb.h"

namespace aula::signal {
namespace {

TEST(Frame, ReadsWhatTheClientsMake) {
    // Made by @livekit/protocol 1.52.
    const auto request = parse_request(*from_hex("3a120a0854525f564361626328c00230b401380f"));
    ASSERT_TRUE(request);
    ASSERT_EQ(request->message_case(), livekit::SignalRequest::kTrackSetting);
    EXPECT_EQ(request->track_setting().track_sids(0), "TR_VCabc");
    EXPECT_EQ(request->track_setting().width(), 320u);
    EXPECT_EQ(request->track_setting().fps(), 15u);
    EXPECT_EQ(to_frame(*request), *from_hex("3a120a0854525f564361626328c00230b401380f"));
}

TEST(Frame, RefusesTooLargeTruncatedAndNotUtf8) {
    EXPECT_EQ(parse_request(Buffer(max_frame_size + 1)).error(), SignalError::size);
    EXPECT_EQ(parse_request(*from_hex("3a12")).error(), SignalError::message);
    // mute{sid: 0xff}: a proto3 string is UTF-8.
    EXPECT_EQ(parse_request(*from_hex("2a030a01ff")).error(), SignalError::message);
    EXPECT_EQ(parse_data_packet(Buffer(max_data_packet_size + 1)).error(), SignalError::size);
}

TEST(Frame, KeepsFieldsItDoesNotKnow) {
    // Field 8 of a DataPacket (metrics) with content of its own, and field 99.
    const Buffer packet = *from_hex("420208079a060141");
    const auto parsed = parse_data_packet(packet);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(to_frame(*parsed), packet);
}

TEST(Frame, NestedTooDeepIsRefused) {
    // sync_state.subscription ... cannot nest, but unknown groups can (wire type 3).
    EXPECT_EQ(parse_request(Buffer(100'000, 0x9b)).error(), SignalError::message);
}

TEST(Json, OfTheRoomServiceHasOriginalNamesAndDefaults) {
    livekit::Room room;
    room.set_name("7b");
    room.set_creation_time(1700000000);
    const std::string json = to_json(room, JsonStyle::room_service);
    EXPECT_NE(json.find(R"("empty_timeout":0)"), std::string::npos) << json;
    EXPECT_NE(json.find(R"("creation_time":"1700000000")"), std::string::npos) << json;
}

TEST(Json, OfAWebhookIsCamelCaseWithoutDefaults) {
    livekit::WebhookEvent event;
    event.set_event("room_started");
    event.mutable_room()->set_num_participants(3);
    EXPECT_EQ(to_json(event, JsonStyle::webhook),
              R"({"event":"room_started","room":{"numParticipants":3}})");
}

TEST(Json, ReadsEitherStyleAndSkipsTheUnknown) {
    livekit::CreateRoomRequest request;
    ASSERT_TRUE(
        from_json(R"({"name":"a","emptyTimeout":5,"agents":[{"x":1}],"future":{}})", request));
    EXPECT_EQ(request.empty_timeout(), 5u);
    ASSERT_TRUE(from_json(R"({"empty_timeout":6})", request));
    EXPECT_EQ(request.empty_timeout(), 6u);
    EXPECT_EQ(request.name(), "");
}

TEST(Json, RefusesGarbageAndTooMuch) {
    livekit::CreateRoomRequest request;
    EXPECT_EQ(from_json("{", request).error(), SignalError::message);
    EXPECT_EQ(from_json(R"({"name":{}})", request).error(), SignalError::message);
    EXPECT_EQ(from_json(std::string(100'000, '['), request).error(), SignalError::message);
    EXPECT_EQ(from_json("{}     ", request, 4).error(), SignalError::size);
}

TEST(Ids, HaveThePrefixesClientsLookFor) {
    EXPECT_EQ(make_participant_id().substr(0, 3), "PA_");
    EXPECT_EQ(make_participant_id().size(), 15u);
    EXPECT_EQ(make_room_id().substr(0, 3), "RM_");
    EXPECT_EQ(make_track_id(livekit::AUDIO, livekit::MICROPHONE).substr(0, 5), "TR_AM");
    EXPECT_EQ(make_track_id(livekit::VIDEO, livekit::CAMERA).substr(0, 5), "TR_VC");
    EXPECT_EQ(make_track_id(livekit::VIDEO, livekit::SCREEN_SHARE).substr(0, 5), "TR_VS");
    EXPECT_EQ(make_track_id(livekit::AUDIO, livekit::SCREEN_SHARE_AUDIO).substr(0, 5), "TR_As");
    EXPECT_NE(make_participant_id(), make_participant_id());
}

}  // namespace
}  // namespace aula::signal
