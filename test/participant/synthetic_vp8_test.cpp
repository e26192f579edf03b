// SPDX-License-Identifier: Apache-2.0
#include "participant/synthetic_vp8.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "rtp/codec.hpp"
#include "rtp/vp8.hpp"

namespace aula::participant {
namespace {

struct Frame {
    rtp::Vp8Descriptor first;
    std::vector<std::size_t> sizes;
};

Frame next_frame(SyntheticVp8& vp8, bool key_frame) {
    Frame frame;
    vp8.begin_frame(key_frame);
    bool ended = false;
    while (const auto packet = vp8.next_packet()) {
        EXPECT_FALSE(ended);
        ended = packet->marker;
        const auto descriptor = rtp::Vp8Descriptor::parse(packet->payload);
        EXPECT_TRUE(descriptor.has_value());
        if (frame.sizes.empty()) frame.first = *descriptor;
        EXPECT_EQ(descriptor->starts_picture, frame.sizes.empty());
        EXPECT_EQ(descriptor->picture_id, frame.first.picture_id);
        frame.sizes.push_back(packet->payload.size());
    }
    EXPECT_TRUE(ended);
    return frame;
}

TEST(SyntheticVp8, BeginsWithAKeyFrameOfItsSize) {
    SyntheticVp8 vp8(synthetic_layers[2]);
    const Frame first = next_frame(vp8, false);
    EXPECT_TRUE(first.first.key_frame);
    EXPECT_EQ(first.first.width, 1280);
    EXPECT_EQ(first.first.height, 720);
    EXPECT_FALSE(next_frame(vp8, false).first.key_frame);
    EXPECT_TRUE(next_frame(vp8, true).first.key_frame);
}

TEST(SyntheticVp8, CountsPicturesAndLowestLayers) {
    SyntheticVp8 vp8(synthetic_layers[0]);
    std::vector<int> temporal;
    std::vector<int> lowest;
    for (std::uint16_t i = 0; i < 8; ++i) {
        const Frame frame = next_frame(vp8, false);
        EXPECT_EQ(frame.first.picture_id, i);
        temporal.push_back(frame.first.temporal_id);
        lowest.push_back(frame.first.tl0picidx);
    }
    EXPECT_EQ(temporal, (std::vector<int>{0, 2, 1, 2, 0, 2, 1, 2}));
    EXPECT_EQ(lowest, (std::vector<int>{0, 0, 0, 0, 1, 1, 1, 1}));
}

TEST(SyntheticVp8, SplitsFramesIntoNearlyEqualPacketsAtItsRate) {
    SyntheticVp8 vp8(synthetic_layers[2]);
    next_frame(vp8, true);
    std::size_t bytes = 0;
    for (unsigned i = 0; i < synthetic_frame_rate; ++i) {
        const Frame frame = next_frame(vp8, false);
        ASSERT_GT(frame.sizes.size(), 1u);
        for (const std::size_t size : frame.sizes) {
            EXPECT_LE(size, SyntheticVp8::largest_payload);
            EXPECT_LE(frame.sizes.front() - size, 1u);
            bytes += size;
        }
    }
    const auto wanted = static_cast<double>(synthetic_layers[2].rate.bps()) / 8;
    EXPECT_NEAR(static_cast<double>(bytes), wanted, 0.02 * wanted);
}

TEST(SyntheticVp8, WrapsThePictureId) {
    SyntheticVp8 vp8(synthetic_layers[0]);
    std::uint16_t last = 0;
    for (int i = 0; i < 0x8000; ++i) last = next_frame(vp8, false).first.picture_id;
    EXPECT_EQ(last, 0x7fff);
    EXPECT_EQ(next_frame(vp8, false).first.picture_id, 0);
}

}  // namespace
}  // namespace aula::participant
