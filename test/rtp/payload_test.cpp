// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "rtp/codec.hpp"
#include "rtp/packet_view.hpp"
#include "rtp/rtx.hpp"
#include "rtp/sequence.hpp"
#include "rtp/vp8.hpp"

namespace aula::rtp {
namespace {

// X S, I L T, 15-bit id 0x1234, TL0PICIDX 7, TID 2 with Y, then the start of an inter frame.
const Buffer wide_vp8{0x90, 0xe0, 0x92, 0x34, 0x07, 0xa0, 0x01, 0x00};
// A key frame of 640x360 without temporal layers, 7-bit id.
const Buffer key_vp8{0x90, 0x80, 0x11, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01};

TEST(Vp8Descriptor, ReadsPictureIdLayersAndSync) {
    const auto descriptor = Vp8Descriptor::parse(wide_vp8);
    ASSERT_TRUE(descriptor);
    EXPECT_EQ(descriptor->size, 6);
    EXPECT_EQ(descriptor->picture_id, 0x1234);
    EXPECT_TRUE(descriptor->wide_picture_id);
    EXPECT_EQ(descriptor->tl0picidx, 7);
    EXPECT_EQ(descriptor->temporal_id, 2);
    EXPECT_TRUE(descriptor->layer_sync);
    EXPECT_TRUE(descriptor->starts_picture);
    EXPECT_FALSE(descriptor->key_frame);
}

TEST(Vp8Descriptor, TellsAKeyFrameAndItsSize) {
    const auto descriptor = Vp8Descriptor::parse(key_vp8);
    ASSERT_TRUE(descriptor);
    EXPECT_TRUE(descriptor->key_frame);
    EXPECT_EQ(descriptor->picture_id, 0x11);
    EXPECT_FALSE(descriptor->has_tl0picidx());
    EXPECT_EQ(descriptor->width, 640);
    EXPECT_EQ(descriptor->height, 360);
    // The second packet of the same frame has no S bit, and may begin with any byte.
    Buffer second = key_vp8;
    second[0] = 0x80;
    EXPECT_FALSE(Vp8Descriptor::parse(second)->key_frame);
}

TEST(Vp8Descriptor, RejectsEveryTruncationOfTheDescriptor) {
    for (std::size_t size = 0; size <= 6; ++size) {
        EXPECT_FALSE(Vp8Descriptor::parse(Bytes(wide_vp8).first(size))) << size;
    }
}

TEST(Vp8Descriptor, IsRewrittenInPlaceInBothWidths) {
    Buffer wide = wide_vp8;
    rewrite_vp8(wide, *Vp8Descriptor::parse(wide), 0x7fff, 0xfe);
    EXPECT_EQ(Vp8Descriptor::parse(wide)->picture_id, 0x7fff);
    EXPECT_EQ(Vp8Descriptor::parse(wide)->tl0picidx, 0xfe);
    EXPECT_EQ(Vp8Descriptor::parse(wide)->temporal_id, 2);
    Buffer narrow = key_vp8;
    rewrite_vp8(narrow, *Vp8Descriptor::parse(narrow), 0x7f, 0);
    EXPECT_EQ(Vp8Descriptor::parse(narrow)->picture_id, 0x7f);
    EXPECT_EQ(Vp8Descriptor::parse(narrow)->width, 640);
}

struct KeyFrameCase {
    const char* what;
    Codec codec;
    Buffer payload;
    bool key;
};

TEST(KeyFrames, AreToldForEveryCodec) {
    const std::vector<KeyFrameCase> cases{
        {"single SPS", Codec::h264, {0x67, 0x42}, true},
        {"single IDR", Codec::h264, {0x65, 0x88}, true},
        {"single P slice", Codec::h264, {0x41, 0x9a}, false},
        {"STAP-A of SPS and PPS", Codec::h264, {0x78, 0, 2, 0x67, 0x42, 0, 2, 0x68, 0xce}, true},
        {"STAP-A of SEI, then SPS", Codec::h264, {0x78, 0, 1, 0x06, 0, 2, 0x67, 0x42}, true},
        {"STAP-A of PPS only", Codec::h264, {0x78, 0, 2, 0x68, 0xce}, false},
        {"STAP-A with a length too long", Codec::h264, {0x78, 0, 9, 0x67}, false},
        {"STAP-A with length zero", Codec::h264, {0x78, 0, 0, 0x67, 0x42}, false},
        {"FU-A, start of IDR", Codec::h264, {0x7c, 0x85, 0x11}, true},
        {"FU-A, middle of IDR", Codec::h264, {0x7c, 0x05, 0x11}, false},
        {"FU-A cut off", Codec::h264, {0x7c}, false},
        {"nothing", Codec::h264, {}, false},
        {"VP9 key", Codec::vp9, {0x88, 0x11, 0x82}, true},
        {"VP9 inter", Codec::vp9, {0xc8, 0x11, 0x86}, false},
        {"VP9 second packet of a key frame", Codec::vp9, {0x80, 0x11, 0x82}, false},
        {"VP9 SVC, lowest layer", Codec::vp9, {0xa8, 0x81, 0x11, 0x00}, true},
        {"VP9 SVC, second layer", Codec::vp9, {0xa8, 0x81, 0x11, 0x02}, false},
        {"VP9 SVC cut off", Codec::vp9, {0xa8, 0x81}, false},
        {"AV1 new sequence", Codec::av1, {0x18, 0x0a}, true},
        {"AV1 none", Codec::av1, {0x10, 0x32}, false},
        {"H265 VPS", Codec::h265, {0x40, 0x01, 0x0c}, true},
        {"H265 FU start of IDR", Codec::h265, {0x62, 0x01, 0x93}, true},
        {"H265 trailing slice", Codec::h265, {0x02, 0x01, 0xd0}, false},
        {"Opus", Codec::opus, {0x67, 0x42}, false},
    };
    for (const auto& item : cases) {
        EXPECT_EQ(starts_key_frame(item.codec, item.payload), item.key) << item.what;
    }
}

TEST(Codec, IsNamedInAnyCase) {
    EXPECT_EQ(codec_named("VP8"), Codec::vp8);
    EXPECT_EQ(codec_named("OPUS"), Codec::opus);
    EXPECT_EQ(codec_named("h264"), Codec::h264);
    EXPECT_EQ(codec_named("rtx"), Codec::other);
    EXPECT_TRUE(is_video(Codec::av1));
    EXPECT_FALSE(is_video(Codec::red));
}

TEST(Rtx, WrapsAndUnwrapsToTheOriginal) {
    std::array<std::uint8_t, 64> slot{};
    const Buffer header{0x80, 0xe1, 0, 9, 0, 0, 1, 0, 0, 0, 0, 77};
    std::copy(header.begin(), header.end(), slot.begin());
    const auto payload = wrap_rtx(slot, 12, 4711, bytes_of("frame"));
    ASSERT_EQ(payload.size(), 7u);
    MutableBytes packet = MutableBytes(slot).first(12 + 7);
    const auto original = unwrap_rtx(packet, *PacketView::parse(packet), 42, 96);
    ASSERT_TRUE(original);
    const auto view = PacketView::parse(*original);
    EXPECT_EQ(view->sequence_number(), 4711);
    EXPECT_EQ(view->ssrc(), 42u);
    EXPECT_EQ(view->payload_type(), 96);
    EXPECT_TRUE(view->marker());
    EXPECT_EQ(view->timestamp(), 256u);
    EXPECT_EQ(text_of(view->payload()), "frame");
}

TEST(Rtx, PaddingOnTheRtxStreamIsNoPacket) {
    Buffer packet{0xa0, 0x61, 0, 9, 0, 0, 1, 0, 0, 0, 0, 77, 0, 0, 3};
    EXPECT_FALSE(unwrap_rtx(packet, *PacketView::parse(packet), 42, 96));
    EXPECT_TRUE(wrap_rtx(packet, 12, 1, bytes_of("too long")).empty());
}

TEST(SequenceUnwrapper, CountsOnThroughTheWrapAndBack) {
    SequenceUnwrapper unwrapper;
    EXPECT_EQ(unwrapper.unwrap(65'534), 65536 + 65'534);
    EXPECT_EQ(unwrapper.unwrap(2), 2 * 65536 + 2);
    EXPECT_EQ(unwrapper.unwrap(65'535), 65536 + 65'535);
    EXPECT_EQ(unwrapper.newest(), 2 * 65536 + 2);
    EXPECT_EQ(unwrapper.peek(0), 2 * 65536);
    const auto restarted = unwrapper.restart(7);
    EXPECT_EQ(restarted % 65536, 7);
    EXPECT_GT(restarted, 3 * 65536);
    EXPECT_TRUE(is_newer(1, 65'535));
    EXPECT_FALSE(is_newer(5, 5));
    EXPECT_TRUE(is_newer_timestamp(3, 0xfffffff0));
}

}  // namespace
}  // namespace aula::rtp
