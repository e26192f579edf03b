// SPDX-License-Identifier: Apache-2.0
#include "rtp/transport_feedback.hpp"

#include <array>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "rtp/rtcp.hpp"

namespace aula::rtp {
namespace {

using Arrival = std::optional<std::chrono::microseconds>;

TransportFeedback read_back(Bytes packet) {
    rtcp::Reader reader(packet);
    const auto read = reader.next();
    EXPECT_TRUE(read && std::holds_alternative<TransportFeedback>(*read));
    return std::get<TransportFeedback>(*read);
}

std::vector<FeedbackStatus> statuses_of(const TransportFeedback& feedback) {
    std::vector<FeedbackStatus> all;
    FeedbackReader reader(feedback);
    while (const auto status = reader.next()) all.push_back(*status);
    return all;
}

TEST(TransportFeedback, ReadsEveryKindOfChunk) {
    // A run of two lost, fourteen of one bit, and seven of two bits.
    const std::array<std::uint8_t, 18> fci{0xff, 0xff, 0x00, 0x17,
                                           0x00, 0x00, 0x02, 0x05,  // base 65535, 23 statuses
                                           0x00, 0x02,              // run: 2 lost
                                           0xa0, 0x01,              // one bit: first and last
                                           0xd8, 0x00,              // two bits: 1, 2, then lost
                                           4,    8,    0x01, 0xff};
    const auto feedback = TransportFeedback::parse(1, 2, fci);
    ASSERT_TRUE(feedback);
    EXPECT_EQ(feedback->number, 5);
    const auto all = statuses_of(*feedback);
    // The last delta is cut off: reading stops before it.
    ASSERT_EQ(all.size(), 2u + 14 + 1);
    EXPECT_FALSE(all[0].received);
    EXPECT_EQ(all[1].sequence, 0);
    EXPECT_TRUE(all[2].received);
    EXPECT_EQ(all[2].arrival, 128ms + 1ms);
    EXPECT_EQ(all[15].arrival, 131ms);
    EXPECT_EQ(all[16].arrival, 131ms + 250us);
}

TEST(TransportFeedback, RandomArrivalsComeBackToAQuarterMillisecond) {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        std::vector<Arrival> arrivals;
        std::chrono::microseconds clock(1'000'000 + random() % 100'000'000);
        const std::size_t count = 1 + random() % 200;
        for (std::size_t i = 0; i < count; ++i) {
            clock += std::chrono::microseconds(static_cast<int>(random() % 90'000) - 5'000);
            arrivals.push_back(random() % 4 == 0 ? Arrival() : clock);
        }
        arrivals.back() = clock;
        std::array<std::uint8_t, 1200> out{};
        const auto written = write_transport_feedback(out, 1, 2, 3, 65'500, arrivals);
        ASSERT_EQ(written.statuses, count);
        const auto all = statuses_of(read_back(Bytes(out).first(written.size)));
        ASSERT_EQ(all.size(), count);
        for (std::size_t i = 0; i < count; ++i) {
            EXPECT_EQ(all[i].sequence, static_cast<std::uint16_t>(65'500 + i));
            ASSERT_EQ(all[i].received, arrivals[i].has_value());
            if (!arrivals[i]) continue;
            EXPECT_LT(std::abs((*arrivals[i] - all[i].arrival).count()), 250);
        }
    }
}

TEST(TransportFeedback, StopsBeforeAGapItCannotEncode) {
    const std::array<Arrival, 3> arrivals{1s, 1s + 1ms, 20s};
    std::array<std::uint8_t, 100> out{};
    EXPECT_EQ(write_transport_feedback(out, 1, 2, 3, 0, arrivals).statuses, 2u);
    EXPECT_EQ(write_transport_feedback(MutableBytes(out).first(20), 1, 2, 3, 0, arrivals).size, 0u);
}

}  // namespace
}  // namespace aula::rtp
