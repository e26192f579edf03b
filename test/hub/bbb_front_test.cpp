// SPDX-License-Identifier: Apache-2.0
#include "hub/bbb_front.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "bbb/checksum.hpp"
#include "lesson/json.hpp"
#include "lesson/lesson.hpp"
#include "store/store.hpp"

namespace aula::hub {
namespace {

/// The front over real lessons and a real store, and a platform's own web server for callbacks.
class BbbFrontTest : public testing::Test {
protected:
    void SetUp() override {
        auto name = (std::filesystem::temp_directory_path() / "aula-bbb-test-XXXXXX").string();
        folder = mkdtemp(name.data());
        loop.after(60s, [this] { loop.stop(); });
        platform = serve([this](const http::Request& request, http::Responder responder) {
            told.push_back(request.method + ' ' + request.path + '?' + request.query);
            bodies.push_back(percent_decoded(request.body).value_or(""));
            responder.answer({});
            loop.stop();
        });
        open();
    }
    void TearDown() override {
        close();
        std::filesystem::remove_all(folder);
    }

    void open() {
        store = std::move(*store::Store::open(folder / "aula.db"));
        Lessons::Wiring wiring;
        wiring.store = store.get();
        wiring.public_url = "https://school.example";
        wiring.session_key = "0123456789abcdef0123456789abcdef";
        wiring.close_room = [](const std::string&, lesson::EndReason) {};
        wiring.is_open = [this](const std::string&) { return is_open; };
        lessons = std::make_unique<Lessons>(std::move(wiring));
        ASSERT_TRUE(lessons->load());
        store->start([this](Task task) { loop.post(std::move(task)); });
        front = std::make_unique<BbbFront>(loop, *lessons, *store, client,
                                           BbbFront::Options{"s3cret", "https://school.example"});
        api = serve([this](const http::Request& request, http::Responder responder) {
            front->answer(request, std::move(responder));
        });
    }
    void close() {
        api.reset();
        front.reset();
        lessons.reset();
        store.reset();
    }

    std::unique_ptr<http::Server> serve(http::Server::Handler handler) {
        return std::move(
            *http::Server::open(loop, *net::Address::of("127.0.0.1", 0), {}, std::move(handler)));
    }

    void start(const std::string& path_and_query, std::function<void(http::Response)> answered) {
        http::Call out;
        out.url = "http://" + api->local().text() + "/bigbluebutton" + path_and_query;
        client.start(out, [answered](Expected<http::Response, Error> got) {
            ASSERT_TRUE(got);
            answered(std::move(*got));
        });
    }
    http::Response get(const std::string& path_and_query) {
        std::optional<http::Response> answer;
        start(path_and_query, [&](http::Response got) {
            answer = std::move(got);
            loop.stop();
        });
        while (!answer) loop.run();
        return *answer;
    }
    static std::string signed_path(const std::string& name, const std::string& query) {
        return "/api/" + name + '?' + query + (query.empty() ? "" : "&") +
               "checksum=" + bbb::checksum(crypto::HashKind::sha256, name, query, "s3cret");
    }
    http::Response call(const std::string& name, const std::string& query = {}) {
        return get(signed_path(name, query));
    }
    static std::string element(const http::Response& response, const std::string& name) {
        const auto start = response.body.find('<' + name + '>');
        if (start == std::string::npos) return "(none)";
        const auto from = start + name.size() + 2;
        return response.body.substr(from, response.body.find("</" + name, from) - from);
    }
    Expected<Session, Error> session_of_url(const std::string& url) const {
        return lessons->unseal(url.substr(url.find("#session=") + 9));
    }
    static std::string key(const http::Response& response) {
        return element(response, "messageKey");
    }

    std::filesystem::path folder;
    bool is_open = false;  // every lesson, on a node
    net::Loop loop;
    http::Client client{loop};
    std::unique_ptr<http::Server> platform, api;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Lessons> lessons;
    std::unique_ptr<BbbFront> front;
    std::vector<std::string> told, bodies;
};

TEST_F(BbbFrontTest, AnswersItsIndexAndNothingBesideTheApi) {
    for (const auto* path : {"", "/", "/api", "/api/", "/api?&checksum=x"}) {
        EXPECT_EQ(element(get(path), "version"), "2.0") << path;
    }
    EXPECT_EQ(get("/definitely-not-a-page/api/getMeetings").status, 404);
    const auto failed = get("/api/getMeetings");
    EXPECT_EQ(failed.status, 200);
    EXPECT_EQ(key(failed), "checksumError");
    EXPECT_EQ(*failed.headers.find("content-type"), "text/xml;charset=utf-8");
    EXPECT_EQ(key(call("noSuchCall")), "unsupportedRequest");
}

TEST_F(BbbFrontTest, CreatesOnceAndAnswersTheSameAgain) {
    const auto made = call("create", "name=Mathe&meetingID=m1&attendeePW=ap&moderatorPW=mp");
    EXPECT_EQ(element(made, "returncode"), "SUCCESS");
    EXPECT_EQ(key(made), "");
    const auto again = call("create", "name=Mathe&meetingID=m1");
    EXPECT_EQ(key(again), "duplicateWarning");
    EXPECT_EQ(element(again, "internalMeetingID"), element(made, "internalMeetingID"));
    EXPECT_EQ(key(call("create", "name=Mathe&meetingID=m1&attendeePW=xx&moderatorPW=yy")),
              "idNotUnique");
    const auto other =
        call("create", "name=Other&meetingID=m2&voiceBridge=" + element(made, "voiceBridge"));
    EXPECT_NE(other.body.find("<error key=\"nonUniqueVoiceBridge\""), std::string::npos);
}

TEST_F(BbbFrontTest, TwoCreatesAtOnceMakeOneMeeting) {
    std::vector<http::Response> answers;
    for (int i = 0; i < 2; ++i) {
        start(signed_path("create", "name=Mathe&meetingID=m1"), [&](http::Response answer) {
            answers.push_back(std::move(answer));
            if (answers.size() == 2) loop.stop();
        });
    }
    loop.run();
    ASSERT_EQ(answers.size(), 2u);
    EXPECT_EQ(element(answers[0], "internalMeetingID"), element(answers[1], "internalMeetingID"));
    EXPECT_NE(key(answers[0]), key(answers[1]));
    EXPECT_EQ(lessons->list().size(), 1u);
}

TEST_F(BbbFrontTest, LetsPeopleInByTheirRole) {
    call("create", "name=Mathe&meetingID=m1&attendeePW=ap&moderatorPW=mp");
    const auto pupil =
        call("join", "meetingID=m1&fullName=Mia&password=ap&userID=42&redirect=false");
    EXPECT_EQ(key(pupil), "successfullyJoined");
    const auto url = element(pupil, "url");
    const auto session = lessons->unseal(url.substr(url.find("#session=") + 9));
    ASSERT_TRUE(session);
    EXPECT_EQ(session->name, "Mia");
    EXPECT_EQ(session->role, Role::pupil);
    EXPECT_EQ(session->identity, element(pupil, "user_id"));
    const auto teacher = call("join", "meetingID=m1&fullName=Frau+Weber&role=moderator");
    EXPECT_EQ(teacher.status, 302);
    EXPECT_TRUE(teacher.headers.find("set-cookie")->starts_with("JSESSIONID="));
    const auto& to = *teacher.headers.find("location");
    EXPECT_EQ(lessons->unseal(to.substr(to.find("#session=") + 9))->role, Role::teacher);
    EXPECT_NE(call("getSessions").body.find("<userName>Mia</userName>"), std::string::npos);
    EXPECT_EQ(element(call("getMeetingInfo", "meetingID=m1"), "participantCount"), "0");
}

TEST_F(BbbFrontTest, LetsGuestsWaitWhereAModeratorIsAsked) {
    call("create", "name=Mathe&meetingID=m1&guestPolicy=ASK_MODERATOR");
    const auto guest =
        call("join", "meetingID=m1&fullName=Mia&role=viewer&guest=true&redirect=false");
    EXPECT_EQ(key(guest), "guestWait");
    EXPECT_EQ(element(guest, "guestStatus"), "WAIT");
    EXPECT_TRUE(session_of_url(element(guest, "url"))->is_guest());
    const auto known =
        call("join", "meetingID=m1&fullName=Tom&role=viewer&guest=false&redirect=false");
    EXPECT_EQ(element(known, "guestStatus"), "ALLOW");
    EXPECT_FALSE(session_of_url(element(known, "url"))->is_guest());
    EXPECT_EQ(element(call("join", "meetingID=m1&fullName=W&role=moderator&redirect=false"),
                      "guestStatus"),
              "ALLOW");
    call("create", "name=Deutsch&meetingID=m2&guestPolicy=ALWAYS_DENY");
    EXPECT_EQ(key(call("join", "meetingID=m2&fullName=Mia&role=viewer&guest=true")),
              "guestDeniedAccess");
}

TEST_F(BbbFrontTest, TellsALobbyPageWhereItsGuestStands) {
    call("create", "name=Mathe&meetingID=m1&guestPolicy=ASK_MODERATOR");
    const auto guest =
        call("join", "meetingID=m1&fullName=Mia&role=viewer&guest=true&redirect=false");
    const auto token = element(guest, "session_token");
    const auto ask = [&](const std::string& name, const std::string& cookie) {
        http::Call out;
        out.url = "http://" + api->local().text() + "/bigbluebutton/api/" + name +
                  "?sessionToken=" + token;
        out.headers.set("cookie", cookie);
        std::optional<http::Response> answer;
        client.start(out, [&](Expected<http::Response, Error> got) {
            answer = std::move(*got);
            loop.stop();
        });
        while (!answer) loop.run();
        return answer->body;
    };
    const auto has = [](const std::string& body, const std::string& part) {
        return body.find(part) != std::string::npos;
    };
    const auto waits = ask("guestWait", "a=b; JSESSIONID=" + token);
    EXPECT_TRUE(has(waits, R"("messageKey":"guestWait")")) << waits;
    EXPECT_TRUE(has(waits, R"("guestStatus":"WAIT")"));
    EXPECT_TRUE(has(ask("guestWait", "JSESSIONID=other"), R"("messageKey":"missingSession")"));
    EXPECT_TRUE(has(ask("getJoinUrl", "JSESSIONID=" + token), R"("message":"Meeting not found")"))
        << "is not inside";
    EXPECT_TRUE(has(ask("getJoinUrl", ""), R"("message":"Invalid session token")"));
}

TEST_F(BbbFrontTest, GivesTheLessonWhatTheCreateCallSaid) {
    const auto made = call(
        "create",
        "name=Mathe&meetingID=m1&welcome=Zu+%3Cb%3E%25%25CONFNAME%25%25%3C%2Fb%3E&muteOnStart=true"
        "&moderatorOnlyMessage=geheim&lockSettingsDisableCam=true&lockSettingsDisablePublicChat="
        "true&endWhenNoModerator=true&endWhenNoModeratorDelayInMinutes=3&duration=45");
    const auto& setup = lessons->find_external("m1")->made.setup;
    EXPECT_EQ(setup.welcome, "Zu Mathe");
    EXPECT_EQ(setup.for_teachers, "geheim");
    EXPECT_TRUE(setup.begins_muted);
    EXPECT_FALSE(setup.settings.camera);
    EXPECT_TRUE(setup.settings.microphone);
    EXPECT_FALSE(setup.settings.chat);
    EXPECT_EQ(setup.without_teacher, std::chrono::minutes(3));
    EXPECT_EQ(unix_ms(*setup.ends_at), std::stoll(element(made, "createTime")) + 45 * 60'000);
    const auto before = setup;
    close();
    open();
    EXPECT_EQ(lessons->find_external("m1")->made.setup, before);
    call("create",
         "name=Frei&meetingID=m2&lockSettingsDisableCam=true&lockSettingsLockOnJoin=false");
    EXPECT_EQ(lessons->find_external("m2")->made.setup, lesson::Setup{});
}

TEST_F(BbbFrontTest, WhoComesAfterAForcedEndIsToldSo) {
    const auto made = call("create", "name=Mathe&meetingID=m1");
    call("end", "meetingID=m1");
    const auto join = [&](const std::string& id) {
        return key(call("join", "meetingID=" + id + "&fullName=Mia&role=viewer&redirect=false"));
    };
    EXPECT_EQ(join("m1"), "meetingForciblyEnded");
    EXPECT_EQ(join(element(made, "internalMeetingID")), "meetingForciblyEnded");
    EXPECT_EQ(join("m2"), "notFound");
    EXPECT_EQ(element(call("isMeetingRunning", "meetingID=m1"), "running"), "false");
    call("create", "name=Mathe&meetingID=m1");
    EXPECT_EQ(join("m1"), "successfullyJoined");
}

TEST_F(BbbFrontTest, ComesAgainAsTheSamePerson) {
    call("create", "name=Mathe&meetingID=m1");
    const auto first =
        call("join", "meetingID=m1&fullName=Mia&role=viewer&userID=42&redirect=false");
    const auto again = call("join",
                            "meetingID=m1&fullName=Mia&role=viewer&redirect=false"
                            "&existingUserID=" +
                                element(first, "user_id"));
    EXPECT_EQ(element(again, "user_id"), element(first, "user_id"));
    EXPECT_NE(element(again, "session_token"), element(first, "session_token"));
    EXPECT_NE(element(call("join",
                           "meetingID=m1&fullName=Mia&role=viewer&redirect=false"
                           "&existingUserID=w_nobody"),
                      "user_id"),
              "w_nobody");
}

TEST_F(BbbFrontTest, EndsForEverybodyAtOnceAndCallsBack) {
    const auto at = "http%3A%2F%2F" + percent_encoded(platform->local().text());
    const auto made =
        call("create", "name=Mathe&meetingID=m1&meta_endCallbackUrl=" + at + "%2Fend%3Fx%3D1");
    call("hooks/create", "callbackURL=" + at + "%2Fhook");
    EXPECT_EQ(key(call("hooks/create", "callbackURL=" + at + "%2Fhook")), "duplicateWarning");
    EXPECT_EQ(key(call("end", "meetingID=" + element(made, "internalMeetingID"))),
              "sentEndMeetingRequest");
    while (told.size() < 2) loop.run();
    EXPECT_EQ(key(call("getMeetings")), "noMeetings");
    EXPECT_EQ(key(call("getMeetingInfo", "meetingID=m1")), "notFound");
    EXPECT_EQ(key(call("end", "meetingID=m1")), "notFound");
    std::sort(told.begin(), told.end());
    EXPECT_EQ(told[0], "GET /end?x=1&recordingmarks=false");
    EXPECT_TRUE(told[1].starts_with("POST /hook?checksum="));
    EXPECT_EQ(key(call("create", "name=Mathe&meetingID=m1")), "");  // the id is free at once
}

TEST_F(BbbFrontTest, KnowsNoRecordingAndSaysSoInEachCallsForm) {
    EXPECT_EQ(key(call("getRecordings")), "noRecordings");
    EXPECT_EQ(key(call("publishRecordings", "publish=true")), "missingParamRecordID");
    EXPECT_EQ(key(call("publishRecordings", "recordID=r1")), "missingParamPublish");
    EXPECT_EQ(key(call("publishRecordings", "recordID=r1&publish=true")), "notFound");
    EXPECT_EQ(key(call("updateRecordings", "recordID=r1&meta_a=b")), "notFound");

    const auto tracks = call("getRecordingTextTracks", "recordID=r1");
    EXPECT_EQ(*tracks.headers.find("content-type"), "application/json");
    EXPECT_EQ(tracks.body, R"({"response":{"returncode":"FAILED","messageKey":"noRecordings",)"
                           R"("message":"No recording was found."}})");
    const auto says = [](const http::Response& response, const std::string& key) {
        return response.body.find("\"messageKey\":\"" + key + '"') != std::string::npos;
    };
    EXPECT_TRUE(says(call("getRecordingTextTracks"), "missingParamRecordID"));
    EXPECT_TRUE(says(get("/api/getRecordingTextTracks?recordID=r1&checksum=x"), "checksumError"));
    const std::string put = "putRecordingTextTrack";
    EXPECT_TRUE(says(call(put, "recordID=r1&kind=subtitles"), "paramError"));
    EXPECT_TRUE(says(call(put, "recordID=r1&kind=songs&lang=de"), "invalidKind"));
    EXPECT_TRUE(says(call(put, "recordID=r1&kind=subtitles&lang=de"), "noRecordings"));
}

TEST_F(BbbFrontTest, TellsHooksInTheirForm) {
    const auto at = "http%3A%2F%2F" + percent_encoded(platform->local().text());
    call("hooks/create", "callbackURL=" + at + "%2Fhook&eventID=meeting-created");
    call("create", "name=Mathe&meetingID=m1");
    while (bodies.empty()) loop.run();
    EXPECT_TRUE(bodies[0].starts_with(
        "domain=school.example&event=[{\"data\":{\"type\":\"event\",\"id\":\"meeting-created\""));
    EXPECT_NE(bodies[0].find("}]&timestamp="), std::string::npos);
}

TEST_F(BbbFrontTest, TellsHooksOfARaisedHand) {
    const auto at = "http%3A%2F%2F" + percent_encoded(platform->local().text());
    is_open = true;
    call("hooks/create", "callbackURL=" + at + "%2Fhook&eventID=user-raise-hand-changed");
    call("create", "name=Mathe&meetingID=m1");
    const auto url = element(
        call("join", "meetingID=m1&fullName=Mia&userID=42&role=VIEWER&redirect=false"), "url");
    const auto session = session_of_url(url).value();
    lessons->admit(session);
    lesson::Lesson room;
    const auto happens = [&](const std::string& by, decltype(lesson::Command::what) what) {
        std::vector<std::string> stored;
        const auto events = room.apply({by, std::move(what)}, WallClock::now()).value();
        for (const auto& event : events) stored.push_back(lesson::to_json(event));
        lessons->on_events_stored(session.lesson, stored);
    };
    happens("", lesson::command::Open{session.lesson, "Mathe", {}});
    happens("", lesson::command::Join{session.identity, "Mia", lesson::Role::pupil});
    happens(session.identity, lesson::command::RaiseHand{});
    while (bodies.empty()) loop.run();
    EXPECT_NE(bodies[0].find(R"("external-user-id":"42")"), std::string::npos) << bodies[0];
    EXPECT_NE(bodies[0].find(R"("raise-hand":true)"), std::string::npos) << bodies[0];
}

TEST_F(BbbFrontTest, RemembersMeetingsPeopleAndHooksAfterARestart) {
    call("create", "name=Mathe&meetingID=m1&attendeePW=ap&meta_a=b");
    call("join", "meetingID=m1&fullName=Mia&password=ap");
    call("hooks/create", "callbackURL=http%3A%2F%2F127.0.0.1%3A9%2F&meetingID=m1");
    close();
    open();
    EXPECT_EQ(element(call("getMeetingInfo", "meetingID=m1"), "a"), "b");
    // People and hooks come from the store's thread.
    while (element(call("hooks/list"), "callbackURL") != "http://127.0.0.1:9/") {
    }
    while (element(call("getSessions"), "userName") != "Mia") {
    }
    EXPECT_EQ(key(call("hooks/destroy", "hookID=nope")), "destroyMissingHook");
}

TEST_F(BbbFrontTest, BreakoutsEndWithTheirParent) {
    const auto made = call("create", "name=Mathe&meetingID=m1");
    EXPECT_EQ(
        key(call("create", "name=Group&meetingID=inner-15&isBreakout=true&parentMeetingID=nope")),
        "parentMeetingDoesNotExist");
    const auto inner = call(
        "create", "name=Group&meetingID=inner-15&isBreakout=true&parentMeetingID=m1&sequence=1");
    EXPECT_EQ(element(inner, "parentMeetingID"), element(made, "internalMeetingID"));
    EXPECT_EQ(element(call("getMeetingInfo", "meetingID=m1"), "breakout"), "inner-15");
    call("end", "meetingID=m1");
    EXPECT_EQ(key(call("getMeetings")), "noMeetings");
}

}  // namespace
}  // namespace aula::hub
