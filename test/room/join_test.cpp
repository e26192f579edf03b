// SPDX-License-Identifier: Apache-2.0
// Who gets into a room, what they are told, and how they leave it.
#include "hall.hpp"

namespace aula::room {
namespace {

using Response = livekit::SignalResponse;

TEST(Join, IsAnsweredWithTheRoomAndThosePresent) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::token("ben"));
    const SocketLog ben = hall.log(2);
    ASSERT_TRUE(ben.accepted);
    ASSERT_FALSE(ben.signals.empty());
    ASSERT_EQ(ben.signals.front().message_case(), Response::kJoin);
    const livekit::JoinResponse& join = ben.signals.front().join();
    ASSERT_EQ(join.other_participants_size(), 1);
    EXPECT_EQ(join.other_participants(0).identity(), "anna");
    EXPECT_FALSE(join.server_info().version().empty());
    EXPECT_TRUE(join.participant().permission().can_publish());
    ASSERT_TRUE(ben.find(Response::kRefreshToken));
    const auto update = hall.log(1).find(Response::kUpdate);
    ASSERT_TRUE(update);
    EXPECT_EQ(update->update().participants(0).identity(), "ben");
}

TEST(Join, OfTheSameIdentityTakesTheFirstOnesPlace) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::token("ben"));
    const std::string first = hall.sid(1);
    hall.join(3, Hall::token("anna"));
    const auto leave = hall.log(1).find(Response::kLeave);
    ASSERT_TRUE(leave);
    EXPECT_EQ(leave->leave().reason(), livekit::DUPLICATE_IDENTITY);
    EXPECT_EQ(leave->leave().action(), livekit::LeaveRequest::DISCONNECT);
    EXPECT_TRUE(hall.log(1).closed);
    EXPECT_NE(hall.sid(3), first);
    hall.run([](Room& room) { EXPECT_EQ(room.participants().size(), 2u); });
    // Its end leaves the newcomer alone.
    hall.hang_up(1);
    hall.run([](Room& room) { EXPECT_FALSE(room.participant("anna")->socket_lost); });
}

TEST(Join, IsRefusedWhenTheRoomIsFull) {
    RoomSettings settings;
    settings.max_participants = 1;
    Hall hall(std::move(settings));
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::token("ben"));
    EXPECT_EQ(hall.log(2).refused, 403);
    hall.join(3, Hall::token("anna"));  // takes no further place
    EXPECT_TRUE(hall.log(3).accepted);
}

TEST(Join, OfAHiddenOneIsNotSeen) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    signal::AccessToken hidden = Hall::token("recorder");
    hidden.video.hidden = true;
    hall.join(2, hidden);
    hall.join(3, Hall::token("ben"));
    EXPECT_EQ(hall.log(3).find(Response::kJoin)->join().other_participants_size(), 1);
    hall.run([](Room& room) { EXPECT_EQ(room.classroom().lesson().find("recorder"), nullptr); });
}

TEST(Join, ShowsTheKindOfTheTokenAndKeepsThePlatformsAttributes) {
    Hall hall;
    signal::AccessToken bot = Hall::token("bot");
    bot.kind = "connector";
    bot.kind_details = {"connector_whatsapp", "of_tomorrow"};
    bot.attributes["aula.role"] = "pupil";
    livekit::JoinRequest request;
    (*request.mutable_participant_attributes())["aula.role"] = "teacher";
    (*request.mutable_participant_attributes())["aula.other"] = "x";
    (*request.mutable_participant_attributes())["own"] = "y";
    hall.join(1, bot, request);
    const auto info = hall.log(1).find(Response::kJoin)->join().participant();
    EXPECT_EQ(info.kind(), livekit::ParticipantInfo::CONNECTOR);
    ASSERT_EQ(info.kind_details_size(), 1);
    EXPECT_EQ(info.kind_details(0), livekit::ParticipantInfo::CONNECTOR_WHATSAPP);
    EXPECT_EQ(info.attributes().at("aula.role"), "pupil");
    EXPECT_EQ(info.attributes().at("own"), "y");
    EXPECT_EQ(info.attributes_size(), 2);

    signal::AccessToken agent = Hall::token("agent");
    agent.video.agent = true;
    hall.join(2, agent);
    EXPECT_EQ(hall.log(2).find(Response::kJoin)->join().participant().kind(),
              livekit::ParticipantInfo::AGENT);
}

TEST(Resume, OfAKnownSessionBeginsWithReconnectAndTellsWhoLeft) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::token("ben"));
    const std::string sid = hall.sid(1);
    hall.hang_up(1);
    hall.say(2, [] {
        livekit::SignalRequest leave;
        leave.mutable_leave();
        return leave;
    }());
    hall.resume(3, Hall::token("anna"), sid);
    const SocketLog anna = hall.log(3);
    ASSERT_FALSE(anna.signals.empty());
    ASSERT_EQ(anna.signals[0].message_case(), Response::kReconnect);
    ASSERT_EQ(anna.signals[1].message_case(), Response::kUpdate);
    const livekit::ParticipantUpdate& update = anna.signals[1].update();
    ASSERT_EQ(update.participants_size(), 2);
    EXPECT_EQ(update.participants(0).identity(), "ben");
    EXPECT_EQ(update.participants(0).state(), livekit::ParticipantInfo::DISCONNECTED);
    EXPECT_EQ(update.participants(1).identity(), "anna");
}

TEST(Resume, OfAnUnknownSessionOrOtherPathSendsTheClientBackWhole) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.resume(2, Hall::token("anna"), "PA_somebodyelse");
    hall.resume(3, Hall::token("ben"), "");
    hall.resume(4, Hall::token("anna"), hall.sid(1), false);
    for (const unsigned socket : {2u, 3u, 4u}) {
        const SocketLog log = hall.log(socket);
        ASSERT_EQ(log.signals.size(), 1u) << socket;
        EXPECT_EQ(log.signals[0].leave().action(), livekit::LeaveRequest::RECONNECT);
        EXPECT_TRUE(log.closed);
    }
    EXPECT_FALSE(hall.log(1).closed);
}

TEST(Resume, OffersAnewWhatMayHaveBeenLostWithTheSocket) {
    Hall hall;
    hall.join(1, Hall::token("anna"), {}, false);
    const auto first = hall.log(1).find(Response::kOffer);
    ASSERT_TRUE(first);
    hall.hang_up(1);
    hall.resume(2, Hall::token("anna"), hall.sid(1), false);
    const auto again = hall.log(2).find(Response::kOffer);
    ASSERT_TRUE(again);
    EXPECT_GT(again->offer().id(), first->offer().id());
}

TEST(Leave, IsTheClientsWishWhateverReasonItGives) {
    RoomSettings settings;
    settings.departure_timeout = 0s;
    Hall hall(std::move(settings));
    hall.join(1, Hall::token("anna"));
    livekit::SignalRequest leave;
    leave.mutable_leave()->set_reason(livekit::DUPLICATE_IDENTITY);
    hall.say(1, leave);
    // The lesson knows of it too, so the room ends when its time is over.
    EXPECT_TRUE(hall.until([&] { return hall.closed.has_value(); }));
}

TEST(Room, ClosesWhenNobodyCame) {
    RoomSettings settings;
    settings.empty_timeout = 0s;
    Hall hall(std::move(settings));
    ASSERT_TRUE(hall.until([&] { return hall.closed.has_value(); }));
    EXPECT_EQ(*hall.closed, "ROOM_CLOSED");
    const auto webhooks = hall.webhooks();
    EXPECT_NE(webhooks.front().find("room_started"), std::string::npos);
    EXPECT_NE(webhooks.back().find("room_finished"), std::string::npos);
}

TEST(Room, ThatMovesSaysSoToAll) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.enter_classroom(2, Hall::token("anna"));
    hall.run(
        [](Room& room) { room.close(livekit::SERVER_SHUTDOWN, livekit::LeaveRequest::RECONNECT); });
    EXPECT_EQ(hall.log(1).find(Response::kLeave)->leave().action(),
              livekit::LeaveRequest::RECONNECT);
    EXPECT_EQ(hall.log(2).closed, static_cast<std::uint16_t>(lesson::CloseCode::restart));
    EXPECT_TRUE(hall.closed);
}

TEST(Room, MayDieWithPeopleInIt) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::token("ben"));
    EXPECT_FALSE(hall.publish(1, livekit::AUDIO, livekit::MICROPHONE).empty());
    hall.run([](Room& room) { EXPECT_EQ(room.participant("ben")->subscriptions.size(), 1u); });
    hall.shard.reset();  // a process that ends without a word
}

TEST(Flood, OfSignalsEndsWithTheDoor) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::token("ben"));
    livekit::SignalRequest ping;
    ping.set_ping(1);
    const Buffer frame = signal::to_frame(ping);
    hall.run([&](Room& room) {
        for (int i = 0; i < 5000; ++i) room.on_message(SocketId(1), true, frame);
        EXPECT_EQ(room.counters().signal_floods, 1u);
        EXPECT_EQ(room.participants().size(), 1u);
    });
    EXPECT_TRUE(hall.log(1).closed);
    EXPECT_FALSE(hall.log(2).closed);
}

TEST(Flood, OfGarbageIsCounted) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.run([](Room& room) {
        const Buffer garbage(100, 0xff);
        for (int i = 0; i < 10; ++i) room.on_message(SocketId(1), true, garbage);
        room.on_message(SocketId(1), false, bytes_of("{\"ping\":1}"));
        room.on_message(SocketId(99), true, garbage);  // a socket that nobody knows
        EXPECT_EQ(room.counters().bad_signals, 11u);
    });
}

}  // namespace
}  // namespace aula::room
