// SPDX-License-Identifier: Apache-2.0
#include "bbb/checksum.hpp"

#include <cctype>

#include <gtest/gtest.h>

namespace aula::bbb {
namespace {

// The example of BigBlueButton's API documentation.
const std::string documented_query =
    "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444";
const std::string documented_secret = "639259d4-9dd8-4b25-bf01-95f9567eaf4b";

TEST(Checksum, IsTheDocumentedOne) {
    EXPECT_EQ(checksum(crypto::HashKind::sha1, "create", documented_query, documented_secret),
              "1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17");
}

TEST(Checksum, HoldsForEachHashAndInUpperCase) {
    for (const auto kind : {crypto::HashKind::sha1, crypto::HashKind::sha256,
                            crypto::HashKind::sha384, crypto::HashKind::sha512}) {
        auto right = checksum(kind, "create", documented_query, documented_secret);
        EXPECT_TRUE(
            checksum_holds(right, "create", documented_query, {"other", documented_secret}));
        for (auto& c : right) c = static_cast<char>(std::toupper(c));
        EXPECT_TRUE(checksum_holds(right, "create", documented_query, {documented_secret}));
        right[3] = right[3] == '0' ? '1' : '0';
        EXPECT_FALSE(checksum_holds(right, "create", documented_query, {documented_secret}));
    }
}

TEST(Checksum, AnEmptySecretOpensNothing) {
    const auto right = checksum(crypto::HashKind::sha1, "getMeetings", "", "");
    EXPECT_FALSE(checksum_holds(right, "getMeetings", "", {""}));
    EXPECT_FALSE(checksum_holds("", "getMeetings", "", {documented_secret}));
}

struct TakeCase {
    const char* raw;
    const char* text;  // null: refused
};

class TakeChecksum : public testing::TestWithParam<TakeCase> {};

TEST_P(TakeChecksum, TakesOnePieceAndOneAmpersand) {
    const auto taken = take_checksum(GetParam().raw);
    ASSERT_EQ(taken.has_value(), GetParam().text != nullptr);
    if (taken) {
        EXPECT_EQ(taken->text, GetParam().text);
    }
}

INSTANTIATE_TEST_SUITE_P(Queries, TakeChecksum,
                         testing::Values(TakeCase{"a=1&checksum=ff", "a=1"},
                                         TakeCase{"checksum=ff&a=1", "a=1"},
                                         TakeCase{"a=1&checksum=ff&b=2", "a=1&b=2"},
                                         TakeCase{"checksum=ff", ""}, TakeCase{"&checksum=ff", ""},
                                         TakeCase{"&redirect=true&checksum=ff", "&redirect=true"},
                                         // A value that looks like one stays (GHSA-43hc-5g2m-cqff).
                                         TakeCase{"a=checksum=ff&checksum=ff", "a=checksum=ff"},
                                         TakeCase{"xchecksum=ff&checksum=ff", "xchecksum=ff"},
                                         TakeCase{"a=1&checksum=ff&checksum=ff", nullptr},
                                         TakeCase{"checksum=&checksum=ff", nullptr},
                                         TakeCase{"a=1", nullptr}, TakeCase{"", nullptr}));

TEST(SortedForm, IsWhatJavaWouldSign) {
    EXPECT_EQ(sorted_form("name=T%C3%A4st+x~*&meetingID=a%20b&attendeePW=%2F"),
              "attendeePW=%2F&meetingID=a+b&name=T%C3%A4st+x%7E*");
    EXPECT_FALSE(sorted_form("a=%zz"));
}

}  // namespace
}  // namespace aula::bbb
