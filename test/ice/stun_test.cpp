// SPDX-License-Identifier: Apache-2.0
#include "ice/stun.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "ice/stun_writer.hpp"

namespace aula::ice {
namespace {

// RFC 5769 sections 2.1 to 2.3.
constexpr std::string_view password = "VOkJxbRl1RmTxUk/WvJxBt";
constexpr std::string_view request_hex =
    "000100582112a442b7e7a701bc34d686fa87dfae"
    "802200105354554e207465737420636c69656e74"
    "002400046e0001ff"
    "80290008932ff9b151263b36"
    "000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004e57a3bcf";
constexpr std::string_view ipv4_response_hex =
    "0101003c2112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004c07d4c96";
constexpr std::string_view ipv6_response_hex =
    "010100482112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
    "80280004c8fb0b4c";

Buffer bytes(std::string_view text) { return *from_hex(text); }

TEST(Stun, ReadsTheRequestOfRfc5769) {
    const Buffer datagram = bytes(request_hex);
    const auto message = StunMessage::parse(datagram);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->message_class(), StunClass::request);
    EXPECT_EQ(message->method(), binding_method);
    EXPECT_EQ(hex(message->transaction()), "b7e7a701bc34d686fa87dfae");
    EXPECT_EQ(message->username(), "evtj:h6vY");
    EXPECT_EQ(message->priority(), 0x6e0001ffu);
    EXPECT_EQ(message->ice_controlled(), 0x932ff9b151263b36u);
    EXPECT_FALSE(message->ice_controlling());
    EXPECT_FALSE(message->use_candidate());
    EXPECT_TRUE(message->has_fingerprint());
    EXPECT_TRUE(message->is_signed_with(password));
    EXPECT_FALSE(message->is_signed_with("VOkJxbRl1RmTxUk/WvJxBu"));
    EXPECT_FALSE(message->is_signed_with(""));
}

TEST(Stun, ReadsTheResponsesOfRfc5769) {
    const Buffer v4 = bytes(ipv4_response_hex);
    const auto first = StunMessage::parse(v4);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->message_class(), StunClass::success);
    EXPECT_EQ(first->mapped_address()->text(), "192.0.2.1:32853");
    EXPECT_TRUE(first->is_signed_with(password));

    const Buffer v6 = bytes(ipv6_response_hex);
    const auto second = StunMessage::parse(v6);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->mapped_address(),
              net::Address::of("2001:db8:1234:5678:11:2233:4455:6677", 32853));
    EXPECT_TRUE(second->is_signed_with(password));
}

TEST(Stun, WritesWhatItReads) {
    const TransactionId id = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    StunWriter writer(StunClass::request, id);
    writer.username("server:client");
    writer.priority(77);
    writer.ice_controlling(0x0102030405060708);
    writer.use_candidate();
    const Bytes written = writer.finish("secret");
    const auto message = StunMessage::parse(written);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->transaction(), id);
    EXPECT_EQ(message->username(), "server:client");
    EXPECT_EQ(message->priority(), 77u);
    EXPECT_EQ(message->ice_controlling(), 0x0102030405060708u);
    EXPECT_TRUE(message->use_candidate());
    EXPECT_TRUE(message->has_fingerprint());
    EXPECT_TRUE(message->is_signed_with("secret"));
}

TEST(Stun, WritesTheAddressesOfRfc5769) {
    for (const std::string_view vector : {ipv4_response_hex, ipv6_response_hex}) {
        const Buffer datagram = bytes(vector);
        const auto read = StunMessage::parse(datagram);
        StunWriter writer(StunClass::success, read->transaction());
        writer.mapped_address(*read->mapped_address());
        const std::string written = hex(writer.finish(password));
        const std::string attribute = hex(Bytes(datagram).subspan(36, datagram.size() - 68));
        EXPECT_NE(written.find(attribute), std::string::npos) << written;
    }
}

TEST(Stun, ReadsAnErrorCode) {
    StunWriter writer(StunClass::error, {});
    writer.error(StunErrorCode::role_conflict);
    const Bytes written = writer.finish({});
    const auto message = StunMessage::parse(written);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->message_class(), StunClass::error);
    EXPECT_EQ(message->error_code(), 487);
    EXPECT_FALSE(message->has_integrity());
}

TEST(Stun, RefusesEveryTruncation) {
    const Buffer whole = bytes(request_hex);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(StunMessage::parse(Bytes(whole).first(size))) << size;
    }
}

TEST(Stun, RefusesEveryFlippedByte) {
    const Buffer whole = bytes(request_hex);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        Buffer changed = whole;
        changed[at] ^= 0x04;
        const auto message = StunMessage::parse(changed);
        EXPECT_FALSE(message && message->has_fingerprint()) << at;
    }
}

TEST(Stun, DoesNotBelieveWhatFollowsTheIntegrity) {
    Buffer datagram = bytes(request_hex);
    datagram.resize(datagram.size() - 8);  // the fingerprint
    datagram.insert(datagram.end(), {0x00, 0x25, 0x00, 0x00});
    store16(datagram.data() + 2, static_cast<std::uint16_t>(datagram.size() - 20));
    const auto message = StunMessage::parse(datagram);
    ASSERT_TRUE(message);
    EXPECT_TRUE(message->is_signed_with(password));
    EXPECT_FALSE(message->use_candidate());
}

TEST(Stun, ListsUnknownAttributesThatMustBeUnderstood) {
    Buffer datagram = bytes(
        "000100082112a442000000000000000000000000"
        "0017000080170000");
    const auto message = StunMessage::parse(datagram);
    ASSERT_TRUE(message);
    ASSERT_EQ(message->unknown_required().size(), 1u);
    EXPECT_EQ(message->unknown_required()[0], 0x0017);
}

TEST(Stun, RefusesWhatIsNotStun) {
    EXPECT_EQ(StunMessage::parse(bytes("8001000021120000")).error(), StunError::size);
    EXPECT_EQ(StunMessage::parse(bytes("800100002112a442000000000000000000000000")).error(),
              StunError::type);
    EXPECT_EQ(StunMessage::parse(bytes("000100002112a443000000000000000000000000")).error(),
              StunError::cookie);
    EXPECT_EQ(StunMessage::parse(bytes("000100042112a442000000000000000000000000")).error(),
              StunError::length);
    EXPECT_EQ(StunMessage::parse(bytes("000100042112a44200000000000000000000000000060005")).error(),
              StunError::attribute);
}

}  // namespace
}  // namespace aula::ice
