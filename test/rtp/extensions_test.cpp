// SPDX-License-Identifier: Apache-2.0
#include "rtp/extensions.hpp"

#include <gtest/gtest.h>

namespace aula::rtp {
namespace {

TEST(ExtensionIds, MergeKeepsWhatTheOtherSectionDoesNotHave) {
    ExtensionIds ids;
    ids.mid = 4;
    ids.rid = 10;
    ExtensionIds audio;
    audio.mid = 4;
    audio.audio_level = 1;
    ids.merge(audio);
    EXPECT_EQ(ids.mid, 4);
    EXPECT_EQ(ids.rid, 10);
    EXPECT_EQ(ids.audio_level, 1);
}

}  // namespace
}  // namespace aula::rtp
