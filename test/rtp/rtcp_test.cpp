// SPDX-License-Identifier: Apache-2.0
#include "rtp/rtcp.hpp"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "rtp/rtcp_writer.hpp"

namespace aula::rtp::rtcp {
namespace {

template <class T>
T only(Bytes compound) {
    Reader reader(compound);
    const auto packet = reader.next();
    EXPECT_TRUE(packet && std::holds_alternative<T>(*packet));
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.malformed());
    return std::get<T>(*packet);
}

TEST(Rtcp, SenderReportWithBlocksComesBack) {
    std::array<std::uint8_t, 256> out{};
    Writer writer(out);
    const std::array blocks{ReportBlock{1, 2, -3, 4, 5, 6, 7},
                            ReportBlock{8, 9, 10, 11, 12, 13, 14}};
    ASSERT_TRUE(writer.sender_report(0xabcd, NtpTime(0x1122334455667788), 99, 100, 101, blocks));
    const auto report = only<SenderReport>(writer.written());
    EXPECT_EQ(report.ssrc, 0xabcdu);
    EXPECT_EQ(report.ntp.middle(), 0x33445566u);
    EXPECT_EQ(report.rtp_timestamp, 99u);
    ASSERT_EQ(report.reports.size(), 2u);
    EXPECT_EQ(report.reports[0].cumulative_lost, -3);
    EXPECT_EQ(report.reports[1].ssrc, 8u);
    EXPECT_EQ(report.reports[1].delay_since_last_sr, 14u);
}

TEST(Rtcp, ReadsAReceiverReportByteByByte) {
    // RFC 3550 section 6.4.2, one block.
    const std::array<std::uint8_t, 32> bytes{0x81, 201, 0, 7, 0, 0, 0, 9, 0, 0, 0, 1, 64, 0, 0, 5,
                                             0,    1,   0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 0,  1, 0, 0};
    const auto report = only<ReceiverReport>(bytes);
    EXPECT_EQ(report.ssrc, 9u);
    EXPECT_EQ(report.reports[0].fraction_lost, 64);
    EXPECT_EQ(report.reports[0].cumulative_lost, 5);
    EXPECT_EQ(report.reports[0].highest_sequence, 0x10002u);
    EXPECT_EQ(report.reports[0].last_sr, 0x01020304u);
    EXPECT_EQ(from_compact_ntp(report.reports[0].delay_since_last_sr), 1s);
}

TEST(Rtcp, NackPacksNumbersIntoBitmasksAcrossTheWrap) {
    std::array<std::uint8_t, 64> out{};
    Writer writer(out);
    const std::vector<std::uint16_t> lost{65530, 65535, 0, 10, 11, 40};
    ASSERT_TRUE(writer.nack(1, 2, lost));
    EXPECT_EQ(writer.size(), 12u + 3 * 4);
    std::vector<std::uint16_t> read;
    only<Nack>(writer.written()).for_each([&](std::uint16_t number) { read.push_back(number); });
    EXPECT_EQ(read, lost);
}

TEST(Rtcp, ACompoundIsReadInOrderAndUnknownKindsAreSkipped) {
    std::array<std::uint8_t, 256> out{};
    Writer writer(out);
    ASSERT_TRUE(writer.receiver_report(1, {}));
    ASSERT_TRUE(writer.cname(1, "aula"));
    const std::array<std::uint8_t, 8> extended_report{0x80, 207, 0, 1, 0, 0, 0, 1};
    ASSERT_TRUE(writer.append(extended_report));
    ASSERT_TRUE(writer.picture_loss(1, 77));
    ASSERT_TRUE(writer.full_intra_request(1, 78, 3));
    ASSERT_TRUE(writer.goodbye(1));
    Reader reader(writer.written());
    EXPECT_EQ(std::get<ReceiverReport>(*reader.next()).reports.size(), 0u);
    EXPECT_EQ(text_of(std::get<SourceDescription>(*reader.next()).cname), "aula");
    EXPECT_EQ(std::get<PictureLossIndication>(*reader.next()).media, 77u);
    EXPECT_EQ(std::get<FullIntraRequest>(*reader.next()).ssrc(0), 78u);
    EXPECT_EQ(std::get<Goodbye>(*reader.next())[0], 1u);
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.malformed());
}

TEST(Rtcp, RembKeepsEighteenBitsOfTheRate) {
    std::array<std::uint8_t, 64> out{};
    Writer writer(out);
    const std::array<std::uint32_t, 2> ssrcs{5, 6};
    ASSERT_TRUE(writer.remb(1, BitRate::bps(2'500'000), ssrcs));
    EXPECT_NEAR(static_cast<double>(only<Remb>(writer.written()).rate.bps()), 2'500'000, 16);
}

TEST(Rtcp, AHugeRembDoesNotOverflow) {
    std::array<std::uint8_t, 24> bytes{0x8f, 206, 0,   5,   0,   0,   0, 1,    0,    0,
                                       0,    0,   'R', 'E', 'M', 'B', 1, 0xff, 0xff, 0xff};
    EXPECT_GT(only<Remb>(bytes).rate.bps(), 0);
}

TEST(Rtcp, StopsWhereAPacketDoesNotFit) {
    std::array<std::uint8_t, 64> out{};
    Writer writer(out);
    ASSERT_TRUE(writer.picture_loss(1, 2));
    ASSERT_TRUE(writer.picture_loss(1, 3));
    Reader reader(writer.written().first(20));
    EXPECT_TRUE(reader.next());
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.malformed());
}

TEST(Rtcp, AReportThatClaimsMoreBlocksThanItHasIsSkipped) {
    std::array<std::uint8_t, 8> bytes{0x9f, 201, 0, 1, 0, 0, 0, 1};
    Reader reader(bytes);
    EXPECT_FALSE(reader.next());
}

TEST(Rtcp, TheWriterLeavesOutWhatDoesNotFit) {
    std::array<std::uint8_t, 14> out{};
    Writer writer(out);
    EXPECT_TRUE(writer.picture_loss(1, 2));
    EXPECT_FALSE(writer.goodbye(1));
    EXPECT_EQ(writer.size(), 12u);
}

TEST(NtpTime, CountsFrom1900AndSurvivesAddAndSince) {
    const NtpTime epoch = NtpTime::from(WallTime{});
    EXPECT_EQ(epoch.value() >> 32, 2'208'988'800u);
    const NtpTime later = epoch.plus(1500ms);
    EXPECT_EQ(later.value() & 0xffffffff, 0x80000000u);
    EXPECT_EQ(later.since(epoch), 1500ms);
    EXPECT_EQ(epoch.since(later), -1500ms);
    EXPECT_EQ(epoch.plus(-500ms).since(epoch), -500ms);
    EXPECT_EQ(to_compact_ntp(-1s), 0u);
    EXPECT_EQ(to_compact_ntp(1s), 65536u);
}

}  // namespace
}  // namespace aula::rtp::rtcp
