// SPDX-License-Identifier: Apache-2.0
#include "lesson/json.hpp"

#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace aula::lesson {
namespace {

constexpr WallTime start{std::chrono::seconds(1'700'000'000)};

Refusal refusal_of(std::string_view json) {
    const auto message = parse_message(json, "p");
    EXPECT_FALSE(message) << json;
    return message ? Refusal{255} : message.error().refusal;
}

template <class What>
What asked(std::string_view json) {
    const auto message = parse_message(json, "p");
    EXPECT_TRUE(message) << json;
    EXPECT_EQ(message->command->by, "p");
    return std::get<What>(message->command->what);
}

TEST(ClassroomJson, ReadsEveryCommandOfTheDocument) {
    EXPECT_EQ(
        asked<command::Chat>(R"({"id":1,"command":"chat","text":"Hallo","nonce":"q9"})").nonce,
        "q9");
    EXPECT_EQ(asked<command::Chat>(R"({"id":1,"command":"chat","text":"Hallo"})").text, "Hallo");
    asked<command::RaiseHand>(R"({"id":2,"command":"raise_hand"})");
    EXPECT_FALSE(asked<command::LowerHand>(R"({"id":3,"command":"lower_hand"})").identity);
    EXPECT_EQ(
        asked<command::LowerHand>(R"({"id":3,"command":"lower_hand","identity":"q"})").identity,
        "q");
    EXPECT_EQ(
        asked<command::SetRole>(R"({"id":4,"command":"set_role","identity":"q","role":"teacher"})")
            .role,
        Role::teacher);
    EXPECT_EQ(asked<command::Mute>(R"({"id":5,"command":"mute"})").source, Source::microphone);
    EXPECT_EQ(
        asked<command::Mute>(R"({"id":5,"command":"mute","identity":"q","source":"all"})").source,
        Source::all);
    const auto settings = asked<command::ChangeSettings>(
        R"({"id":6,"command":"settings","settings":{"chat":false,"guests":"deny"}})");
    EXPECT_EQ(settings.change.chat, false);
    EXPECT_EQ(settings.change.camera, std::nullopt);
    EXPECT_EQ(settings.change.guests, GuestPolicy::deny);
    EXPECT_EQ(asked<command::Remove>(R"({"id":7,"command":"remove","identity":"q"})").identity,
              "q");
    EXPECT_EQ(
        asked<command::AllowBack>(R"({"id":8,"command":"allow_back","identity":"q"})").identity,
        "q");
    EXPECT_FALSE(
        asked<command::Spotlight>(R"({"id":9,"command":"spotlight","identity":null})").identity);
    EXPECT_EQ(asked<command::Leave>(R"({"id":10,"command":"leave","identity":"q"})").identity, "p");
    asked<command::End>(R"({"id":11,"command":"end","future":[1]})");
    EXPECT_FALSE(parse_message(R"({"id":12,"command":"ping"})", "p")->command);
}

TEST(ClassroomJson, RefusesWhatIsNotACommand) {
    for (const char* json :
         {"", "{", "[]", "null", "\"x\"", "{}", R"({"id":1})", R"({"command":"ping"})",
          R"({"id":-1,"command":"ping"})", R"({"id":1.5,"command":"ping"})",
          R"({"id":1e300,"command":"ping"})", R"({"id":"1","command":"ping"})",
          R"({"id":1,"command":7})", R"({"id":1,"command":"chat"})",
          R"({"id":1,"command":"chat","text":1})",
          R"({"id":1,"command":"set_role","identity":"q","role":"king"})",
          R"({"id":1,"command":"settings","settings":{"chat":"no"}})",
          R"({"id":1,"command":"settings"})", "{\"id\":1,\"command\":\"\xff\"}"}) {
        EXPECT_EQ(refusal_of(json), Refusal::bad_message) << json;
    }
    EXPECT_EQ(refusal_of(std::string(70'000, ' ')), Refusal::bad_message);
    EXPECT_EQ(refusal_of(std::string(60'000, '[')), Refusal::bad_message);
}

TEST(ClassroomJson, CommandsOfThePlatformAreUnknownToClients) {
    for (const char* name : {"open", "join", "disconnect", "announce", "close", "dance"}) {
        const std::string json = R"({"id":9,"command":")" + std::string(name) + "\"}";
        EXPECT_EQ(refusal_of(json), Refusal::unknown_command) << name;
        EXPECT_EQ(parse_message(json, "p").error().id, 9u);
    }
}

TEST(ClassroomJson, AnswersAreAsDocumented) {
    EXPECT_EQ(ok(5, 43), R"({"type":"ok","id":5,"seq":43})");
    EXPECT_EQ(
        refused(6, Refusal::locked),
        R"({"type":"refused","id":6,"code":"locked","text":"The teacher has locked this for pupils."})");
    EXPECT_EQ(pong(7, start), R"({"type":"pong","id":7,"at":1700000000000})");
}

TEST(ClassroomJson, AnEventIsAsDocumented) {
    const Event event{43, start, event::Chatted{"p-17", "Mia", Role::pupil, "Hallo", "q9"}};
    EXPECT_EQ(
        to_json(event),
        R"({"type":"event","seq":43,"at":1700000000000,"event":{"type":"chat","identity":"p-17",)"
        R"("name":"Mia","role":"pupil","text":"Hallo","nonce":"q9"}})");
}

TEST(ClassroomJson, RefusesBrokenEvents) {
    for (
        const char* json :
        {"", "{}", R"({"type":"event","seq":1,"at":0})",
         R"({"type":"event","seq":1,"at":0,"event":{}})",
         R"({"type":"event","seq":1,"at":0,"event":{"type":"dance"}})",
         R"({"type":"event","seq":1,"at":0,"event":{"type":"left","identity":"p"}})",
         R"({"type":"event","seq":1,"at":0,"event":{"type":"left","identity":"p","reason":"bored"}})",
         R"({"type":"event","seq":1,"at":-5,"event":{"type":"reopened"}})",
         R"({"type":"event","seq":1,"at":9e15,"event":{"type":"reopened"}})",
         R"({"type":"nothing","seq":1,"at":0,"event":{"type":"reopened"}})"}) {
        EXPECT_FALSE(parse_event(json)) << json;
    }
    EXPECT_TRUE(parse_event(R"({"type":"event","seq":1,"at":0,"event":{"type":"reopened"}})"));
}

/// The fenced and inline JSON of the document that has this text in it.
std::string document() {
    std::ifstream file(AULA_SOURCE_DIR "/docs/protocol/classroom.md");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(ClassroomJson, TheDocumentsWelcomeIsAStoredSnapshotToo) {
    const std::string text = document();
    const auto from = text.find("{\"type\":\"welcome\"");
    const auto to = text.find("```", from);
    ASSERT_NE(from, std::string::npos);
    const auto message = boost::json::parse(text.substr(from, to - from)).as_object();
    const auto snapshot = parse_snapshot(boost::json::serialize(message.at("lesson")));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(boost::json::parse(to_json(*snapshot)), message.at("lesson"));

    Lesson lesson;
    lesson.restore(42, *snapshot);
    const auto made = welcome(lesson, *lesson.find("t-1"), std::nullopt, start);
    EXPECT_EQ(boost::json::parse(made), boost::json::value(message));
}

TEST(ClassroomJson, AStoredSnapshotStandsForTheEventsBeforeIt) {
    Lesson lesson;
    std::vector<std::string> stored;
    const auto apply = [&](std::string by, decltype(Command::what) what) {
        const auto events = lesson.apply({std::move(by), std::move(what)}, start);
        ASSERT_TRUE(events);
        for (const Event& event : *events) stored.push_back(to_json(event));
    };
    apply("", command::Open{"L1", "7b", {}});
    apply("", command::Join{"t", "Weber", Role::teacher});
    apply("t", command::Chat{"Guten Morgen", "n1"});
    const auto at_three = stored_snapshot(lesson.seq(), lesson.snapshot());
    apply("t", command::RaiseHand{});

    Lesson again;
    ASSERT_TRUE(take_stored(again, at_three));
    EXPECT_FALSE(take_stored(again, stored[2])) << "the snapshot stands for it";
    EXPECT_FALSE(take_stored(again, at_three)) << "only first";
    ASSERT_TRUE(take_stored(again, stored[3]));
    EXPECT_EQ(again.seq(), lesson.seq());
    EXPECT_EQ(again.snapshot(), lesson.snapshot());
    EXPECT_FALSE(again.since("L1", 2)) << "events before the snapshot are gone";

    for (const char* broken :
         {"", "[]", R"({"type":"snapshot"})", R"({"type":"snapshot","seq":3,"lesson":{}})",
          R"({"type":"snapshot","seq":3,"lesson":null})"}) {
        Lesson none;
        EXPECT_FALSE(take_stored(none, broken)) << broken;
        EXPECT_EQ(none.seq(), 0u);
    }
}

TEST(ClassroomJson, AWelcomeCatchesUpWithEventsWhenItCan) {
    Lesson lesson;
    ASSERT_TRUE(lesson.apply({"", command::Open{"L1", "7b", {}}}, start));
    ASSERT_TRUE(lesson.apply({"", command::Join{"p", "Mia", Role::pupil}}, start));
    const auto json = [&](std::optional<CatchUp> from) {
        return boost::json::parse(welcome(lesson, *lesson.find("p"), from, start)).as_object();
    };
    EXPECT_TRUE(json(std::nullopt).at("events").is_null());
    EXPECT_TRUE(json(CatchUp{"L0", 1}).at("events").is_null());
    const auto events = json(CatchUp{"L1", 1});
    EXPECT_TRUE(events.at("lesson").is_null());
    ASSERT_EQ(events.at("events").as_array().size(), 1u);
    EXPECT_EQ(events.at("events").at(0).at("event").at("type"), "joined");
    EXPECT_EQ(json(CatchUp{"L1", 2}).at("events").as_array().size(), 0u);
}

TEST(ClassroomJson, APupilsWelcomeNamesNobodyAtTheDoor) {
    Lesson lesson;
    Settings asks;
    asks.guests = GuestPolicy::ask;
    ASSERT_TRUE(lesson.apply({"", command::Open{"L1", "7b", asks}}, start));
    ASSERT_TRUE(lesson.apply({"", command::Join{"t", "Weber", Role::teacher}}, start));
    ASSERT_TRUE(lesson.apply({"", command::Join{"p", "Mia", Role::pupil}}, start));
    for (const char* guest : {"Guest One", "Guest Two", "Guest Three"})
        ASSERT_TRUE(lesson.apply({"", command::Knock{guest, guest}}, start));
    ASSERT_TRUE(lesson.apply({"t", command::Admit{"Guest One"}}, start));
    ASSERT_TRUE(lesson.apply({"t", command::TurnAway{"Guest Two"}}, start));
    const auto text = [&](const char* who, std::optional<CatchUp> from) {
        return welcome(lesson, *lesson.find(who), from, start);
    };
    for (const auto& from : {std::optional<CatchUp>(), std::optional(CatchUp{"L1", 3})}) {
        EXPECT_EQ(text("p", from).find("Guest"), std::string::npos) << text("p", from);
        EXPECT_NE(text("t", from).find("Guest Three"), std::string::npos);
    }
    const auto events = boost::json::parse(text("p", CatchUp{"L1", 3})).at("events").as_array();
    ASSERT_EQ(events.size(), 5u) << "the sequence has no gap";
    EXPECT_EQ(events[0].at("event").at("type"), "at_door");

    // Who became a teacher during a break has to learn who knocked before it.
    ASSERT_TRUE(lesson.apply({"t", command::SetRole{"p", Role::teacher}}, start));
    const auto since = CatchUp{"L1", lesson.seq() - 1};
    EXPECT_NE(text("p", since).find("Guest Three"), std::string::npos);
}

}  // namespace
}  // namespace aula::lesson
