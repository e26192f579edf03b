// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "hub/api_request.hpp"
#include "hub/metrics.hpp"
#include "hub/session_token.hpp"

using namespace aula;
using namespace aula::hub;

TEST(CleanName, TakesOutWhatPretendsAndTrims) {
    EXPECT_EQ(clean_name("Emma", 64), "Emma");
    EXPECT_EQ(clean_name("  \tZo\xc3\xab \x07 M. \n", 64), "Zo\xc3\xab  M.");
    EXPECT_EQ(clean_name("a\xe2\x80\xae"
                         "b",
                         64),
              "ab")
        << "right-to-left override";
    EXPECT_EQ(clean_name("\xf0\x9f\x98\x80", 1), "\xf0\x9f\x98\x80")
        << "counts characters, not bytes";
    EXPECT_EQ(clean_name(std::string(64, 'x'), 64), std::string(64, 'x'));
    EXPECT_FALSE(clean_name(std::string(65, 'x'), 64));
    EXPECT_FALSE(clean_name("", 64));
    EXPECT_FALSE(clean_name(" \xe2\x80\x8b ", 64)) << "nothing to be seen";
    EXPECT_FALSE(clean_name("\xff\xfe", 64)) << "not UTF-8";
    EXPECT_FALSE(clean_name("\xc0\xaf", 64)) << "overlong";
}

TEST(ParseJoin, TakesItsThreeFormsAndNothingElse) {
    const auto plain = parse_join(R"({"code":"abc","name":" Emma "})");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->code, "abc");
    EXPECT_EQ(plain->name, "Emma");
    EXPECT_TRUE(parse_join(R"({"session":"x","unknown":[1,2]})"));
    EXPECT_TRUE(parse_join(R"({"code":"a","session":"x"})"));
    EXPECT_TRUE(parse_join(R"({"session":"x","code":null})"));
    const char* bad[] = {"",
                         "{",
                         "[]",
                         "null",
                         "{}",
                         R"({"code":"a"})",
                         R"({"name":"Emma"})",
                         R"({"code":1,"name":"x"})",
                         R"({"code":"a","name":""})",
                         R"({"code":"a","name":{"x":1}})",
                         R"({"code":"a","name":"x"} trailing)"};
    for (const char* json : bad) {
        const auto body = parse_join(json);
        ASSERT_FALSE(body) << json;
        EXPECT_EQ(body.error().status, 400) << json;
    }
    EXPECT_EQ(parse_join(std::string(200'000, ' ')).error().status, 413);
    EXPECT_EQ(parse_join(std::string(50'000, '[')).error().status, 400) << "deep nesting";
}

TEST(SessionToken, ComesBackWholeAndOnlyUnchangedAndInTime) {
    const Session session{
        "l-1", "p-1", "Zo\xc3\xab \"x\"", Role::teacher, {{"aula.bbb.user", "u 1"}}};
    const WallTime now = WallTime(std::chrono::seconds(1'790'000'000));
    const std::string sealed = seal_session(session, "key", now + std::chrono::hours(1));
    const auto back = unseal_session(sealed, "key", now);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->lesson, session.lesson);
    EXPECT_EQ(back->identity, session.identity);
    EXPECT_EQ(back->name, session.name);
    EXPECT_EQ(back->role, session.role);
    EXPECT_EQ(back->attributes, session.attributes);

    EXPECT_FALSE(unseal_session(sealed, "another key", now));
    EXPECT_FALSE(unseal_session(sealed, "key", now + std::chrono::hours(2)));
    EXPECT_FALSE(unseal_session("", "key", now));
    EXPECT_FALSE(unseal_session(".", "key", now));
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        std::string changed = sealed;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        // The last character of base64 may carry bits that mean nothing.
        if (at + 1 == sealed.size()) continue;
        EXPECT_FALSE(unseal_session(changed, "key", now)) << at;
    }
}

TEST(MetricsText, WritesWhatPrometheusReads) {
    MetricsText text;
    text.counter("aula_x_total", 7, "Things.");
    text.begin("aula_y", "gauge", "Of each.");
    text.sample(1, {{"node", "a\"b"}, {"kind", "c"}});
    EXPECT_EQ(
        text.take(),
        "# HELP aula_x_total Things.\n# TYPE aula_x_total counter\naula_x_total 7\n"
        "# HELP aula_y Of each.\n# TYPE aula_y gauge\naula_y{node=\"a\\\"b\",kind=\"c\"} 1\n");
}
