// SPDX-License-Identifier: Apache-2.0
#include "rtp/packet_view.hpp"

#include <array>

#include <gtest/gtest.h>

#include "rtp/extensions.hpp"

namespace aula::rtp {
namespace {

constexpr std::array<std::uint8_t, 15> opus_packet{0x80, 0xef, 0x12, 0x34, 0x00, 0x00, 0x03, 0xc0,
                                                   0xca, 0xfe, 0xba, 0xbe, 0xf8, 0x01, 0x02};

Buffer copy_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

/// A packet with this extension block behind the fixed header, and one byte of payload.
Buffer with_block(std::initializer_list<std::uint8_t> block) {
    Buffer packet = copy_of(Bytes(opus_packet).first(12));
    packet[0] |= 0x10;
    packet.insert(packet.end(), block);
    packet.push_back(0xaa);
    return packet;
}

TEST(PacketView, ReadsTheFieldsOfAnOpusPacket) {
    const auto view = PacketView::parse(opus_packet);
    ASSERT_TRUE(view);
    EXPECT_TRUE(view->marker());
    EXPECT_EQ(view->payload_type(), 111);
    EXPECT_EQ(view->sequence_number(), 0x1234);
    EXPECT_EQ(view->timestamp(), 960u);
    EXPECT_EQ(view->ssrc(), 0xcafebabeu);
    EXPECT_EQ(view->payload().size(), 3u);
    EXPECT_FALSE(view->extension(1));
}

TEST(PacketView, RejectsEveryTruncationOfAHeaderWithEverything) {
    Buffer packet = with_block({0xbe, 0xde, 0x00, 0x01, 0x10, 0x55, 0x00, 0x00});
    packet[0] |= 0x02;
    const std::array<std::uint8_t, 8> csrcs{0, 0, 0, 1, 0, 0, 0, 2};
    packet.insert(packet.begin() + 12, csrcs.begin(), csrcs.end());
    ASSERT_TRUE(PacketView::parse(packet));
    const std::size_t header = PacketView::parse(packet)->header_size();
    EXPECT_EQ(header, 12u + 8 + 8);
    for (std::size_t size = 0; size < header; ++size) {
        EXPECT_FALSE(PacketView::parse(Bytes(packet).first(size))) << size;
    }
}

TEST(PacketView, NamesWhatIsWrong) {
    Buffer packet = copy_of(opus_packet);
    packet[0] = 0x40;
    EXPECT_EQ(PacketView::parse(packet).error(), PacketError::version);
    packet[0] = 0x8f;
    EXPECT_EQ(PacketView::parse(packet).error(), PacketError::csrc);
    packet[0] = 0x90;
    EXPECT_EQ(PacketView::parse(packet).error(), PacketError::extension);
    EXPECT_EQ(PacketView::parse(Bytes(packet).first(11)).error(), PacketError::size);
}

TEST(PacketView, RejectsPaddingLongerThanThePayload) {
    Buffer packet = copy_of(opus_packet);
    packet.front() |= 0x20;
    packet.back() = 4;
    EXPECT_EQ(PacketView::parse(packet).error(), PacketError::padding);
    packet.back() = 0;
    EXPECT_EQ(PacketView::parse(packet).error(), PacketError::padding);
    packet.back() = 3;
    ASSERT_TRUE(PacketView::parse(packet));
    EXPECT_TRUE(PacketView::parse(packet)->payload().empty());
}

TEST(PacketView, FindsOneByteExtensionsAroundPadding) {
    const Buffer packet = with_block(
        {0xbe, 0xde, 0x00, 0x03, 0x10, 0x91, 0x00, 0x00, 0x32, 1, 2, 3, 0x20, 0x07, 0, 0});
    const auto view = PacketView::parse(packet);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->extension(1)->front(), 0x91);
    EXPECT_EQ(view->extension(3)->size(), 3u);
    EXPECT_EQ(view->extension(2)->front(), 0x07);
    EXPECT_FALSE(view->extension(0));
    EXPECT_FALSE(view->extension(4));
}

TEST(PacketView, StopsAtIdFifteenAndAtAnElementThatDoesNotFit) {
    const Buffer fifteen = with_block({0xbe, 0xde, 0x00, 0x01, 0xf0, 0x91, 0x10, 0x55});
    EXPECT_FALSE(PacketView::parse(fifteen)->extension(1));
    const Buffer overlong = with_block({0xbe, 0xde, 0x00, 0x01, 0x10, 0x55, 0x2f, 0x00});
    EXPECT_TRUE(PacketView::parse(overlong)->extension(1));
    EXPECT_FALSE(PacketView::parse(overlong)->extension(2));
}

TEST(PacketView, FindsTwoByteExtensionsAlsoEmptyOnes) {
    const Buffer packet =
        with_block({0x10, 0x00, 0x00, 0x02, 0x00, 0x21, 0x02, 0xab, 0xcd, 0x10, 0x00, 0x00});
    const auto view = PacketView::parse(packet);
    EXPECT_EQ(load16(view->extension(0x21)->data()), 0xabcd);
    EXPECT_TRUE(view->extension(0x10)->empty());
}

TEST(HeaderWriter, WritesWhatPacketViewReads) {
    for (const auto form : {ExtensionForm::one_byte, ExtensionForm::two_byte}) {
        std::array<std::uint8_t, 64> slot{};
        HeaderWriter writer(slot, {true, 96, 7, 90'000, 42}, form);
        writer.add(4, bytes_of("0"));
        writer.add(0, bytes_of("not negotiated"));
        store16(writer.reserve(3, 2).data(), 0xbeef);
        const std::size_t size = writer.finish();
        EXPECT_TRUE(writer.ok());
        EXPECT_EQ(size % 4, 0u);
        const auto view = PacketView::parse(Bytes(slot).first(size));
        ASSERT_TRUE(view);
        EXPECT_TRUE(view->marker());
        EXPECT_EQ(view->payload_type(), 96);
        EXPECT_EQ(view->sequence_number(), 7);
        EXPECT_EQ(view->timestamp(), 90'000u);
        EXPECT_EQ(view->ssrc(), 42u);
        EXPECT_EQ(text_of(*view->extension(4)), "0");
        EXPECT_EQ(load16(view->extension(3)->data()), 0xbeef);
        EXPECT_TRUE(view->payload().empty());
    }
}

TEST(HeaderWriter, LeavesOutWhatDoesNotFit) {
    std::array<std::uint8_t, 24> slot{};
    HeaderWriter writer(slot, {});
    writer.add(1, bytes_of("0123456789abcdef"));
    EXPECT_FALSE(writer.ok());
    EXPECT_EQ(writer.finish(), 12u);
    HeaderWriter wide_id(slot, {});
    wide_id.add(15, bytes_of("x"));
    EXPECT_FALSE(wide_id.ok());
    std::array<std::uint8_t, 11> tiny{};
    HeaderWriter none(tiny, {});
    EXPECT_FALSE(none.ok());
    EXPECT_EQ(none.finish(), 0u);
}

TEST(Extensions, KnowTheirUris) {
    EXPECT_EQ(extension_field("urn:ietf:params:rtp-hdrext:sdes:mid"), &ExtensionIds::mid);
    EXPECT_EQ(extension_field("urn:3gpp:video-orientation"), &ExtensionIds::video_orientation);
    EXPECT_EQ(extension_field("urn:ietf:params:rtp-hdrext:toffset"), nullptr);
    EXPECT_EQ(extension_uri(&ExtensionIds::twcc),
              "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01");
}

TEST(Extensions, ReadAudioLevelAndSendTime) {
    const std::array<std::uint8_t, 1> element{0x80 | 23};
    EXPECT_EQ(parse_audio_level(element)->level, 23);
    EXPECT_TRUE(parse_audio_level(element)->voice);
    EXPECT_FALSE(parse_audio_level({}));
    EXPECT_EQ(abs_send_time(Time(1s)), 1u << 18);
    EXPECT_EQ(abs_send_time(Time(65s + 500ms)), (1u << 18) + (1u << 17));
}

}  // namespace
}  // namespace aula::rtp
