// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <random>

#include <gtest/gtest.h>

#include "rtp/rtcp.hpp"
#include "sfu/bandwidth_estimator.hpp"
#include "sfu/twcc_recorder.hpp"

namespace aula::sfu {
namespace {

/// A bottleneck with a queue of bounded delay, a receiver that sends feedback every 50 ms, and a
/// sender of 20 ms steps that uses what the estimate allows, up to the rate wanted.
class Line {
public:
    BitRate capacity = BitRate::kbps(10'000);
    Duration delay = 30ms, longest_queue = 400ms;
    double loss = 0, jitter_ms = 0;
    BitRate wanted = BitRate::kbps(4'000);
    bool probes = true;
    /// What the media takes of an estimate: all, or whole layers.
    std::function<BitRate(BitRate)> media = [](BitRate rate) { return rate; };

    BandwidthEstimator estimator;
    Time now = Time(1000s);

    void run(Duration span) {
        for (const Time end = now + span; now < end; now += 10ms) step();
    }

private:
    struct Flying {
        Time arrival;
        std::uint16_t number;
    };
    struct Feedback {
        Time arrival;
        Buffer packet;
    };

    void step() {
        credit_ += std::chrono::duration<double>(10ms).count() *
                   static_cast<double>(std::min(wanted, media(estimator.estimate())).bps()) / 8;
        // Pictures come 25 times a second.
        if (now.time_since_epoch() % 40ms == Duration::zero()) {
            for (; credit_ > 0; credit_ -= 1200) send(1200);
        }
        if (probes) {
            for (auto due = static_cast<int>(estimator.padding_due(wanted, now)); due > 0;
                 due -= 1200)
                send(1200);
        }
        deliver();
    }

    void send(std::size_t size) {
        const std::uint16_t number = estimator.packet_sent(size, now);
        const auto service = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(
            static_cast<double>(size) * 8 / static_cast<double>(capacity.bps())));
        const Time start = std::max(now, free_at_);
        const bool dropped =
            start - now > longest_queue || std::uniform_real_distribution(0.0, 1.0)(random_) < loss;
        if (dropped) return;
        free_at_ = start + service;
        const auto jitter =
            std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(
                std::uniform_real_distribution(0.0, 1.0)(random_) * jitter_ms));
        flying_.push_back({free_at_ + delay + jitter, number});
    }

    void deliver() {
        for (; !flying_.empty() && flying_.front().arrival <= now; flying_.pop_front()) {
            recorder_.record(flying_.front().number, flying_.front().arrival);
        }
        std::array<std::uint8_t, 1200> out{};
        while (recorder_.is_due(now)) {
            const std::size_t size = recorder_.write(out, 1, 2, now);
            if (size == 0) break;
            answers_.push_back(
                {now + delay,
                 Buffer(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size))});
        }
        for (; !answers_.empty() && answers_.front().arrival <= now; answers_.pop_front()) {
            rtp::rtcp::Reader reader(answers_.front().packet);
            estimator.receive_feedback(std::get<rtp::TransportFeedback>(*reader.next()), now);
        }
    }

    double credit_ = 0;
    Time free_at_{};
    std::mt19937 random_{3};
    std::deque<Flying> flying_;
    std::deque<Feedback> answers_;
    TwccRecorder recorder_;
};

TEST(BandwidthEstimator, AHealthyLineReachesWhatIsWantedWithinSeconds) {
    Line line;
    line.run(5s);
    EXPECT_GT(line.estimator.estimate(), BitRate::kbps(4'000));
    EXPECT_EQ(line.estimator.loss(), 0);
}

TEST(BandwidthEstimator, StepsDownOnAThinLineWithinThreeSecondsAndUpAgain) {
    Line line;
    line.run(3s);
    line.capacity = BitRate::kbps(500);
    line.run(3s);
    EXPECT_LT(line.estimator.estimate(), BitRate::kbps(560));
    line.run(20s);
    EXPECT_LT(line.estimator.estimate(), BitRate::kbps(650));
    EXPECT_GT(line.estimator.estimate(), BitRate::kbps(250));
    line.capacity = BitRate::kbps(5'000);
    line.run(20s);
    EXPECT_GT(line.estimator.estimate(), BitRate::kbps(3'000));
}

/// The layers of a camera: 150, 500 and 1700 kbit/s.
BitRate layer_for(BitRate estimate) {
    if (estimate > BitRate::kbps(1'800)) return BitRate::kbps(1'700);
    return estimate > BitRate::kbps(550) ? BitRate::kbps(500) : BitRate::kbps(150);
}

void expect_climb(bool probes, Duration within) {
    Line line;
    line.probes = probes;
    line.wanted = BitRate::kbps(1'900);
    line.media = layer_for;
    line.capacity = BitRate::kbps(400);
    line.run(8s);
    EXPECT_LT(line.estimator.estimate(), BitRate::kbps(550));
    line.capacity = BitRate::kbps(5'000);
    line.run(within);
    EXPECT_GT(line.estimator.estimate(), BitRate::kbps(1'800));
}

TEST(BandwidthEstimator, ClimbsBackThroughLayersWithProbes) { expect_climb(true, 15s); }

TEST(BandwidthEstimator, ClimbsBackThroughLayersAlsoWithoutProbes) { expect_climb(false, 60s); }

TEST(BandwidthEstimator, ProbesOnAThinLineStayRare) {
    Line line;
    line.wanted = BitRate::kbps(1'900);
    line.media = layer_for;
    line.capacity = BitRate::kbps(400);
    line.run(60s);
    EXPECT_LT(line.estimator.estimate(), BitRate::kbps(550)) << "the medium layer does not fit";
}

TEST(BandwidthEstimator, RandomLossAndJitterAloneDoNotStarveIt) {
    Line line;
    line.loss = 0.05;
    line.jitter_ms = 10;
    line.wanted = BitRate::kbps(1'900);
    line.run(20s);
    EXPECT_GT(line.estimator.estimate(), BitRate::kbps(1'500));
}

TEST(BandwidthEstimator, HeavyLossWithoutAQueueBringsItDown) {
    Line line;
    line.capacity = BitRate::kbps(500);
    line.longest_queue = 20ms;
    line.run(5s);
    EXPECT_LT(line.estimator.estimate(), BitRate::kbps(700));
}

TEST(BandwidthEstimator, ACutShowsWithinASecond) {
    Line line;
    line.run(5s);
    ASSERT_GT(line.estimator.estimate(), BitRate::kbps(3000));
    line.capacity = BitRate::kbps(500);
    // A queue of 400 ms has to pass first.
    line.run(700ms);
    EXPECT_LT(line.estimator.estimate(), BitRate::kbps(800));
}

TEST(BandwidthEstimator, KnowsOfManyPacketsOnTheirWay) {
    BandwidthEstimator estimator;
    const Time start(1000s);
    std::uint16_t first = 0;
    // 1500 packets in half a second, all answered at its end.
    for (int i = 0; i < 1500; ++i) {
        const auto number = estimator.packet_sent(1000, start + i * 333us);
        if (i == 0) first = number;
    }
    TwccRecorder recorder;
    for (int i = 0; i < 1500; ++i) {
        recorder.record(static_cast<std::uint16_t>(first + i), start + 30ms + i * 333us);
        std::array<std::uint8_t, 1200> out{};
        const Time now = start + 30ms + i * 333us;
        while (recorder.is_due(now)) {
            const std::size_t size = recorder.write(out, 1, 2, now);
            if (size == 0) break;
            rtp::rtcp::Reader reader(Bytes(out).first(size));
            estimator.receive_feedback(std::get<rtp::TransportFeedback>(*reader.next()),
                                       start + 600ms);
        }
    }
    // All but those of the last feedback, which is not due yet.
    EXPECT_GT(estimator.acknowledged(start + 600ms), BitRate::kbps(8 * 1300));
}

TEST(BandwidthEstimator, FollowsLossReportsAndRembWithoutFeedback) {
    BandwidthEstimator estimator;
    estimator.receive_loss(0.5, Time(1s));
    EXPECT_EQ(estimator.estimate(), BitRate::kbps(1'500));
    for (int i = 0; i < 10; ++i) estimator.receive_loss(0, Time(2s + i * 1s));
    EXPECT_GT(estimator.estimate(), BitRate::kbps(3'000));
    estimator.receive_remb(BitRate::kbps(300));
    EXPECT_EQ(estimator.estimate(), BitRate::kbps(300));
    EXPECT_EQ(estimator.padding_due(BitRate::kbps(5'000), Time(20s)), 0u)
        << "nobody would see the probe";
}

TEST(BandwidthEstimator, IgnoresFeedbackOnPacketsItNeverSent) {
    BandwidthEstimator estimator;
    std::array<std::optional<std::chrono::microseconds>, 50> arrivals;
    arrivals.fill(std::chrono::microseconds(5'000'000));
    std::array<std::uint8_t, 500> out{};
    const auto written = rtp::write_transport_feedback(out, 1, 2, 0, 4711, arrivals);
    rtp::rtcp::Reader reader(Bytes(out).first(written.size));
    estimator.receive_feedback(std::get<rtp::TransportFeedback>(*reader.next()), Time(1s));
    EXPECT_EQ(estimator.estimate(), BandwidthEstimator::start_rate);
    EXPECT_EQ(estimator.acknowledged(Time(1s)), BitRate());
}

}  // namespace
}  // namespace aula::sfu
