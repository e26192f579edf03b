// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"

#include <gtest/gtest.h>

namespace aula {
namespace {

TEST(Base64, AgreesWithTheVectorsOfRfc4648) {
    EXPECT_EQ(base64(bytes_of("")), "");
    EXPECT_EQ(base64(bytes_of("f")), "Zg==");
    EXPECT_EQ(base64(bytes_of("fo")), "Zm8=");
    EXPECT_EQ(base64(bytes_of("foo")), "Zm9v");
    EXPECT_EQ(base64(bytes_of("foob")), "Zm9vYg==");
    EXPECT_EQ(base64(bytes_of("fooba")), "Zm9vYmE=");
    EXPECT_EQ(base64(bytes_of("foobar")), "Zm9vYmFy");
}

TEST(Base64, ReadsBothAlphabetsAndRefusesTheRest) {
    const Buffer expected = {0xfb, 0xff, 0xfe};
    EXPECT_EQ(from_base64("+//+"), expected);
    EXPECT_EQ(from_base64("-__-"), expected);
    EXPECT_EQ(from_base64("Zg=="), Buffer{'f'});
    EXPECT_EQ(from_base64("Zg"), Buffer{'f'});
    EXPECT_FALSE(from_base64("Z"));
    EXPECT_FALSE(from_base64("Zg=a"));
    EXPECT_FALSE(from_base64("Z g="));
}

TEST(PercentEncoding, KeepsWhatItWasGiven) {
    EXPECT_EQ(percent_encoded("a b/ü"), "a%20b%2F%C3%BC");
    EXPECT_EQ(percent_decoded("a+b%2F%C3%BC"), "a b/ü");
    EXPECT_FALSE(percent_decoded("%4"));
    EXPECT_FALSE(percent_decoded("%zz"));
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndTruncation) {
    EXPECT_TRUE(is_utf8("Schülerin 😀"));
    EXPECT_FALSE(is_utf8("\xc0\xaf"));
    EXPECT_FALSE(is_utf8("\xe0\x80\x80"));
    EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
    EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));
    EXPECT_FALSE(is_utf8("\xe2\x82"));
}

}  // namespace
}  // namespace aula
