// SPDX-License-Identifier: Apache-2.0
#include "control/frame.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "control/back_off.hpp"

using namespace aula;
using control::FrameReader;

namespace {

Buffer framed(std::string_view text) {
    Buffer frame(4);
    store32(frame.data(), static_cast<std::uint32_t>(text.size()));
    frame.insert(frame.end(), text.begin(), text.end());
    return frame;
}

}  // namespace

TEST(FrameReader, FindsFramesHoweverTheBytesWereCut) {
    Buffer stream = framed("first");
    const Buffer second = framed("");
    const Buffer third = framed("third");
    stream.insert(stream.end(), second.begin(), second.end());
    stream.insert(stream.end(), third.begin(), third.end());
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        FrameReader reader;
        std::vector<std::string> found;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            reader.add(Bytes(stream).subspan(at, std::min(piece, stream.size() - at)));
            while (const auto frame = reader.next().value()) found.emplace_back(text_of(*frame));
        }
        EXPECT_EQ(found, (std::vector<std::string>{"first", "", "third"}))
            << "in pieces of " << piece;
    }
}

TEST(FrameReader, RefusesALengthOverTheLimitBeforeItsBytesCame) {
    Buffer header(4);
    store32(header.data(), control::max_frame_bytes + 1);
    FrameReader reader;
    reader.add(header);
    EXPECT_EQ(reader.next().error(), control::FrameError::too_large);
}

TEST(BackOff, DoublesUpToFiveSecondsWithinItsJitter) {
    control::BackOff back_off;
    auto longest = 200ms;
    for (int i = 0; i < 10; ++i) {
        control::BackOff same = back_off;
        EXPECT_EQ(back_off.next(0), longest);
        EXPECT_GE(same.next(999), std::max(200ms, longest / 2));
        EXPECT_LE(same.next(500), 5000ms);
        longest = std::min(longest * 2, 5000ms);
    }
    back_off.reset();
    EXPECT_EQ(back_off.next(0), 200ms);
}
