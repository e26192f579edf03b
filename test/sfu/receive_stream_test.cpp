// SPDX-License-Identifier: Apache-2.0
#include "sfu/receive_stream.hpp"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "rtp/rtcp.hpp"
#include "sfu/twcc_recorder.hpp"

namespace aula::sfu {
namespace {

std::vector<std::uint16_t> list(std::span<const std::uint16_t> numbers) {
    return {numbers.begin(), numbers.end()};
}

TEST(ReceiveStream, ReportsLossAsRfc3550Does) {
    ReceiveStream stream(90'000, true);
    Time now(1s);
    for (std::uint16_t i = 0; i < 100; ++i, now += 10ms) {
        if (i % 4 != 3) stream.receive(static_cast<std::uint16_t>(65'500 + i), i * 900u, 100, now);
    }
    auto block = stream.report(7, now);
    EXPECT_EQ(block.ssrc, 7u);
    // 99 expected: the last number of all was lost and nobody knows yet.
    EXPECT_EQ(block.cumulative_lost, 24);
    EXPECT_EQ(block.fraction_lost, 256 * 24 / 99);
    EXPECT_EQ(block.highest_sequence, 65536u + 62);
    EXPECT_EQ(block.jitter, 0u);
    EXPECT_EQ(block.last_sr, 0u);
    for (std::uint16_t i = 99; i < 200; ++i, now += 10ms) {
        stream.receive(static_cast<std::uint16_t>(65'500 + i), i * 900u, 100, now);
    }
    block = stream.report(7, now);
    EXPECT_EQ(block.fraction_lost, 0);
    EXPECT_EQ(block.cumulative_lost, 24);
    EXPECT_NEAR(static_cast<double>(stream.rate(now).bps()), 80'000, 8'000);
}

TEST(ReceiveStream, TellsDuplicatesAndLatePackets) {
    ReceiveStream stream(90'000, true);
    const Time now(1s);
    EXPECT_EQ(*stream.receive(10, 0, 100, now) % 65536, 10);
    EXPECT_TRUE(stream.receive(13, 0, 100, now));
    EXPECT_FALSE(stream.receive(10, 0, 100, now));
    EXPECT_TRUE(stream.receive(11, 0, 100, now));
    EXPECT_FALSE(stream.receive(11, 0, 100, now));
    EXPECT_TRUE(stream.recover(12, 100, now));
    EXPECT_FALSE(stream.recover(12, 100, now));
    EXPECT_FALSE(stream.recover(14, 100, now)) << "ahead of the stream";
    EXPECT_EQ(stream.figures().duplicates, 2u);
    EXPECT_EQ(stream.figures().recovered, 1u);
}

TEST(ReceiveStream, AsksForMissingPacketsUntilTheyCome) {
    ReceiveStream stream(90'000, true);
    Time now(1s);
    stream.receive(65'534, 0, 100, now);
    stream.receive(2, 0, 100, now);
    EXPECT_TRUE(stream.nacks_due(now, 50ms).empty()) << "perhaps merely reordered";
    now += 6ms;
    EXPECT_EQ(list(stream.nacks_due(now, 50ms)), (std::vector<std::uint16_t>{65'535, 0, 1}));
    EXPECT_TRUE(stream.nacks_due(now + 20ms, 50ms).empty());
    stream.recover(0, 100, now + 30ms);
    stream.receive(1, 0, 100, now + 30ms);
    EXPECT_EQ(list(stream.nacks_due(now + 70ms, 50ms)), (std::vector<std::uint16_t>{65'535}));
    int asked = 2;
    for (now += 140ms; !stream.nacks_due(now, 50ms).empty(); now += 70ms) ++asked;
    EXPECT_EQ(asked, static_cast<int>(NackGenerator::most_tries));
}

TEST(ReceiveStream, GivesUpOnAGapTooWide) {
    ReceiveStream stream(90'000, true);
    stream.receive(0, 0, 100, Time(1s));
    stream.receive(700, 0, 100, Time(1s));
    EXPECT_TRUE(stream.take_unrepairable());
    EXPECT_FALSE(stream.take_unrepairable());
    EXPECT_TRUE(stream.nacks_due(Time(2s), 50ms).empty());
}

TEST(ReceiveStream, BelievesAJumpOnlyWhenASecondPacketConfirmsIt) {
    ReceiveStream stream(90'000, true);
    const auto first = stream.receive(100, 0, 100, Time(1s));
    EXPECT_FALSE(stream.receive(30'000, 0, 100, Time(1s)));
    EXPECT_EQ(*stream.receive(101, 0, 100, Time(1s)), *first + 1);
    EXPECT_FALSE(stream.receive(30'000, 0, 100, Time(1s)));
    const auto jumped = stream.receive(30'001, 0, 100, Time(1s));
    ASSERT_TRUE(jumped);
    EXPECT_GT(*jumped, *first + 65'536);
    EXPECT_EQ(*jumped % 65536, 30'001);
    EXPECT_EQ(stream.report(1, Time(1s)).cumulative_lost, 0);
}

TEST(ReceiveStream, JitterFollowsAppendixA8) {
    ReceiveStream stream(1000, false);
    Time now(1s);
    for (std::uint16_t i = 0; i < 400; ++i) {
        now += i % 2 == 0 ? 30ms : 10ms;
        stream.receive(i, i * 20u, 100, now);
    }
    EXPECT_NEAR(static_cast<double>(stream.report(1, now).jitter), 10, 1.5);
    EXPECT_NEAR(std::chrono::duration<double>(stream.jitter()).count(), 0.010, 0.0015);
}

TEST(ReceiveStream, CarriesTheSenderReportIntoLsrAndDlsr) {
    ReceiveStream stream(90'000, true);
    stream.receive(1, 0, 100, Time(1s));
    rtp::rtcp::SenderReport report;
    report.ntp = rtp::NtpTime(0x1111222233334444);
    stream.receive_sender_report(report, Time(1s));
    const auto block = stream.report(1, Time(1s + 500ms));
    EXPECT_EQ(block.last_sr, 0x22223333u);
    EXPECT_EQ(block.delay_since_last_sr, 32768u);
}

std::vector<rtp::FeedbackStatus> told(TwccRecorder& recorder, Time now) {
    std::array<std::uint8_t, 1200> out{};
    std::vector<rtp::FeedbackStatus> all;
    while (const std::size_t size = recorder.write(out, 1, 2, now)) {
        rtp::rtcp::Reader reader(Bytes(out).first(size));
        rtp::FeedbackReader statuses(std::get<rtp::TransportFeedback>(*reader.next()));
        while (const auto status = statuses.next()) all.push_back(*status);
    }
    return all;
}

TEST(TwccRecorder, TellsArrivalsAndGapsOnceAndLatecomersAgain) {
    TwccRecorder recorder;
    recorder.record(65'535, Time(1s));
    recorder.record(2, Time(1s + 10ms));
    EXPECT_FALSE(recorder.is_due(Time(1s + 20ms)));
    EXPECT_TRUE(recorder.is_due(Time(1s + 60ms)));
    auto all = told(recorder, Time(1s + 60ms));
    ASSERT_EQ(all.size(), 4u);
    EXPECT_TRUE(all[0].received);
    EXPECT_FALSE(all[1].received);
    EXPECT_EQ(all[3].sequence, 2);
    EXPECT_EQ(all[3].arrival - all[0].arrival, 10ms);
    EXPECT_FALSE(recorder.is_due(Time(2s)));
    recorder.record(1, Time(2s));
    all = told(recorder, Time(2s));
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].sequence, 1);
    EXPECT_TRUE(all[0].received);
    EXPECT_TRUE(all[1].received);
    EXPECT_TRUE(told(recorder, Time(3s)).empty());
}

TEST(TwccRecorder, SurvivesJumpsAndSilence) {
    TwccRecorder recorder;
    recorder.record(0, Time(1s));
    recorder.record(30'000, Time(100s));
    recorder.record(30'001, Time(200s));
    const auto all = told(recorder, Time(200s));
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.back().sequence, 30'001);
    EXPECT_TRUE(all.back().received);
    EXPECT_LE(all.size(), 1024u);
}

}  // namespace
}  // namespace aula::sfu
