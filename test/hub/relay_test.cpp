// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "installation.hpp"
#include "lesson/json.hpp"
#include "lesson/lesson.hpp"

using namespace aula;
using namespace aula::hub;
using namespace aula::hub::testing;

namespace {

signal::VideoGrant join_grant() {
    signal::VideoGrant grant;
    grant.room_join = true;
    return grant;
}

struct RelayTest : ::testing::Test {
    std::string url(const std::string& path, const std::string& room,
                    const std::string& identity = "a") {
        return city.web_socket(path + "?access_token=" + city.token(room, identity, join_grant()));
    }
    std::string http_path(const std::string& path, const std::string& token) {
        return path + "?access_token=" + token;
    }

    Installation city;
};

}  // namespace

TEST_F(RelayTest, FramesPassBothWaysAndTheNodeSeesTheRequest) {
    const auto node = city.add_node("node-1");
    http::Headers headers;
    headers.set("user-agent", "a test");
    Visitor visitor(city.loop, url("/rtc/v1", "room") + "&join_request=abc", headers);
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.is_open(); }));
    const auto& open = node->streams.at(0);
    EXPECT_EQ(open.path(), "/rtc/v1");
    EXPECT_EQ(open.room(), "room");
    EXPECT_NE(open.query().find("join_request=abc"), std::string::npos);
    EXPECT_EQ(open.headers().at("user-agent"), "a test");
    EXPECT_EQ(open.client_address(), "127.0.0.1");
    EXPECT_TRUE(node->rooms.contains("room")) << "opened before the socket came";

    visitor.socket->send(true, bytes_of("hello"));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.messages.size() == 1; }));
    EXPECT_EQ(visitor.messages[0], "hello");
    visitor.socket->close(1000, "bye");
    ASSERT_TRUE(run_until(city.loop, [&] { return node->closed.contains(open.stream()); }));
    EXPECT_EQ(node->closed[open.stream()], 1000u);
}

TEST_F(RelayTest, RefusalsAreStatusesBeforeTheUpgrade) {
    const auto node = city.add_node("node-1");
    const auto status = [&](const std::string& address) {
        Visitor visitor(city.loop, address);
        EXPECT_TRUE(run_until(city.loop, [&] { return visitor.opened; }));
        return visitor.refused.value_or(0);
    };
    EXPECT_EQ(status(city.web_socket("/rtc")), 401);
    EXPECT_EQ(status(city.web_socket("/rtc?access_token=nonsense")), 401);
    EXPECT_EQ(status(city.web_socket("/rtc?access_token=%zz")), 401);
    EXPECT_EQ(status(city.web_socket("/rtc?access_token=" + city.token("room", "a"))), 403)
        << "no grant to join";
    EXPECT_EQ(status(url("/rtc", std::string(300, 'r'))), 401) << "a name beyond the limit";
    EXPECT_EQ(status(url("/rtc", "room")), 0);
    node->refuse_with = 400;
    EXPECT_EQ(status(url("/rtc", "room")), 400);
    EXPECT_EQ(city.call("GET", http_path("/rtc", city.token("room", "a", join_grant()))).status,
              404)
        << "no upgrade asked";
    EXPECT_EQ(city.call("GET", "//rtc//v1").status, 404);
}

TEST_F(RelayTest, ValidateSaysWhatTheSocketWould) {
    const auto good =
        city.call("GET", http_path("/rtc/v1/validate", city.token("room", "a", join_grant())));
    EXPECT_EQ(good.status, 200);
    EXPECT_EQ(good.body, "success");
    EXPECT_EQ(*good.headers.find("access-control-allow-origin"), "*");
    const auto bad = city.call("GET", "/rtc/validate?access_token=x");
    EXPECT_EQ(bad.status, 401);
    EXPECT_EQ(*bad.headers.find("access-control-allow-origin"), "*");
    EXPECT_EQ(city.call("GET", http_path("/rtc/validate", city.token("room", "a"))).status, 403);
    EXPECT_EQ(
        city.call("GET", http_path("/rtc/validate", city.token("room", "", join_grant()))).status,
        401)
        << "nobody";
}

TEST_F(RelayTest, ARoomOfNoLessonIsOpenedAsTheFirstTokenSays) {
    const auto node = city.add_node("node-1");
    signal::AccessToken token;
    token.key_id = "key";
    token.identity = "a";
    token.video = join_grant();
    token.video.room = "room";
    token.room = {11, 12, 2, "of the token"};
    token.expires = WallClock::now() + 10min;
    Visitor visitor(city.loop,
                    city.web_socket("/rtc/v1?join_request=abc&access_token=" +
                                    signal::mint(token, city.options.livekit_keys.at("key"))));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.is_open(); }));
    const auto& opened = node->rooms.at("room");
    EXPECT_EQ(opened.empty_timeout_seconds(), 11u);
    EXPECT_EQ(opened.departure_timeout_seconds(), 12u);
    EXPECT_EQ(opened.max_participants(), 2u);
    EXPECT_EQ(opened.metadata(), "of the token");
}

TEST_F(RelayTest, WithoutANodeTheAnswerIs503AndANodeIsWanted) {
    Visitor visitor(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.opened; }));
    EXPECT_EQ(visitor.refused, 503);
    EXPECT_GE(city.nodes_wanted, 1);
}

TEST_F(RelayTest, WhoComesWhileARoomClosesFindsItOpenedAnew) {
    const auto node = city.add_node("node-1");
    Visitor first(city.loop, url("/rtc/v1", "room", "a"));
    ASSERT_TRUE(run_until(city.loop, [&] { return first.is_open(); }));
    // The room closes while the next one is on the way: what a node says then.
    node->before_answer = [&](const control::OpenStream& open) {
        node->close_room("room", "ROOM_CLOSED");
        node->link->answer_stream(open.stream(), 503, "The room has just closed.");
        node->before_answer = nullptr;
    };
    Visitor second(city.loop, url("/rtc/v1", "room", "b"));
    ASSERT_TRUE(run_until(city.loop, [&] { return second.opened; }));
    EXPECT_FALSE(second.refused) << *second.refused;
    EXPECT_TRUE(node->rooms.contains("room")) << "opened again";
    EXPECT_EQ(node->streams.size(), 3u);
}

TEST_F(RelayTest, TheClassroomWaitsForANodeAndHearsThatItIsOpening) {
    Visitor visitor(city.loop, url("/classroom", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.messages.size() == 1; }));
    EXPECT_EQ(visitor.messages[0], R"({"type":"opening","seconds":5})");
    const auto node = city.add_node("node-1");
    ASSERT_TRUE(run_until(city.loop, [&] { return !node->streams.empty(); }));
    visitor.socket->send_text("{}");
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.messages.size() == 2; }));
}

TEST_F(RelayTest, TheClassroomRefusesByCloseCodes) {
    const auto node = city.add_node("node-1");
    Visitor wrong(city.loop, city.web_socket("/classroom?access_token=nonsense"));
    ASSERT_TRUE(run_until(city.loop, [&] { return wrong.code.has_value(); }));
    EXPECT_EQ(*wrong.code, 4003);
    node->refuse_with = 429;
    Visitor full(city.loop, url("/classroom", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return full.code.has_value(); }));
    EXPECT_EQ(*full.code, 4005);
}

TEST_F(RelayTest, AClientThatDoesNotReadStopsOnlyItself) {
    const auto node = city.add_node("node-1");
    node->echo = false;
    Visitor slow(city.loop, url("/rtc", "room", "slow"));
    ASSERT_TRUE(run_until(city.loop, [&] { return slow.is_open(); }));
    Visitor fast(city.loop, url("/rtc", "room", "fast"));
    ASSERT_TRUE(run_until(city.loop, [&] { return fast.is_open(); }));
    slow.socket->pause_reading();
    const auto slow_stream = node->streams.at(0).stream();
    const auto fast_stream = node->streams.at(1).stream();
    const std::string block(100'000, 'b');
    // More than the sockets' own buffers hold, up to what a node keeps for one client.
    int taken = 0;
    while (taken < 500 && node->link->send_stream(slow_stream, true, bytes_of(block))) {
        ++taken;
        if (taken % 20 == 0) {
            const std::size_t before = fast.messages.size();
            ASSERT_TRUE(node->link->send_stream(fast_stream, true, bytes_of(block)));
            ASSERT_TRUE(run_until(city.loop, [&] { return fast.messages.size() > before; }));
        }
    }
    EXPECT_LT(taken, 500) << "the node gave the slow one up";
    EXPECT_TRUE(slow.messages.empty());
    EXPECT_FALSE(fast.code);
    slow.socket->resume_reading();
    ASSERT_TRUE(run_until(city.loop, [&] { return slow.code.has_value(); }));
    EXPECT_EQ(slow.code, 1013);
}

TEST_F(RelayTest, ANodeThatDoesNotTakeStopsTheClientsReading) {
    const auto node = city.add_node("node-1");
    Visitor visitor(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.is_open(); }));
    const std::string block(200'000, 'b');
    for (int i = 0; i < 20; ++i) visitor.socket->send(true, bytes_of(block));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.messages.size() == 20; }))
        << "paused and resumed on the way";
    EXPECT_EQ(visitor.bytes, 20 * block.size());
}

TEST_F(RelayTest, WhenANodeDiesItsClientsComeBackToAnotherWithTheStoredEvents) {
    auto first = city.add_node("node-1");
    Visitor visitor(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.is_open(); }));
    first->send_events("room", 1, {R"({"n":1})", R"({"n":2})"});
    ASSERT_TRUE(run_until(city.loop, [&] { return !first->stored.empty(); }));
    EXPECT_EQ(first->stored[0].sequence(), 2u);
    auto second = city.add_node("node-2");
    first.reset();
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.code.has_value(); }));
    EXPECT_EQ(visitor.code, 1012);

    Visitor again(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return again.opened; }));
    EXPECT_FALSE(again.refused);
    ASSERT_TRUE(second->rooms.contains("room"));
    ASSERT_EQ(second->rooms["room"].lesson_events_size(), 2);
    EXPECT_EQ(second->rooms["room"].lesson_events(1), R"({"n":2})");
}

TEST_F(RelayTest, TheClassroomIsToldToComeBackByItsOwnCode) {
    auto node = city.add_node("node-1");
    Visitor first(city.loop, url("/classroom", "room", "a"));
    ASSERT_TRUE(run_until(city.loop, [&] { return node->streams.size() == 1; }));
    node.reset();
    ASSERT_TRUE(run_until(city.loop, [&] { return first.code.has_value(); }));
    EXPECT_EQ(*first.code, 4004);
    Visitor second(city.loop, url("/classroom", "room", "a"));
    ASSERT_TRUE(run_until(city.loop, [&] { return second.is_open(); }));
    city.restart();
    EXPECT_EQ(second.code, 4004);
}

TEST_F(RelayTest, ANodeThatComesBackLateLosesARoomThatHasMoved) {
    auto first = city.add_node("node-1");
    Visitor visitor(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.is_open(); }));
    auto second = city.add_node("node-2");
    const auto kept = first->rooms;
    first.reset();
    Visitor again(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return again.is_open(); }));

    PlayedNode late(city.loop, city.hub->invite_node("node-1", "127.0.0.1").value());
    late.rooms = kept;
    ASSERT_TRUE(run_until(city.loop, [&] { return late.closed_rooms.contains("room"); }));
    EXPECT_EQ(late.closed_rooms["room"], 8u) << "MIGRATION";
    late.send_events("room", 3, {"{}"});
    ASSERT_TRUE(run_until(city.loop, [&] { return !late.stored.empty(); }))
        << "told so that it forgets them";
    EXPECT_FALSE(again.code);
}

TEST_F(RelayTest, ARestartedHubFindsTheRoomsWhereTheyWere) {
    auto first = city.add_node("node-1");
    auto second = city.add_node("node-2", 1000);  // would be chosen for a new room
    second->report("elsewhere", 999);
    first->report("elsewhere", 0);
    Visitor visitor(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.is_open(); }));
    ASSERT_TRUE(first->rooms.contains("room"));
    city.restart();
    ASSERT_TRUE(visitor.code.has_value());
    EXPECT_EQ(visitor.code, 1012);

    Visitor again(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return again.opened; }));
    EXPECT_FALSE(again.refused);
    EXPECT_EQ(first->streams.size(), 2u);
    EXPECT_TRUE(second->streams.empty());
}

TEST_F(RelayTest, ADrainingNodeGivesItsRoomsUpAndTheyGoOnElsewhere) {
    auto first = city.add_node("node-1");
    Visitor visitor(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.is_open(); }));
    first->send_events("room", 1, {R"({"n":1})"});
    auto second = city.add_node("node-2", 50);
    first->report("room", 1, true);
    first->close_room("room", "SERVER_SHUTDOWN");
    first->link->close_stream(first->streams[0].stream(), 1001, "draining");
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.code.has_value(); }));
    Visitor again(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return again.opened; }));
    ASSERT_TRUE(second->rooms.contains("room"));
    EXPECT_EQ(second->rooms["room"].lesson_events_size(), 1);
}

TEST_F(RelayTest, EventsBeyondWhatTheLinkCarriesLetTheLessonBeginAnew) {
    auto node = city.add_node("node-1");
    Visitor visitor(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.is_open(); }));
    for (std::uint64_t i = 0; i < 40; ++i)
        node->send_events("room", i + 1, {std::string(100'000, 'x')});
    ASSERT_TRUE(run_until(
        city.loop, [&] { return !node->stored.empty() && node->stored.back().sequence() == 40; }));
    node->close_room("room", "SERVER_SHUTDOWN");
    for (const char* first_event : {"", "new"}) {
        Visitor again(city.loop, url("/rtc", "room"));
        ASSERT_TRUE(run_until(city.loop, [&] { return again.opened; }));
        ASSERT_TRUE(node->rooms.contains("room"));
        const auto& events = node->rooms["room"].lesson_events();
        EXPECT_EQ(events.empty() ? "" : events[0], first_event);
        node->send_events("room", 1, {"new"});
        const auto before = node->stored.size();
        ASSERT_TRUE(run_until(city.loop, [&] { return node->stored.size() > before; }));
        node->close_room("room", "SERVER_SHUTDOWN");
    }
}

TEST_F(RelayTest, ALongLessonGoesOnElsewhereFromASnapshot) {
    auto node = city.add_node("node-1");
    Visitor visitor(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.is_open(); }));
    lesson::Lesson lesson;
    WallTime now = WallClock::now();
    const auto play = [&](std::string by, decltype(lesson::Command::what) what) {
        now += std::chrono::seconds(1);
        const auto events = lesson.apply({std::move(by), std::move(what)}, now).value();
        for (const auto& event : events)
            node->send_events("room", event.seq, {lesson::to_json(event)});
    };
    play("", lesson::command::Open{"room", "Physics", {}});
    play("", lesson::command::Join{"t-1", "Weber", lesson::Role::teacher});
    // Quotes count twice in JSON: what is kept of the chat is more than a snapshot may hold.
    for (int i = 0; i < 400; ++i)
        play("t-1", lesson::command::Chat{std::string(4'000, '"'), std::to_string(i)});
    ASSERT_TRUE(run_until(city.loop, [&] {
        return !node->stored.empty() && node->stored.back().sequence() == lesson.seq();
    }));
    node->close_room("room", "SERVER_SHUTDOWN");
    Visitor again(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return again.opened; }));
    lesson::Lesson restored;
    for (const auto& stored : node->rooms["room"].lesson_events())
        ASSERT_TRUE(lesson::take_stored(restored, stored));
    EXPECT_EQ(restored.seq(), lesson.seq());
    ASSERT_FALSE(restored.snapshot().chat.empty());
    EXPECT_EQ(restored.snapshot().chat.back(), lesson.snapshot().chat.back());
    EXPECT_EQ(restored.snapshot().participants, lesson.snapshot().participants);
    EXPECT_LT(node->rooms["room"].ByteSizeLong(), 3u << 20);
}

TEST_F(RelayTest, ARoomOfNoLessonIsForgottenWithItsEvents) {
    auto node = city.add_node("node-1");
    Visitor visitor(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return visitor.is_open(); }));
    node->send_events("room", 1, {R"({"n":1})"});
    node->close_room("room", "ROOM_CLOSED");
    ASSERT_TRUE(run_until(city.loop, [&] { return !node->stored.empty(); }));
    Visitor again(city.loop, url("/rtc", "room"));
    ASSERT_TRUE(run_until(city.loop, [&] { return again.opened; }));
    EXPECT_EQ(node->rooms["room"].lesson_events_size(), 0);
}
