// SPDX-License-Identifier: Apache-2.0
#include "bbb/call.hpp"

#include <gtest/gtest.h>

#include "bbb/checksum.hpp"

namespace aula::bbb {
namespace {

const Security security{{"first", "second"}, false};

std::string sign(std::string_view call, std::string_view text) {
    return checksum(crypto::HashKind::sha256, call, text, "second");
}
std::string signed_query(std::string_view call, const std::string& query) {
    return query + (query.empty() ? "" : "&") + "checksum=" + sign(call, query);
}
std::string key_of(const Expected<Call, Refusal>& call) { return call ? "" : call.error().key; }

TEST(Call, ReadsASignedQuery) {
    const auto query = signed_query("create", "name=Mathe+7b&meetingID=m%2D1");
    const auto call = read_call({"GET", "create", query, "", ""}, security);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->parameters.text("name"), "Mathe 7b");
    EXPECT_EQ(call->parameters.text("meetingID"), "m-1");
    EXPECT_FALSE(call->parameters.has("checksum"));
}

TEST(Call, TakesAMeetingIdOnlyAsItStands) {
    for (const auto* id : {"+m1", "m1%20", "m%001", "m1%0a"}) {
        const auto query = signed_query("end", std::string("meetingID=") + id);
        EXPECT_EQ(key_of(read_call({"GET", "end", query, "", ""}, security)), "validationError")
            << id;
    }
    const auto query = signed_query("end", "meetingID=m+1&fullName=+Anna%0a");
    const auto call = read_call({"GET", "end", query, "", ""}, security);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->parameters.text("meetingID"), "m 1");
    EXPECT_EQ(call->parameters.text("fullName"), "Anna");
}

TEST(Call, IsSignedForItsOwnNameOnly) {
    const auto query = signed_query("getMeetingInfo", "meetingID=m1");
    EXPECT_EQ(key_of(read_call({"GET", "end", query, "", ""}, security)), "checksumError");
    EXPECT_EQ(key_of(read_call({"GET", "getMeetings", "", "", ""}, security)), "checksumError");
}

TEST(Call, RefusesTwoChecksumsEvenIfBothAreRight) {
    const auto sum = sign("getMeetings", "");
    const auto query = "checksum=" + sum + "&checksum=" + sum;
    EXPECT_EQ(key_of(read_call({"GET", "getMeetings", query, "", ""}, security)), "checksumError");
}

TEST(Call, NamesTheRequestBeforeTheChecksum) {
    EXPECT_EQ(key_of(read_call({"GET", "setConfigXML", "", "", ""}, security)),
              "unsupportedRequest");
    EXPECT_EQ(key_of(read_call({"POST", "join", "", "", ""}, security)), "unsupportedRequest");
    EXPECT_EQ(key_of(read_call({"POST", "create", "", "", "a=1"}, security)),
              "unsupportedContentType");
    EXPECT_EQ(key_of(read_call({"POST", "create", "", "application/json", "{}"}, security)),
              "unsupportedContentType");
    EXPECT_EQ(key_of(read_call({"POST", "end", "", "text/xml", "<modules/>"}, security)),
              "unsupportedContentType");
}

TEST(Call, AcceptsAFormSignedAsItStands) {
    const auto body = signed_query("create", "name=Test&meetingID=m1");
    const auto call = read_call(
        {"POST", "create", "", "application/x-www-form-urlencoded; charset=utf-8", body}, security);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->parameters.text("name"), "Test");
}

TEST(Call, AcceptsAFormSignedSorted) {
    const auto body =
        "name=Test+%7E&meetingID=m1&checksum=" + sign("create", "meetingID=m1&name=Test+%7E");
    EXPECT_TRUE(
        read_call({"POST", "create", "", "application/x-www-form-urlencoded", body}, security));
    const auto changed = "name=Best+%7E" + body.substr(body.find('&'));
    EXPECT_EQ(key_of(read_call({"POST", "create", "", "application/x-www-form-urlencoded", changed},
                               security)),
              "checksumError");
}

TEST(Call, AcceptsAnUnsignedFormOnlyWhenToldTo) {
    const auto query = "checksum=" + sign("create", "");
    const RawCall raw{"POST", "create", query, "application/x-www-form-urlencoded",
                      "name=Test&meetingID=m1"};
    EXPECT_EQ(key_of(read_call(raw, security)), "checksumError");
    const auto call = read_call(raw, {{"second"}, true});
    ASSERT_TRUE(call);
    EXPECT_EQ(call->parameters.text("meetingID"), "m1");
}

TEST(Call, RefusesParametersSplitOverUrlAndForm) {
    const auto query = signed_query("create", "name=Test");
    EXPECT_EQ(key_of(read_call(
                  {"POST", "create", query, "application/x-www-form-urlencoded", "meetingID=m1"},
                  {{"second"}, true})),
              "checksumError");
}

TEST(Call, SignsOnlyTheUrlOfAnXmlCreate) {
    const auto query = signed_query("create", "name=Test&meetingID=m1");
    const auto call =
        read_call({"POST", "create", query, "application/xml", "<modules/>"}, security);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->document, "<modules/>");
}

TEST(Call, RefusesWhatCannotBeReadAfterTheChecksum) {
    for (const auto* text : {"name=%zz", "name=%ff", "name=%c0%af"}) {
        const auto query = signed_query("create", text);
        EXPECT_EQ(key_of(read_call({"GET", "create", query, "", ""}, security)), "validationError")
            << text;
    }
}

TEST(Parameters, AreBounded) {
    std::string many;
    for (int i = 0; i < 1001; ++i) many += "a=1&";
    EXPECT_FALSE(Parameters::parse(many));
    EXPECT_TRUE(Parameters::parse(many.substr(4)));
    EXPECT_FALSE(Parameters::parse("a=" + std::string(300 * 1024, 'x')));
}

TEST(Parameters, LoseControlCharactersAndBlanksAround) {
    const auto parameters =
        Parameters::parse("name=%20a%00b%0A+c+&flag=TRUE&other=1&n=12x&list=a,+b,,c&name=second");
    ASSERT_TRUE(parameters);
    EXPECT_EQ(parameters->text("name"), "ab c");
    EXPECT_TRUE(parameters->boolean("flag", false));
    EXPECT_FALSE(parameters->boolean("other", true));
    EXPECT_TRUE(parameters->boolean("absent", true));
    EXPECT_EQ(parameters->number("n", 7), 7u);
    EXPECT_EQ(parameters->list("list"), (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace aula::bbb
