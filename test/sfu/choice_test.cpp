// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "sfu/allocator.hpp"
#include "sfu/connection_score.hpp"
#include "sfu/key_frame_requests.hpp"
#include "sfu/layer_choice.hpp"
#include "sfu/speaker_detector.hpp"

namespace aula::sfu {
namespace {

constexpr std::array layers{LayerShape{320, 180, true}, LayerShape{640, 360, true},
                            LayerShape{1280, 720, true}};
using MaybeLayer = std::optional<std::uint8_t>;

TEST(LayerChoice, TakesTheSmallestThatCovers) {
    struct Row {
        const char* what;
        ViewerWish wish;
        MaybeLayer layer;
    };
    const std::vector<Row> rows{
        {"a thumbnail", {false, 160, 90, 2}, 0},
        {"just the lowest", {false, 320, 180, 2}, 0},
        {"a hair larger", {false, 340, 190, 2}, 0},
        {"larger", {false, 400, 225, 2}, 1},
        {"upright, as on a phone", {false, 180, 320, 2}, 0},
        {"full screen", {false, 1920, 1080, 2}, 2},
        {"hidden", {true, 320, 180, 2}, std::nullopt},
        {"no size, low quality", {false, 0, 0, 0}, 0},
        {"no size", {false, 0, 0, 2}, 2},
        {"a quality there is not", {false, 0, 0, 9}, 2},
    };
    for (const Row& row : rows) EXPECT_EQ(wished_layer(row.wish, layers), row.layer) << row.what;
    EXPECT_EQ(wished_layer({}, {}), std::nullopt);
    const std::array<LayerShape, 3> unknown{};
    EXPECT_EQ(wished_layer({false, 100, 100, 2}, unknown), 2);
}

TEST(LayerChoice, FallsToWhatIsLive) {
    auto shapes = layers;
    shapes[2].live = false;
    EXPECT_EQ(nearest_live(2, shapes), 1);
    shapes[0].live = shapes[1].live = false;
    EXPECT_EQ(nearest_live(1, shapes), 1) << "nothing is: be ready for it";
    shapes[2].live = true;
    EXPECT_EQ(nearest_live(0, shapes), 2);
}

Allocation video(TrackClass kind, std::uint8_t wanted, MaybeLayer current = std::nullopt) {
    Allocation track;
    track.kind = kind;
    track.rates = {BitRate::kbps(150), BitRate::kbps(500), BitRate::kbps(1700)};
    track.wanted = wanted;
    track.current = current;
    return track;
}

Allocation sound() {
    Allocation track;
    track.kind = TrackClass::audio;
    track.rates[0] = BitRate::kbps(40);
    track.wanted = 0;
    return track;
}

TEST(Allocator, GivesAudioFirstThenScreenThenSpeakerThenCameras) {
    struct Row {
        int kbps;
        std::array<MaybeLayer, 3> layers;  // screen, speaker, camera
    };
    const std::vector<Row> rows{
        {6000, {2, 2, 2}},
        {2500, {2, 1, 0}},  // 40 + 1700 + 500 + 150
        {1100, {1, 0, 0}},
        {500, {0, 0, 0}},
        {350, {0, 0, std::nullopt}},
        {100, {0, std::nullopt, std::nullopt}},  // the first picture always flows
        {0, {0, std::nullopt, std::nullopt}},
    };
    for (const Row& row : rows) {
        std::vector<Allocation> tracks{video(TrackClass::camera, 2), sound(),
                                       video(TrackClass::speaker, 2), video(TrackClass::screen, 2)};
        const auto result = Allocator().allocate(BitRate::kbps(row.kbps), tracks);
        EXPECT_EQ(tracks[1].layer, 0) << "audio always flows";
        EXPECT_EQ(tracks[3].layer, row.layers[0]) << row.kbps;
        EXPECT_EQ(tracks[2].layer, row.layers[1]) << row.kbps;
        EXPECT_EQ(tracks[0].layer, row.layers[2]) << row.kbps;
        EXPECT_EQ(result.used + result.missing, BitRate::kbps(40 + 3 * 1700))
            << "what to probe for";
    }
}

TEST(Allocator, GivesHalfThePicturesBeforeNone) {
    std::vector<Allocation> tracks{video(TrackClass::speaker, 0), video(TrackClass::camera, 0)};
    Allocator().allocate(BitRate::kbps(250), tracks);
    EXPECT_EQ(tracks[1].layer, 0);
    EXPECT_EQ(tracks[1].temporal, 1);
}

TEST(Allocator, RaisesOnlyWithHeadroomButKeepsWhatFlows) {
    std::vector<Allocation> tracks{video(TrackClass::camera, 2, 1)};
    Allocator().allocate(BitRate::kbps(1800), tracks);
    EXPECT_EQ(tracks[0].layer, 1);
    tracks[0] = video(TrackClass::camera, 2, 2);
    Allocator().allocate(BitRate::kbps(1800), tracks);
    EXPECT_EQ(tracks[0].layer, 2);
    tracks[0] = video(TrackClass::camera, 1, 0);
    Allocator().allocate(BitRate::kbps(9000), tracks);
    EXPECT_EQ(tracks[0].layer, 1) << "no more than it wants";
}

TEST(Allocator, LeavesOutLayersThatAreNotLive) {
    std::vector<Allocation> tracks{video(TrackClass::camera, 2)};
    tracks[0].rates[1] = tracks[0].rates[2] = {};
    Allocator().allocate(BitRate::kbps(9000), tracks);
    EXPECT_EQ(tracks[0].layer, 0);
    tracks[0].rates[0] = {};
    Allocator().allocate(BitRate::kbps(9000), tracks);
    EXPECT_EQ(tracks[0].layer, 2) << "nothing comes yet: be ready for it";
    tracks[0].wanted.reset();
    Allocator().allocate(BitRate::kbps(9000), tracks);
    EXPECT_FALSE(tracks[0].layer);
}

/// Levels for one window of 400 ms, twenty packets.
void speak(SpeakerDetector& detector, std::uint32_t id, std::uint8_t level, int packets) {
    for (int i = 0; i < packets; ++i) detector.observe(id, level);
}

TEST(SpeakerDetector, TellsWhoStartsAndOnceWhoStops) {
    SpeakerDetector detector;
    Time now(1s);
    speak(detector, 1, 10, 20);
    speak(detector, 2, 40, 20);  // too quiet
    speak(detector, 3, 10, 7);   // less than 40 % of the window
    auto changes = detector.update(now);
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].id, 1u);
    EXPECT_TRUE(changes[0].active);
    EXPECT_GT(changes[0].level, 0);
    EXPECT_EQ(changes[0].level * 8, static_cast<float>(static_cast<int>(changes[0].level * 8)));
    EXPECT_TRUE(detector.update(now + 100ms).empty()) << "within the window";
    int told_stopped = 0;
    for (int i = 0; i < 10; ++i) {
        now += 400ms;
        for (const Speaker& speaker : detector.update(now)) {
            if (!speaker.active) {
                ++told_stopped;
                EXPECT_EQ(speaker.level, 0);
            }
        }
    }
    EXPECT_EQ(told_stopped, 1);
    EXPECT_TRUE(detector.active().empty());
}

TEST(SpeakerDetector, PutsTheLoudestFirstAndForgetsWhoLeft) {
    SpeakerDetector detector;
    speak(detector, 1, 25, 20);
    speak(detector, 2, 5, 20);
    detector.update(Time(1s));
    ASSERT_EQ(detector.active().size(), 2u);
    EXPECT_EQ(detector.active()[0].id, 2u);
    detector.remove(2);
    speak(detector, 1, 25, 20);
    const auto changes = detector.update(Time(1s + 400ms));
    ASSERT_FALSE(changes.empty());
    EXPECT_EQ(changes.back().id, 2u);
    EXPECT_FALSE(changes.back().active);
}

TEST(ConnectionScore, FallsWithLossAndDelay) {
    EXPECT_EQ(connection_quality({0, 30ms, 2ms}), ConnectionQuality::excellent);
    EXPECT_EQ(connection_quality({0.05, 60ms, 5ms}), ConnectionQuality::good);
    EXPECT_EQ(connection_quality({0.30, 60ms, 5ms}), ConnectionQuality::poor);
    EXPECT_EQ(connection_quality({0, 900ms, 5ms}), ConnectionQuality::poor);
    EXPECT_EQ(connection_quality({0, 30ms, 2ms, true}), ConnectionQuality::good);
    EXPECT_EQ(connection_quality({0, 30ms, 2ms, false, true}), ConnectionQuality::lost);
    EXPECT_GT(opinion_score({0.01, 50ms, 1ms}), opinion_score({0.02, 50ms, 1ms}));
}

TEST(KeyFrameRequests, MergesWishesAndRepeatsUntilItCame) {
    KeyFrameRequests low(0), high(2);
    EXPECT_FALSE(low.take(Time(1s)));
    low.want();
    high.want();
    EXPECT_TRUE(low.take(Time(1s)));
    EXPECT_TRUE(high.take(Time(1s)));
    low.want();
    EXPECT_FALSE(low.take(Time(1s + 400ms)));
    EXPECT_TRUE(low.take(Time(1s + 500ms)));
    EXPECT_FALSE(high.take(Time(1s + 900ms)));
    low.arrived();
    EXPECT_FALSE(low.take(Time(9s)));
}

}  // namespace
}  // namespace aula::sfu
