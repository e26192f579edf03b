// SPDX-License-Identifier: Apache-2.0
// The lesson's socket: what is said counts, and is heard, once it is stored.
#include "hall.hpp"

namespace aula::room {
namespace {

TEST(Classroom, WelcomesWhenWhatItShowsIsStored) {
    Hall hall;
    hall.enter_classroom(1, Hall::token("anna"));
    EXPECT_TRUE(hall.log(1).texts.empty());
    hall.store_all();
    ASSERT_EQ(hall.log(1).texts.size(), 2u);
    EXPECT_NE(hall.log(1).texts[0].find("\"welcome\""), std::string::npos);
    EXPECT_NE(hall.log(1).texts[1].find("\"about\""), std::string::npos);
}

TEST(Classroom, AcknowledgesWhatIsStoredAndNotBefore) {
    Hall hall;
    hall.enter_classroom(1, Hall::token("anna"));
    hall.enter_classroom(2, Hall::token("ben"));
    hall.store_all();
    hall.say(1, R"({"id":7,"command":"chat","text":"Hello"})");
    EXPECT_FALSE(hall.log(1).has_text("\"ok\""));
    EXPECT_FALSE(hall.log(2).has_text("Hello"));
    hall.store_all();
    EXPECT_TRUE(hall.log(1).has_text("\"ok\""));
    EXPECT_TRUE(hall.log(2).has_text("Hello"));
}

TEST(Classroom, RefusesTheSixthMessageOfAFlood) {
    Hall hall;
    hall.enter_classroom(1, Hall::token("anna"));
    hall.run([](Room& room) {
        for (int i = 1; i <= 6; ++i) {
            const std::string chat = R"({"id":)" + std::to_string(i) +
                                     R"(,"command":"chat","text":"again )" + std::to_string(i) +
                                     "\"}";
            room.on_message(SocketId(1), false, bytes_of(chat));
        }
    });
    hall.store_all();
    EXPECT_TRUE(hall.log(1).has_text("again 5"));
    EXPECT_FALSE(hall.log(1).has_text("again 6"));
    EXPECT_TRUE(hall.log(1).has_text("too_fast"));
}

TEST(Classroom, HangsUpOnWhoSendsWhatNobodyCanRead) {
    Hall hall;
    hall.enter_classroom(1, Hall::token("anna"));
    hall.enter_classroom(2, Hall::token("ben"));
    hall.store_all();
    hall.say(1, "not JSON");
    EXPECT_TRUE(hall.log(1).has_text("bad_message"));
    EXPECT_FALSE(hall.log(1).closed);
    hall.run([](Room& room) {
        for (int i = 0; i < 100; ++i) room.on_message(SocketId(1), false, bytes_of("{}"));
    });
    EXPECT_EQ(hall.log(1).closed, static_cast<std::uint16_t>(lesson::CloseCode::bad_messages));
    EXPECT_FALSE(hall.log(2).closed);
}

TEST(Classroom, TheSecondWindowOfAPersonTakesOver) {
    Hall hall;
    hall.enter_classroom(1, Hall::token("anna"));
    hall.enter_classroom(2, Hall::token("anna"));
    EXPECT_EQ(hall.log(1).closed, static_cast<std::uint16_t>(lesson::CloseCode::replaced));
    EXPECT_FALSE(hall.log(2).closed);
}

TEST(Classroom, OnlyTheTeacherMutes) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.enter_classroom(2, Hall::token("anna"));
    hall.enter_classroom(3, Hall::token("ben"));
    hall.enter_classroom(4, Hall::teacher("smith"));
    hall.store_all();
    hall.publish(1, livekit::AUDIO, livekit::MICROPHONE);
    hall.say(3, R"({"id":1,"command":"mute","identity":"anna"})");
    hall.store_all();
    EXPECT_TRUE(hall.log(3).has_text("not_allowed"));
    EXPECT_FALSE(hall.log(1).find(livekit::SignalResponse::kMute));
    hall.say(4, R"({"id":1,"command":"mute","identity":"anna"})");
    EXPECT_TRUE(hall.log(1).find(livekit::SignalResponse::kMute));
}

TEST(Classroom, WhoIsRemovedHearsWhyAndStaysOut) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.enter_classroom(2, Hall::token("anna"));
    hall.enter_classroom(3, Hall::teacher("smith"));
    hall.store_all();
    hall.say(3, R"({"id":1,"command":"remove","identity":"anna"})");
    hall.store_all();
    EXPECT_EQ(hall.log(1).find(livekit::SignalResponse::kLeave)->leave().reason(),
              livekit::PARTICIPANT_REMOVED);
    EXPECT_EQ(hall.log(2).closed, static_cast<std::uint16_t>(lesson::CloseCode::removed));
    hall.join(4, Hall::token("anna"));
    EXPECT_EQ(hall.log(4).refused, 403);
    hall.enter_classroom(5, Hall::token("anna"));
    EXPECT_EQ(hall.log(5).closed, static_cast<std::uint16_t>(lesson::CloseCode::removed));
}

TEST(Classroom, TheEndIsTheEndForAll) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.enter_classroom(2, Hall::teacher("smith"));
    hall.store_all();
    hall.say(2, R"({"id":1,"command":"end"})");
    hall.store_all();
    ASSERT_TRUE(hall.until([&] { return hall.closed.has_value(); }));
    EXPECT_EQ(hall.log(2).closed, static_cast<std::uint16_t>(lesson::CloseCode::lesson_over));
    EXPECT_EQ(hall.log(1).find(livekit::SignalResponse::kLeave)->leave().reason(),
              livekit::ROOM_DELETED);
}

TEST(Classroom, GoesOnFromWhatWasStored) {
    Hall first;
    first.enter_classroom(1, Hall::token("anna"));
    first.store_all();
    first.say(1, R"({"id":1,"command":"chat","text":"Remember me"})");
    RoomSettings settings;
    settings.lesson_events = first.stored();
    Hall second(std::move(settings));
    second.enter_classroom(1, Hall::token("ben"));
    second.store_all();
    EXPECT_TRUE(second.log(1).has_text("Remember me"));
}

TEST(Classroom, GoesOnFromASnapshotAndTheEventsAfterIt) {
    Hall first;
    first.enter_classroom(1, Hall::token("anna"));
    first.store_all();
    first.say(1, R"({"id":1,"command":"chat","text":"Before the snapshot"})");
    lesson::Lesson so_far;
    for (const std::string& event : first.stored()) ASSERT_TRUE(lesson::take_stored(so_far, event));
    const std::size_t covered = first.stored().size();
    first.say(1, R"({"id":2,"command":"chat","text":"After it"})");
    const auto all = first.stored();

    RoomSettings settings;
    settings.lesson_events = {lesson::stored_snapshot(so_far.seq(), so_far.snapshot())};
    settings.lesson_events.insert(settings.lesson_events.end(),
                                  all.begin() + static_cast<std::ptrdiff_t>(covered), all.end());
    Hall second(std::move(settings));
    second.enter_classroom(1, Hall::token("ben"));
    second.store_all();
    EXPECT_TRUE(second.log(1).has_text("Before the snapshot"));
    EXPECT_TRUE(second.log(1).has_text("After it"));
    const auto reopened = lesson::parse_event(second.stored().front());
    ASSERT_TRUE(reopened);
    EXPECT_EQ(reopened->seq, all.size() + 1);
}

/// A room that asks a teacher before it lets guests in.
RoomSettings with_lobby() {
    RoomSettings settings;
    settings.setup.settings.guests = lesson::GuestPolicy::ask;
    settings.setup.welcome = "Welcome to biology";
    settings.setup.for_teachers = "The door code is 12";
    return settings;
}

signal::AccessToken guest(const std::string& who) {
    signal::AccessToken shown = Hall::token(who);
    shown.attributes["aula.guest"] = "ask";
    return shown;
}

TEST(Lobby, AGuestHearsNothingAndGetsNoMediaUntilAdmitted) {
    Hall hall(with_lobby());
    hall.enter_classroom(1, Hall::teacher("smith"));
    hall.store_all();
    hall.enter_classroom(2, guest("gina"));
    hall.store_all();
    EXPECT_TRUE(hall.log(2).has_text("\"waiting\""));
    EXPECT_FALSE(hall.log(2).has_text("\"welcome\""));
    EXPECT_TRUE(hall.log(1).has_text("\"knocked\""));
    hall.join(3, guest("gina"));
    EXPECT_EQ(hall.log(3).refused, 403);
    hall.say(1, R"({"id":1,"command":"chat","text":"among us"})");
    hall.say(2, R"({"id":1,"command":"chat","text":"let me in"})");
    hall.store_all();
    EXPECT_FALSE(hall.log(2).has_text("among us"));
    EXPECT_TRUE(hall.log(2).has_text("not_joined"));

    hall.say(1, R"({"id":2,"command":"admit","identity":"gina"})");
    hall.store_all();
    EXPECT_TRUE(hall.log(2).has_text("\"type\":\"welcome\""));
    EXPECT_TRUE(hall.log(2).has_text("Welcome to biology"));
    EXPECT_FALSE(hall.log(2).has_text("door code"));
    EXPECT_TRUE(hall.log(1).has_text("door code"));
    hall.join(4, guest("gina"));
    EXPECT_FALSE(hall.log(4).refused);
}

TEST(Lobby, OnlyTeachersHearWhoStandsAtTheDoor) {
    Hall hall(with_lobby());
    hall.enter_classroom(1, Hall::teacher("smith"));
    hall.enter_classroom(2, Hall::token("anna"));
    hall.store_all();
    hall.enter_classroom(3, guest("gina"));
    hall.store_all();
    EXPECT_TRUE(hall.log(1).has_text("gina"));
    EXPECT_FALSE(hall.log(2).has_text("gina"));
    EXPECT_TRUE(hall.log(2).has_text("at_door")) << "the sequence has no gap";
    hall.enter_classroom(4, Hall::token("ben"));
    hall.store_all();
    EXPECT_FALSE(hall.log(4).has_text("gina"));
    hall.say(1, R"({"id":1,"command":"set_role","identity":"anna","role":"teacher"})");
    hall.store_all();
    EXPECT_TRUE(hall.log(2).has_text("gina")) << "now a teacher";
    EXPECT_TRUE(hall.log(2).has_text("door code"));
    EXPECT_FALSE(hall.log(4).has_text("gina"));
}

TEST(Lobby, WhoIsTurnedAwayHearsItAndStaysOut) {
    Hall hall(with_lobby());
    hall.enter_classroom(1, Hall::teacher("smith"));
    hall.enter_classroom(2, guest("gina"));
    hall.store_all();
    hall.say(1, R"({"id":1,"command":"turn_away","identity":"gina"})");
    hall.store_all();
    const auto code = static_cast<std::uint16_t>(lesson::CloseCode::turned_away);
    EXPECT_EQ(hall.log(2).closed, code);
    hall.enter_classroom(3, guest("gina"));
    EXPECT_EQ(hall.log(3).closed, code);
    hall.enter_classroom(4, Hall::token("anna"));
    EXPECT_FALSE(hall.log(4).closed) << "not a guest";
}

TEST(Lobby, PlacesInTheQueueAreKept) {
    Hall hall(with_lobby());
    hall.enter_classroom(1, Hall::teacher("smith"));
    hall.enter_classroom(2, guest("gina"));
    hall.enter_classroom(3, guest("hugo"));
    hall.store_all();
    EXPECT_TRUE(hall.log(3).has_text("\"place\":2"));
    hall.say(1, R"({"id":1,"command":"admit","identity":"gina"})");
    hall.store_all();
    EXPECT_TRUE(hall.log(3).has_text("\"place\":1"));
    hall.say(1, R"({"id":2,"command":"admit"})");
    hall.store_all();
    EXPECT_TRUE(hall.log(3).has_text("\"type\":\"welcome\""));
}

TEST(Classroom, ThoseInsideHearWhyThePlatformEndedTheLesson) {
    Hall hall;
    hall.enter_classroom(1, Hall::token("anna"));
    hall.store_all();
    hall.run([](Room& room) { room.end(lesson::EndReason::time); });
    hall.store_all();
    EXPECT_TRUE(hall.log(1).has_text(R"("type":"ended","reason":"time")"));
    EXPECT_EQ(hall.log(1).closed, static_cast<std::uint16_t>(lesson::CloseCode::lesson_over));
    EXPECT_TRUE(hall.until([&] { return hall.closed.has_value(); }));
}

TEST(Classroom, EndsWithoutATeacherAfterItsTime) {
    RoomSettings settings;
    settings.setup.without_teacher = std::chrono::seconds(0);
    Hall hall(std::move(settings));
    hall.enter_classroom(1, Hall::token("anna"));
    hall.enter_classroom(2, Hall::teacher("smith"));
    hall.store_all();
    hall.say(2, R"({"id":1,"command":"leave"})");
    EXPECT_TRUE(hall.until([&] { return hall.closed.has_value(); }));
    bool told = false;
    for (const std::string& event : hall.stored())
        told |= event.find("no_teacher") != std::string::npos;
    EXPECT_TRUE(told);
}

TEST(Classroom, APupilsMicrophoneBeginsMutedWhereTheLessonSaysSo) {
    RoomSettings settings;
    settings.setup.begins_muted = true;
    Hall hall(std::move(settings));
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::teacher("smith"));
    hall.publish(1, livekit::AUDIO, livekit::MICROPHONE);
    hall.publish(2, livekit::AUDIO, livekit::MICROPHONE);
    const auto mute = hall.log(1).find(Hall::Response::kMute);
    ASSERT_TRUE(mute);
    EXPECT_TRUE(mute->mute().muted());
    EXPECT_FALSE(hall.log(2).find(Hall::Response::kMute));
}

}  // namespace
}  // namespace aula::room
