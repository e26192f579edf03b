// SPDX-License-Identifier: Apache-2.0
#include "rtp/red.hpp"

#include <gtest/gtest.h>

namespace aula::rtp {
namespace {

std::optional<Buffer> primary_of(const Buffer& payload) {
    const auto block = red_primary(payload);
    if (!block) return std::nullopt;
    return Buffer(block->begin(), block->end());
}

TEST(Red, PrimaryAlone) { EXPECT_EQ(primary_of({111, 1, 2, 3}), (Buffer{1, 2, 3})); }

TEST(Red, PrimaryStandsBehindAllRedundantBlocks) {
    // Two redundant blocks of 3 and 2 bytes, 960 and 1920 ticks old (RFC 2198 section 3).
    const Buffer payload = {0x80 | 111, 0x1e, 0x00, 3,  0x80 | 111, 0x0f, 0x00, 2,
                            111,        21,   22,   23, 11,         12,   1,    2};
    EXPECT_EQ(primary_of(payload), (Buffer{1, 2}));
}

TEST(Red, LengthHasTenBits) {
    Buffer payload = {0x80 | 111, 0x0f, 0x03, 0xff, 111};  // an offset of 960, a length of 1023
    payload.resize(payload.size() + 1023, 7);
    EXPECT_FALSE(red_primary(payload));  // nothing is left for the primary block
    payload.push_back(9);
    EXPECT_EQ(primary_of(payload), (Buffer{9}));
}

TEST(Red, WhatDoesNotFitIsNone) {
    EXPECT_FALSE(red_primary({}));
    EXPECT_FALSE(primary_of({111}));
    EXPECT_FALSE(primary_of({0x80 | 111, 0, 0}));
    EXPECT_FALSE(primary_of({0x80 | 111, 0, 0, 0}));
    EXPECT_FALSE(primary_of({0x80 | 111, 0, 0, 5, 111, 1, 2, 3, 4, 5}));
    EXPECT_FALSE(primary_of(Buffer(400, 0xff)));
}

}  // namespace
}  // namespace aula::rtp
