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
    ASSERT_EQ(hall.log(1).texts.size(), 1u);
    EXPECT_TRUE(hall.log(1).has_text("\"welcome\""));
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

}  // namespace
}  // namespace aula::room
