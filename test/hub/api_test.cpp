// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "installation.hpp"
#include "lesson/json.hpp"

using namespace aula;
using namespace aula::hub;
using namespace aula::hub::testing;

namespace {

boost::json::object object_of(const http::Response& response) {
    return boost::json::parse(response.body).as_object();
}
std::string text_at(const boost::json::object& json, const char* name) {
    return boost::json::value_to<std::string>(json.at(name));
}
std::string code_of(const std::string& link) { return link.substr(link.rfind('/') + 1); }

struct ApiTest : ::testing::Test {
    boost::json::object create(const std::string& name = "Physics") {
        const auto answer = city.admin("POST", "/api/lessons", R"({"name":")" + name + R"("})");
        EXPECT_EQ(answer.status, 201) << answer.body;
        return object_of(answer);
    }
    http::Response join(const std::string& body) { return city.call("POST", "/api/join", body); }
    std::string pupil_join(const boost::json::object& lesson, const std::string& name = "Emma") {
        return R"({"code":")" + code_of(text_at(lesson, "pupil_link")) + R"(","name":")" + name +
               R"("})";
    }

    Installation city;
};

}  // namespace

TEST_F(ApiTest, OnlyWhoHasTheAdminLinkMakesAndSeesLessons) {
    for (const char* method : {"GET", "POST"}) {
        const auto answer = city.call(method, "/api/lessons", "{}");
        EXPECT_EQ(answer.status, 401);
        EXPECT_EQ(text_at(object_of(answer), "code"), "bad_token");
    }
    http::Headers wrong;
    wrong.set("authorization", "Bearer wrong");
    EXPECT_EQ(city.call("DELETE", "/api/lessons/x", {}, wrong).status, 401);

    const auto lesson = create("Zo\xc3\xab's class");
    EXPECT_EQ(text_at(lesson, "name"), "Zo\xc3\xab's class");
    EXPECT_FALSE(lesson.at("running").as_bool());
    EXPECT_NE(text_at(lesson, "teacher_link"), text_at(lesson, "pupil_link"));
    EXPECT_TRUE(text_at(lesson, "pupil_link").starts_with(city.hub->public_url() + "/l/"));
    const auto list = object_of(city.admin("GET", "/api/lessons")).at("lessons").as_array();
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0].as_object().at("id"), lesson.at("id"));
    struct stat file {};
    ASSERT_EQ(::stat((city.options.data_dir / "admin-token").c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777, 0600u);
}

TEST_F(ApiTest, AWrongAdminTokenCannotBeGuessedForLong) {
    http::Headers wrong;
    wrong.set("authorization", "Bearer wrong");
    int refused = 0;
    for (int i = 0; i < 25; ++i)
        refused += city.call("GET", "/api/lessons", {}, wrong).status == 401;
    EXPECT_LT(refused, 25);
    const auto limited = city.call("GET", "/api/lessons", {}, wrong);
    EXPECT_EQ(limited.status, 429);
    EXPECT_NE(limited.headers.find("retry-after"), nullptr);
    EXPECT_EQ(city.admin("GET", "/api/lessons").status, 200)
        << "guessing locks nobody else out who sits behind the same address";
}

TEST_F(ApiTest, JoiningGivesATokenForTheRoomWithTheRoleOfTheCode) {
    const auto node = city.add_node("node-1");
    const auto lesson = create();
    const auto answer = join(pupil_join(lesson));
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto pupil = object_of(answer);
    EXPECT_EQ(text_at(pupil, "role"), "pupil");
    EXPECT_EQ(text_at(pupil, "lesson"), "Physics");
    EXPECT_EQ(text_at(pupil, "room"), text_at(lesson, "id"));
    const auto keys = [&](std::string_view key) -> std::optional<std::string> {
        return city.options.livekit_keys.at(std::string(key));
    };
    const auto token = signal::verify(text_at(pupil, "token"), keys, WallClock::now());
    ASSERT_TRUE(token);
    EXPECT_EQ(token->identity, text_at(pupil, "identity"));
    EXPECT_EQ(token->name, "Emma");
    EXPECT_EQ(token->attributes.at("aula.role"), "pupil");
    EXPECT_TRUE(token->video.room_join);
    EXPECT_FALSE(token->video.room_admin);
    EXPECT_EQ(token->video.room, text_at(lesson, "id"));
    EXPECT_EQ(token->video.can_update_own_metadata, false);

    const auto teacher = object_of(
        join(R"({"code":")" + code_of(text_at(lesson, "teacher_link")) + R"(","name":"Weber"})"));
    EXPECT_EQ(text_at(teacher, "role"), "teacher");
    EXPECT_TRUE(
        signal::verify(text_at(teacher, "token"), keys, WallClock::now())->video.room_admin);

    const auto again = object_of(join(R"({"session":")" + text_at(pupil, "session") + R"("})"));
    EXPECT_EQ(text_at(again, "identity"), text_at(pupil, "identity"));
    EXPECT_EQ(text_at(again, "name"), "Emma");
    const auto other = object_of(join(pupil_join(lesson)));
    EXPECT_NE(text_at(other, "identity"), text_at(pupil, "identity"))
        << "the same name is not the same person";

    const auto card = city.call("GET", "/api/join?code=" + code_of(text_at(lesson, "pupil_link")));
    EXPECT_EQ(text_at(object_of(card), "lesson"), "Physics");
    EXPECT_EQ(text_at(object_of(card), "role"), "pupil");
}

TEST_F(ApiTest, APupilsCodeOfAPlatformsLessonNeedsASessionOfIt) {
    const auto node = city.add_node("node-1");
    NewLesson lesson;
    lesson.title = "Physics";
    lesson.external_id = "course-1";
    std::optional<LessonRecord> made;
    city.hub->lessons().create(
        lesson, [&](Expected<const LessonRecord*, Error> record) { made = *record.value(); });
    ASSERT_TRUE(run_until(city.loop, [&] { return made.has_value(); }));

    const std::string code = R"({"code":")" + made->pupil_code + R"(","name":"Eve")";
    const auto refused = join(code + "}");
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(text_at(object_of(refused), "code"), "ask_platform");
    const std::string sealed = city.hub->lessons().seal({made->id, "w_1", "Emma", Role::pupil, {}});
    const auto joined = join(code + R"(,"session":")" + sealed + R"("})");
    ASSERT_EQ(joined.status, 200) << joined.body;
    EXPECT_EQ(text_at(object_of(joined), "identity"), "w_1");
    EXPECT_EQ(text_at(object_of(joined), "name"), "Emma") << "the platform knows who it is";
    const auto elsewhere = city.hub->lessons().seal({"l-other", "w_1", "Emma", Role::teacher, {}});
    EXPECT_EQ(join(code + R"(,"session":")" + elsewhere + R"("})").status, 401);
    EXPECT_EQ(join(R"({"code":")" + made->teacher_code + R"(","name":"Weber"})").status, 200);
}

TEST_F(ApiTest, EveryRefusalHasItsStatusAndCode) {
    const auto node = city.add_node("node-1");
    const auto expect = [](const http::Response& answer, int status, const char* code) {
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_EQ(text_at(object_of(answer), "code"), code);
        EXPECT_FALSE(text_at(object_of(answer), "text").empty());
    };
    expect(join("not JSON"), 400, "bad_request");
    expect(join(R"({"code":"nonsense12","name":"Emma"})"), 404, "unknown_code");
    expect(join(R"({"session":"made.up"})"), 401, "bad_token");
    expect(join(std::string(100'000, ' ')), 413, "too_large");
    expect(city.call("PUT", "/api/join", "{}"), 405, "bad_method");
    expect(city.call("GET", "/api/nothing"), 404, "not_found");
    expect(city.admin("POST", "/api/lessons", R"({"name":""})"), 400, "bad_request");
    expect(city.admin("DELETE", "/api/lessons/l-none"), 404, "unknown_lesson");

    const auto lesson = create();
    const auto pupil = object_of(join(pupil_join(lesson)));
    EXPECT_EQ(city.admin("DELETE", "/api/lessons/" + text_at(lesson, "id")).status, 200);
    expect(join(pupil_join(lesson)), 410, "ended");
    expect(join(R"({"session":")" + text_at(pupil, "session") + R"("})"), 410, "ended");
    EXPECT_TRUE(object_of(city.admin("GET", "/api/lessons")).at("lessons").as_array().empty());
}

TEST_F(ApiTest, WhoGuessesCodesIsStopped) {
    int unknown = 0;
    http::Response answer;
    for (int i = 0; i < 130; ++i) {
        answer = join(R"({"code":"guess)" + std::to_string(i) + R"(","name":"x"})");
        unknown += answer.status == 404;
    }
    EXPECT_LT(unknown, 130);
    EXPECT_EQ(answer.status, 429);
}

TEST_F(ApiTest, WithoutANodeTheRoomIsStartingAndANodeIsWanted) {
    const auto lesson = create();
    const auto answer = join(pupil_join(lesson));
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(text_at(object_of(answer), "code"), "starting");
    EXPECT_GT(object_of(answer).at("retry_after").to_number<int>(), 0);
    EXPECT_EQ(city.nodes_wanted, 1);
    const auto node = city.add_node("node-1");
    EXPECT_EQ(join(pupil_join(lesson)).status, 200);
}

TEST_F(ApiTest, LessonsSessionsAndTheAdminLinkOutliveARestart) {
    auto node = city.add_node("node-1");
    const auto lesson = create();
    const auto pupil = object_of(join(pupil_join(lesson)));
    const std::string link = city.hub->admin_link();
    city.restart();
    EXPECT_EQ(city.hub->admin_link(), link);
    ASSERT_TRUE(run_until(city.loop, [&] { return !city.hub->nodes().empty(); }))
        << "its certificate is still good";
    const auto again = join(R"({"session":")" + text_at(pupil, "session") + R"("})");
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(text_at(object_of(again), "identity"), text_at(pupil, "identity"));
    EXPECT_EQ(join(pupil_join(lesson)).status, 200);
    EXPECT_EQ(object_of(city.admin("GET", "/api/lessons")).at("lessons").as_array().size(), 1u);
}

TEST_F(ApiTest, SomebodyRemovedDoesNotComeBackWithHisSession) {
    const auto node = city.add_node("node-1");
    const auto lesson = create();
    const std::string room = text_at(lesson, "id");
    const auto pupil = object_of(join(pupil_join(lesson)));
    const std::string identity = text_at(pupil, "identity");
    Visitor visitor(city.loop,
                    city.web_socket("/classroom?access_token=" + text_at(pupil, "token")));
    ASSERT_TRUE(run_until(city.loop, [&] { return !node->streams.empty(); }));

    lesson::Lesson inside;
    std::vector<std::string> events;
    const auto apply = [&](std::string by, decltype(lesson::Command::what) what) {
        const auto made = inside.apply({std::move(by), std::move(what)}, WallClock::now()).value();
        for (const auto& event : made) events.push_back(lesson::to_json(event));
    };
    namespace command = lesson::command;
    apply("", command::Open{room, "Physics", {}});
    apply("", command::Join{"t-1", "Weber", lesson::Role::teacher});
    apply("", command::Join{identity, "Emma", lesson::Role::pupil});
    node->send_events(room, 1, events);
    ASSERT_TRUE(
        run_until(city.loop, [&] { return city.hub->lessons().attendees(room).size() == 2; }));
    EXPECT_TRUE(city.hub->lessons().is_running(room));
    EXPECT_EQ(object_of(city.admin("GET", "/api/lessons"))
                  .at("lessons")
                  .as_array()[0]
                  .as_object()
                  .at("participants"),
              2);

    events.clear();
    apply("t-1", command::Remove{identity});
    node->send_events(room, inside.seq(), events);
    ASSERT_TRUE(
        run_until(city.loop, [&] { return city.hub->lessons().attendees(room).size() == 1; }));
    const auto refused = join(R"({"session":")" + text_at(pupil, "session") + R"("})");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(text_at(object_of(refused), "code"), "removed");
    Visitor again(city.loop, city.web_socket("/classroom?access_token=" + text_at(pupil, "token")));
    ASSERT_TRUE(run_until(city.loop, [&] { return again.code.has_value(); }));
    EXPECT_EQ(*again.code, 4001);
    Visitor media(city.loop, city.web_socket("/rtc?access_token=" + text_at(pupil, "token")));
    ASSERT_TRUE(run_until(city.loop, [&] { return media.opened; }));
    EXPECT_EQ(media.refused, 403);

    events.clear();
    apply("t-1", command::End{});
    node->send_events(room, inside.seq(), events);
    ASSERT_TRUE(
        run_until(city.loop, [&] { return city.hub->lessons().find(room)->ended.has_value(); }));
    EXPECT_EQ(join(pupil_join(lesson)).status, 410);
}
