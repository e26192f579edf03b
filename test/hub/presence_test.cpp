// SPDX-License-Identifier: Apache-2.0
#include "hub/presence.hpp"

#include <gtest/gtest.h>

#include "lesson/json.hpp"

using namespace aula;
using namespace aula::hub;
namespace command = aula::lesson::command;
using Use = Presence::TrackUse;

namespace {

/// Events as a node's room makes them.
struct RoomOfNode {
    std::vector<std::string> apply(std::string by, decltype(lesson::Command::what) what) {
        std::vector<std::string> json;
        const auto events =
            lesson.apply({std::move(by), std::move(what)}, WallClock::now()).value();
        for (const auto& event : events) {
            json.push_back(lesson::to_json(event));
        }
        return json;
    }
    lesson::Lesson lesson;
};

}  // namespace

TEST(Presence, FollowsTheLessonsEvents) {
    RoomOfNode room;
    Presence presence;
    std::vector<std::string> joined, left;
    const auto follow = [&](const std::vector<std::string>& events) {
        std::optional<lesson::EndReason> ended;
        for (const auto& event : events) {
            const auto change = presence.replay(event);
            EXPECT_TRUE(change.taken);
            if (change.joined != nullptr) joined.push_back(change.joined->identity);
            if (change.left) left.push_back(change.left->identity);
            if (change.ended) ended = change.ended;
            EXPECT_FALSE(presence.replay(event).taken) << "sent again";
        }
        return ended;
    };
    presence.expect("p-1", {{"color", "blue"}});
    presence.on_track("p-1", "TR_1", Use::voice, true);  // its join is still on the way to the disk
    follow(room.apply("", command::Open{"l-1", "Physics", {}}));
    follow(room.apply("", command::Join{"t-1", "Weber", lesson::Role::teacher}));
    follow(room.apply("", command::Join{"p-1", "Emma", lesson::Role::pupil}));
    ASSERT_EQ(presence.attendees().size(), 2u);
    const Attendee& emma = presence.attendees().at("p-1");
    EXPECT_EQ(emma.name, "Emma");
    EXPECT_EQ(emma.role, Role::pupil);
    EXPECT_EQ(emma.attributes.at("color"), "blue");
    EXPECT_EQ(emma.audio_tracks, 1u);
    EXPECT_EQ(presence.attendees().at("t-1").role, Role::teacher);

    EXPECT_EQ(presence.on_track("p-1", "TR_2", Use::camera, true), &emma);
    EXPECT_EQ(presence.on_track("p-1", "TR_2", Use::camera, true), nullptr) << "nothing changed";
    EXPECT_EQ(emma.video_tracks, 1u);
    presence.on_track("p-1", "TR_3", Use::screen, true);
    EXPECT_EQ(emma.video_tracks, 1u) << "a shared screen is no camera";
    follow(room.apply("p-1", command::RaiseHand{}));
    EXPECT_TRUE(emma.hand_raised);
    follow(room.apply("", command::Disconnect{"p-1"}));
    EXPECT_EQ(emma.audio_tracks + emma.video_tracks, 0u);
    follow(room.apply("", command::Join{"p-1", "Emma", lesson::Role::pupil}));
    EXPECT_EQ(joined, (std::vector<std::string>{"t-1", "p-1"})) << "coming back is not joining";

    follow(room.apply("t-1", command::Remove{"p-1"}));
    EXPECT_EQ(left, std::vector<std::string>{"p-1"});
    EXPECT_TRUE(presence.was_removed("p-1"));
    EXPECT_EQ(follow(room.apply("t-1", command::End{})), lesson::EndReason::teacher);
}

TEST(Presence, ALessonThatBeganAnewIsFollowedAgain) {
    const auto events = [](WallTime at) {
        lesson::Lesson room;
        std::vector<std::string> json;
        for (const lesson::Command& command :
             {lesson::Command{"", command::Open{"l-1", "Physics", {}}},
              lesson::Command{"", command::Join{"p-1", "Emma", lesson::Role::pupil}}}) {
            const auto made = room.apply(command, at).value();
            for (const auto& event : made) json.push_back(lesson::to_json(event));
        }
        return json;
    };
    const WallTime monday = WallTime(std::chrono::seconds(1'790'000'000));
    Presence presence;
    for (const auto& event : events(monday)) EXPECT_TRUE(presence.replay(event).taken);
    presence.on_track("p-1", "TR_1", Use::voice, true);
    for (const auto& event : events(monday)) EXPECT_FALSE(presence.replay(event).taken);
    EXPECT_EQ(presence.attendees().at("p-1").audio_tracks, 1u);
    for (const auto& event : events(monday + std::chrono::hours(24))) {
        EXPECT_TRUE(presence.replay(event).taken);
    }
    EXPECT_EQ(presence.attendees().at("p-1").audio_tracks, 0u);
}

TEST(Presence, BeginsFromAStoredSnapshot) {
    RoomOfNode room;
    room.apply("", command::Open{"l-1", "Physics", {}});
    room.apply("", command::Join{"t-1", "Weber", lesson::Role::teacher});
    room.apply("", command::Join{"p-1", "Emma", lesson::Role::pupil});
    room.apply("", command::Join{"p-2", "Max", lesson::Role::pupil});
    room.apply("t-1", command::Remove{"p-2"});
    Presence presence;
    presence.restore(lesson::stored_snapshot(room.lesson.seq(), room.lesson.snapshot()));
    EXPECT_EQ(presence.attendees().size(), 2u);
    EXPECT_EQ(presence.attendees().at("t-1").role, Role::teacher);
    EXPECT_TRUE(presence.was_removed("p-2"));
    for (const auto& event : room.apply("p-1", command::RaiseHand{})) presence.restore(event);
    EXPECT_TRUE(presence.attendees().at("p-1").hand_raised);
}

TEST(Presence, GarbageAndGapsChangeNothing) {
    RoomOfNode room;
    Presence presence;
    for (const char* garbage : {"", "{}", "[1]", R"({"type":"event","seq":"x"})"}) {
        EXPECT_FALSE(presence.replay(garbage).taken) << garbage;
    }
    room.apply("", command::Open{"l-1", "Physics", {}});
    for (const auto& event : room.apply("", command::Join{"p-1", "Emma", lesson::Role::pupil})) {
        EXPECT_FALSE(presence.replay(event).taken) << "the first event is missing";
    }
    for (int i = 0; i < 20'000; ++i) presence.on_track(std::to_string(i), "TR_1", Use::voice, true);
    EXPECT_TRUE(presence.attendees().empty());
}

TEST(Presence, KnowsWhatAGuestFindsAtTheDoor) {
    using Lobby = Lessons::Lobby;
    using lesson::GuestPolicy;
    RoomOfNode room;
    Presence presence;
    EXPECT_EQ(presence.lobby("g", GuestPolicy::admit), Lobby::enters) << "before it began";
    EXPECT_EQ(presence.lobby("g", GuestPolicy::ask), Lobby::waits);
    EXPECT_EQ(presence.lobby("g", GuestPolicy::deny), Lobby::turned_away);
    std::vector<std::string> stored;
    const auto follow = [&](const std::vector<std::string>& events) {
        for (const auto& event : events) {
            stored.push_back(event);
            presence.replay(event);
        }
    };
    lesson::Settings settings;
    settings.guests = GuestPolicy::ask;
    follow(room.apply("", command::Open{"l-1", "Physics", settings}));
    follow(room.apply("", command::Join{"t", "Weber", lesson::Role::teacher}));
    for (const char* guest : {"g", "h", "i"}) follow(room.apply("", command::Knock{guest, guest}));
    EXPECT_EQ(presence.place_in_queue("i"), 3u);
    follow(room.apply("t", command::Admit{"g"}));
    follow(room.apply("t", command::TurnAway{"h"}));
    Presence after_restart;
    for (const auto& event : stored) after_restart.restore(event);
    for (const Presence* one : {&presence, &after_restart}) {
        EXPECT_EQ(one->lobby("g", GuestPolicy::ask), Lobby::enters);
        EXPECT_EQ(one->lobby("h", GuestPolicy::ask), Lobby::turned_away);
        EXPECT_EQ(one->lobby("i", GuestPolicy::ask), Lobby::waits);
        EXPECT_EQ(one->place_in_queue("i"), 1u);
    }
}
