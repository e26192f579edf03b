// SPDX-License-Identifier: Apache-2.0
#include "gridscale/answers.hpp"

#include <gtest/gtest.h>

namespace aula::gridscale {
namespace {

constexpr const char* conference_server =
    R"({"object_uuid":"690de890-13c0-4e76-8a01-e10ba8786e53","name":"conf-07","cores":4,"memory":8,"power":false,)"
    R"("status":"active","auto_recovery":false,"availability_zone":"a","labels":["elastic-pool:room"],)"
    R"("usage_in_minutes_cores":1920,"usage_in_minutes_memory":3840,"current_price":0.31,"user_data":null,)"
    R"("relations":{"storages":[],"networks":[]}})";

TEST(Answers, ReadAServer) {
    const auto server = parse_server(std::string(R"({"server":)") + conference_server + "}");
    ASSERT_TRUE(server);
    EXPECT_EQ(server->name, "conf-07");
    EXPECT_EQ(server->cores, 4);
    EXPECT_EQ(server->memory_gb, 8);
    EXPECT_FALSE(server->power);
    EXPECT_EQ(server->labels, std::vector<std::string>{"elastic-pool:room"});
    EXPECT_EQ(server->user_data, "");
}

TEST(Answers, ReadTheListThatIsAnObject) {
    const auto servers = parse_servers(std::string(R"({"servers":{"690d":)") + conference_server +
                                       "},\"_meta\":{}}");
    ASSERT_TRUE(servers);
    EXPECT_EQ(servers->size(), 1u);
    EXPECT_TRUE(parse_servers(R"({"servers":{}})")->empty());
}

TEST(Answers, RefuseWhatTheyDoNotKnow) {
    for (const auto* text : {"", "[]", "{}", R"({"servers":[]})", R"({"servers":{"a":1}})",
                             R"({"servers":{"a":{}}})", R"({"servers":{"a":{"object_uuid":1}}})"}) {
        EXPECT_FALSE(parse_servers(text)) << text;
    }
    EXPECT_FALSE(parse_server(
        R"({"server":{"object_uuid":"a","name":"b","status":"active","power":"on"}})"));
    std::string deep;
    for (int i = 0; i < 1000; ++i) deep += "[";
    EXPECT_FALSE(parse_server(deep));
}

TEST(Answers, KnowThreeStatesOfARequest) {
    const auto state = [](const std::string& word) {
        return parse_request(R"({"r1":{"status":")" + word +
                                 R"(","message":"m","create_time":"2026-01-05T07:40:00Z"}})",
                             "r1");
    };
    EXPECT_EQ(state("pending")->status, RequestStatus::pending);
    EXPECT_EQ(state("done")->status, RequestStatus::done);
    EXPECT_EQ(state("failed")->status, RequestStatus::failed);
    EXPECT_EQ(state("failed")->message, "m");
    EXPECT_FALSE(parse_request(R"({"r2":{"status":"done"}})", "r1"));
}

TEST(Answers, TimesHaveOneLayoutAndFitIntoNanoseconds) {
    EXPECT_EQ(time_text(*parse_time("2026-01-05T07:40:00Z")), "2026-01-05T07:40:00Z");
    for (const auto* wrong :
         {"", "2026-01-05T07:40:00", "2026-01-05T07:40:00.0Z", "2026-01-05T07:40:00+00:00",
          "2026-02-30T00:00:00Z", "9999-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
          "2026-01-05T24:00:00Z", "2026-1-005T07:40:00Z", "+026-01-05T07:40:00Z",
          "2026-01-05T-7:40:00Z"})
        EXPECT_FALSE(parse_time(wrong)) << wrong;
}

TEST(Answers, FindTheWordsOfAnError) {
    EXPECT_EQ(error_text(R"({"title":"Not Found","description":"Object 1 not found"})"),
              "Object 1 not found");
    EXPECT_EQ(error_text(R"({"id":"too_many_requests","message":"API Rate limit exceeded."})"),
              "API Rate limit exceeded.");
    EXPECT_EQ(error_text("<html>"), "");
}

}  // namespace
}  // namespace aula::gridscale
