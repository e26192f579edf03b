// SPDX-License-Identifier: Apache-2.0
#include "sctp/dcep.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace aula::sctp::dcep {
namespace {

TEST(Dcep, WritesTheOpeningOfRfc8832) {
    Open open;
    open.label = "chat";
    open.protocol = "p";
    EXPECT_EQ(hex(write_open(open)),
              "0300000000000000"
              "00040001"
              "63686174"
              "70");
    open.ordered = false;
    open.reliable = false;
    EXPECT_EQ(hex(write_open(open)).substr(0, 16), "0381000000000000");
    open.timed = true;
    open.reliability = 500;
    EXPECT_EQ(hex(write_open(open)).substr(0, 16), "03820000000001f4");
}

TEST(Dcep, ReadsEveryChannelType) {
    const auto type = [](std::uint8_t number) {
        Buffer message = write_open({});
        message[1] = number;
        store32(message.data() + 4, 7);
        return parse_open(message);
    };
    EXPECT_TRUE(type(0x00)->reliable && type(0x00)->ordered);
    EXPECT_TRUE(type(0x80)->reliable && !type(0x80)->ordered);
    EXPECT_TRUE(!type(0x01)->reliable && type(0x01)->ordered && !type(0x01)->timed);
    EXPECT_EQ(type(0x81)->reliability, 7u);
    EXPECT_TRUE(type(0x82)->timed && !type(0x82)->ordered);
    EXPECT_EQ(type(0x03).error(), ParseError::channel_type);
    EXPECT_EQ(type(0x7f).error(), ParseError::channel_type);
}

TEST(Dcep, RefusesWrongLengthsAndUnreadableText) {
    const Buffer right = write_open({true, true, 0, false, "label", ""});
    ASSERT_TRUE(parse_open(right));
    for (std::size_t size = 0; size < right.size(); ++size) {
        EXPECT_EQ(parse_open(Bytes(right).first(size)).error(), ParseError::size);
    }
    Buffer longer = right;
    longer.push_back(0);
    EXPECT_EQ(parse_open(longer).error(), ParseError::size);
    Buffer other = right;
    other[0] = 1;
    EXPECT_EQ(parse_open(other).error(), ParseError::type);
    Buffer broken = right;
    broken[12] = 0xff;
    EXPECT_EQ(parse_open(broken).error(), ParseError::text);
    EXPECT_EQ(parse_open(write_open({true, true, 0, false, std::string(257, 'a'), ""})).error(),
              ParseError::text);
}

TEST(Dcep, KnowsTheAcknowledgement) {
    EXPECT_TRUE(is_ack(write_ack()));
    EXPECT_FALSE(is_ack({}));
    EXPECT_FALSE(is_ack(write_open({})));
}

}  // namespace
}  // namespace aula::sctp::dcep
