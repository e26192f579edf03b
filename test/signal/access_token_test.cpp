// SPDX-License-Identifier: Apache-2.0
#include "signal/access_token.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "signal/claims.hpp"
#include "signal/livekit.pb.h"
#include "signal/permission.hpp"

namespace aula::signal {
namespace {

constexpr char secret[] = "secret-of-the-test-0123456789abcdef";
constexpr WallTime issued{std::chrono::seconds(1'700'000'000)};

// Made by livekit-server-sdk 2.19 for the key "APIkey" with the secret above.
constexpr char teacher_token[] =
    "eyJhbGciOiJIUzI1NiJ9.eyJtZXRhZGF0YSI6IntcImFcIjoxfSIsIm5hbWUiOiJGcmF1IFdlYmVyIMOkw58iLCJ"
    "2aWRlbyI6eyJyb29tSm9pbiI6dHJ1ZSwicm9vbSI6Ik1hdGhlIDdiIiwiY2FuUHVibGlzaCI6dHJ1ZSwiY2FuU3V"
    "ic2NyaWJlIjp0cnVlLCJjYW5QdWJsaXNoU291cmNlcyI6WyJjYW1lcmEiLCJtaWNyb3Bob25lIl19LCJhdHRyaWJ"
    "1dGVzIjp7ImF1bGEucm9sZSI6InRlYWNoZXIifSwiaXNzIjoiQVBJa2V5IiwiZXhwIjoxNzAwMDAzNjAwLCJuYmY"
    "iOjE3MDAwMDAwMDAsInN1YiI6InQtMSJ9.hl4vNc2JdpBZt77lA4uh3yFdoyZNjQB_t-s1e0IImxo";
constexpr char phone_token[] =
    "eyJhbGciOiJIUzI1NiJ9.eyJ2aWRlbyI6eyJyb29tQWRtaW4iOnRydWUsInJvb21MaXN0Ijp0cnVlLCJyb29tIjo"
    "ieCIsImhpZGRlbiI6dHJ1ZSwiY2FuVXBkYXRlT3duTWV0YWRhdGEiOnRydWUsImNhblB1Ymxpc2hEYXRhIjpmYWx"
    "zZX0sImtpbmQiOiJzaXAiLCJzaGEyNTYiOiJhYmM9IiwiaXNzIjoiQVBJa2V5IiwiZXhwIjoxNzAwMDAwNjAwLCJ"
    "uYmYiOjE3MDAwMDAwMDAsInN1YiI6InN2YyJ9.LF_L58EezorJbhzC-h352OWTH7a4wL-TpNtBzQxmMIg";
constexpr char service_token[] =
    "eyJhbGciOiJIUzI1NiJ9.eyJ2aWRlbyI6eyJyb29tTGlzdCI6dHJ1ZSwicm9vbUNyZWF0ZSI6dHJ1ZX0sImlzcyI"
    "6IkFQSWtleSIsImV4cCI6MTcwMDAyMTYwMCwibmJmIjoxNzAwMDAwMDAwfQ.pjlTA5I1CrYFooYKVATa8i2pLbPm"
    "6fDT9g9oiAn-jqg";

std::optional<std::string> one_key(std::string_view id) {
    if (id == "APIkey") return secret;
    if (id == "no-secret") return "";
    return std::nullopt;
}

std::string signed_by_hand(std::string_view header, std::string_view claims,
                           std::string_view key = secret) {
    std::string jwt = base64url(bytes_of(header)) + '.' + base64url(bytes_of(claims));
    return jwt + '.' +
           base64url(crypto::hmac(crypto::HashKind::sha256, bytes_of(key), bytes_of(jwt)));
}

TokenError error_of(std::string_view jwt, WallTime now = issued) {
    const auto token = verify(jwt, one_key, now);
    EXPECT_FALSE(token);
    return token ? TokenError{255} : token.error();
}

TokenError error_of_claims(std::string_view claims) {
    return error_of(signed_by_hand(R"({"alg":"HS256"})", claims));
}

TEST(AccessToken, ReadsWhatTheServerSdkMakes) {
    const auto token = verify(teacher_token, one_key, issued);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->key_id, "APIkey");
    EXPECT_EQ(token->identity, "t-1");
    EXPECT_EQ(token->name, "Frau Weber äß");
    EXPECT_EQ(token->metadata, R"({"a":1})");
    EXPECT_EQ(token->attributes.at("aula.role"), "teacher");
    EXPECT_TRUE(token->video.room_join);
    EXPECT_EQ(token->video.room, "Mathe 7b");
    EXPECT_EQ(token->video.can_publish, true);
    EXPECT_EQ(token->video.can_publish_data, std::nullopt);
    EXPECT_EQ(token->video.can_publish_sources, (std::vector<std::string>{"camera", "microphone"}));
    EXPECT_EQ(token->not_before, issued);
    EXPECT_EQ(token->expires, issued + std::chrono::hours(1));
}

TEST(AccessToken, ReadsKindHashAndRefusals) {
    const auto token = verify(phone_token, one_key, issued);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->kind, "sip");
    EXPECT_EQ(token->sha256, "abc=");
    EXPECT_TRUE(token->video.room_admin);
    EXPECT_TRUE(token->video.hidden);
    EXPECT_EQ(token->video.can_publish_data, false);
    EXPECT_EQ(token->video.can_update_own_metadata, true);
}

TEST(AccessToken, SaysWhatARoomItOpensIsToBe) {
    const auto room_of = [](const char* config) {
        const std::string claims =
            std::string(R"({"iss":"key","sub":"a","exp":1790000600,"roomConfig":)") + config + "}";
        return read_claims(claims);
    };
    const RoomConfiguration wanted{11, 12, 30, "{}"};
    for (const auto* config :
         {R"({"emptyTimeout":11,"departureTimeout":12,"maxParticipants":30,"metadata":"{}"})",
          R"({"empty_timeout":"11","departure_timeout":12,"max_participants":"30","metadata":"{}",
              "agents":[{"agentName":"x"}]})"}) {
        const auto claims = room_of(config);
        EXPECT_TRUE(claims.well_formed) << config;
        EXPECT_EQ(claims.token.room, wanted) << config;
    }
    for (const auto* config : {R"("x")", R"({"emptyTimeout":-1})", R"({"emptyTimeout":"1s"})",
                               R"({"maxParticipants":5000000000})", R"({"metadata":7})"}) {
        EXPECT_FALSE(room_of(config).well_formed) << config;
    }
}

TEST(AccessToken, OfAServiceNeedsNoIdentity) {
    const auto token = verify(service_token, one_key, issued);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->identity, "");
    EXPECT_TRUE(token->video.room_create);
}

TEST(AccessToken, MintedIsReadBackTheSame) {
    AccessToken token;
    token.key_id = "APIkey";
    token.identity = "p-17";
    token.name = "Mia \"Ö\"";
    token.kind = "agent";
    token.kind_details = {"cloud_agent"};
    token.room = {300, 20, 30, "of the room"};
    token.metadata = std::string(1000, 'm');
    token.attributes = {{"aula.role", "pupil"}, {"empty", ""}};
    token.video.room = "7b";
    token.video.room_join = true;
    token.video.can_subscribe = false;
    token.video.can_publish_sources = {"screen_share"};
    token.not_before = issued;
    token.expires = issued + std::chrono::hours(6);
    const auto read = verify(mint(token, secret), one_key, issued);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, token);
}

TEST(AccessToken, GivesAMinuteOfLeewayAndNoMore) {
    const WallTime expires = issued + std::chrono::hours(1);
    EXPECT_TRUE(verify(teacher_token, one_key, expires + std::chrono::seconds(60)));
    EXPECT_EQ(error_of(teacher_token, expires + std::chrono::seconds(61)), TokenError::expired);
    EXPECT_TRUE(verify(teacher_token, one_key, issued - std::chrono::seconds(60)));
    EXPECT_EQ(error_of(teacher_token, issued - std::chrono::seconds(61)), TokenError::early);
}

TEST(AccessToken, RefusesEverySingleChangedCharacter) {
    const std::string good = teacher_token;
    const auto last_dot = good.rfind('.');
    // The last character of a part carries spare bits, so changing it may change nothing.
    for (std::size_t i = 0; i + 1 < good.size(); ++i) {
        if (good[i] == '.' || good[i + 1] == '.') continue;
        std::string bad = good;
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(verify(bad, one_key, issued)) << i << (i > last_dot ? " signature" : "");
    }
}

TEST(AccessToken, RefusesAnotherKeysSignature) {
    constexpr char claims[] = R"({"iss":"APIkey","sub":"x","exp":1800000000})";
    EXPECT_TRUE(verify(signed_by_hand(R"({"alg":"HS256"})", claims), one_key, issued));
    EXPECT_EQ(error_of(signed_by_hand(R"({"alg":"HS256"})", claims, "guess")),
              TokenError::signature);
}

TEST(AccessToken, RefusesOtherAlgorithms) {
    constexpr char claims[] = R"({"iss":"APIkey","sub":"x","exp":1800000000})";
    for (const char* header : {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"HS512"})",
                               R"({"alg":"RS256"})", R"({"alg":null})", R"({"alg":["HS256"]})",
                               R"({})", R"({"alg":"HS256","crit":["b64"]})"}) {
        EXPECT_EQ(error_of(signed_by_hand(header, claims)), TokenError::algorithm) << header;
    }
    const std::string unsigned_token =
        base64url(bytes_of(R"({"alg":"none"})")) + '.' + base64url(bytes_of(claims)) + '.';
    EXPECT_EQ(error_of(unsigned_token), TokenError::algorithm);
}

TEST(AccessToken, RefusesUnknownIssuersAndEmptySecrets) {
    EXPECT_EQ(error_of_claims(R"({"iss":"other","exp":1800000000})"), TokenError::key);
    EXPECT_EQ(error_of(signed_by_hand(R"({"alg":"HS256"})",
                                      R"({"iss":"no-secret","exp":1800000000})", "")),
              TokenError::key);
}

TEST(AccessToken, RefusesWhatIsNotAToken) {
    for (const char* text : {"", ".", "..", "...", "a.b", "a.b.c.d", "!!.!!.!!", "e30.e30.e30"}) {
        const auto token = verify(text, one_key, issued);
        EXPECT_FALSE(token) << text;
    }
    EXPECT_EQ(error_of(std::string(2'000'000, 'a')), TokenError::size);
}

TEST(AccessToken, RefusesClaimsOfTheWrongTypeOrSize) {
    EXPECT_EQ(error_of_claims(R"({"iss":"APIkey","sub":"x"})"), TokenError::claims);
    EXPECT_EQ(error_of_claims(R"({"iss":"APIkey","sub":7,"exp":1800000000})"), TokenError::claims);
    EXPECT_EQ(error_of_claims(R"({"iss":"APIkey","exp":"soon"})"), TokenError::claims);
    EXPECT_EQ(error_of_claims(R"({"iss":"APIkey","exp":1800000000,"video":[]})"),
              TokenError::claims);
    EXPECT_EQ(error_of_claims(R"({"iss":"APIkey","exp":1800000000,"video":{"roomJoin":"yes"}})"),
              TokenError::claims);
    EXPECT_EQ(error_of_claims(R"({"iss":"APIkey","exp":1800000000,"attributes":{"a":1}})"),
              TokenError::claims);
    EXPECT_EQ(error_of_claims(R"({"iss":"APIkey","exp":1800000000,"sub":"a\nb"})"),
              TokenError::claims);
    EXPECT_EQ(error_of_claims(R"({"iss":"APIkey","exp":1800000000,"sub":")" +
                              std::string(257, 'x') + "\"}"),
              TokenError::claims);
    EXPECT_EQ(error_of_claims(R"({"iss":"APIkey","exp":-1e300})"), TokenError::expired);
    EXPECT_EQ(error_of_claims(R"({"iss":"APIkey","exp":1800000000,"iat":1e300})"),
              TokenError::early);
}

TEST(Permission, AbsentMeansYesAndSourcesNarrow) {
    VideoGrant grant;
    const auto all = permission_of(grant);
    EXPECT_TRUE(may_publish(all, livekit::CAMERA));
    EXPECT_TRUE(all.can_subscribe());
    EXPECT_TRUE(all.can_publish_data());
    EXPECT_FALSE(all.can_update_metadata());

    grant.can_publish_sources = {"microphone"};
    const auto voice = permission_of(grant);
    EXPECT_TRUE(may_publish(voice, livekit::MICROPHONE));
    EXPECT_FALSE(may_publish(voice, livekit::CAMERA));

    grant.can_publish_sources = {"hologram"};
    EXPECT_FALSE(may_publish(permission_of(grant), livekit::MICROPHONE));

    grant.can_publish_sources.clear();
    grant.can_publish = false;
    EXPECT_FALSE(may_publish(permission_of(grant), livekit::MICROPHONE));
}

}  // namespace
}  // namespace aula::signal
