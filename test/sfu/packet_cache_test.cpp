// SPDX-License-Identifier: Apache-2.0
#include "sfu/packet_cache.hpp"

#include <gtest/gtest.h>

#include "sfu/sent_packets.hpp"
#include "sfu/sequence_map.hpp"

namespace aula::sfu {
namespace {

CachedPacket described(std::int64_t index, std::size_t size, Time arrival) {
    CachedPacket packet;
    packet.index = index;
    packet.size = static_cast<std::uint16_t>(size);
    packet.header_size = 12;
    packet.arrival = arrival;
    return packet;
}

TEST(PacketCache, FindsTheNewestPacketsAndNoOthers) {
    PacketCache cache({64, 8, 4096});
    const Time start = Time(10s);
    for (int i = 0; i < 1000; ++i) {
        Buffer bytes(100 + i % 300, static_cast<std::uint8_t>(i));
        ASSERT_TRUE(cache.insert(described(i, bytes.size(), start + i * 1ms), bytes));
        const CachedPacket* found = cache.find(i);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->data[0], static_cast<std::uint8_t>(i));
        EXPECT_EQ(found->payload().size(), bytes.size() - 12);
        EXPECT_FALSE(cache.find(i - 64));
        EXPECT_FALSE(cache.find(i + 1));
    }
    EXPECT_FALSE(cache.find(-1));
    for (int i = 940; i < 1000; ++i) {
        const CachedPacket* found = cache.find(i);
        if (!found) continue;
        EXPECT_EQ(found->data[found->size - 1], static_cast<std::uint8_t>(i));
    }
    EXPECT_TRUE(cache.find(980));
}

TEST(PacketCache, ItsMemoryFollowsTheRateAndIsBounded) {
    PacketCache slow({512, 48, 16 * 1024});
    PacketCache fast({512, 48, 16 * 1024});
    const Buffer bytes(1000);
    for (int i = 0; i < 5000; ++i) {
        slow.insert(described(i, bytes.size(), Time(1s) + i * 50ms), bytes);
        fast.insert(described(i, bytes.size(), Time(1s) + i * 100us), bytes);
    }
    EXPECT_LT(slow.memory(), 512 * sizeof(CachedPacket) * 2 + 5 * 16 * 1024);
    EXPECT_LE(fast.memory(), 512 * sizeof(CachedPacket) * 2 + 48 * 16 * 1024);
    EXPECT_GT(fast.memory(), slow.memory());
    // Twenty packets a second for a second: all there.
    for (int i = 4980; i < 5000; ++i) EXPECT_TRUE(slow.find(i)) << i;
    for (int i = 4600; i < 5000; ++i) EXPECT_TRUE(fast.find(i)) << i;
}

TEST(PacketCache, AnOldPacketDoesNotPushOutANewOne) {
    PacketCache cache({64, 8, 4096});
    const Buffer bytes(20);
    cache.insert(described(70, 20, Time(1s)), bytes);
    EXPECT_FALSE(cache.insert(described(6, 20, Time(1s)), bytes));
    EXPECT_TRUE(cache.find(70));
}

TEST(SequenceMap, ClosesUpWherePacketsAreLeftOutAndFindsBack) {
    SequenceMap map(1000);
    Renaming run;
    run.layer = 1;
    map.begin(run, 50);
    map.advance(52);  // 50, 51, 52 become 1000..1002
    run.picture_id_offset = 9;
    map.begin(run, 54);  // 53 is left out
    map.advance(56);
    EXPECT_EQ(map.outgoing(1, 51)->index, 1001);
    EXPECT_FALSE(map.outgoing(1, 53));
    EXPECT_EQ(map.outgoing(1, 54)->index, 1003);
    EXPECT_EQ(map.outgoing(1, 54)->run.picture_id_offset, 9);
    EXPECT_FALSE(map.outgoing(0, 51));
    EXPECT_EQ(map.source(1002)->index, 52);
    EXPECT_EQ(map.source(1003)->index, 54);
    EXPECT_EQ(map.next_outgoing(), 1006);
    EXPECT_FALSE(map.source(1006));
    EXPECT_FALSE(map.source(999));
    map.end();
    EXPECT_FALSE(map.outgoing(1, 57));
    EXPECT_EQ(map.outgoing(1, 56)->index, 1005);
}

TEST(SequenceMap, ForgetsTheOldestRunsOnly) {
    SequenceMap map(0);
    for (std::int64_t i = 0; i < 200; ++i) {
        map.begin({}, 2 * i);
        map.advance(2 * i);
    }
    EXPECT_EQ(map.outgoing(0, 398)->index, 199);
    EXPECT_FALSE(map.outgoing(0, 0));
    EXPECT_EQ(map.source(150)->index, 300);
    EXPECT_FALSE(map.source(10));
    // An empty run leaves no trace.
    map.begin({}, 500);
    map.begin({}, 501);
    map.advance(501);
    EXPECT_EQ(map.outgoing(0, 501)->index, 200);
    EXPECT_FALSE(map.outgoing(0, 500));
}

TEST(SentPackets, ThrottlesByRoundTripAndCount) {
    SentPackets sent;
    sent.sent(70'000);
    EXPECT_TRUE(sent.was_sent(70'000));
    EXPECT_FALSE(sent.was_sent(70'001));
    EXPECT_EQ(sent.index_of(static_cast<std::uint16_t>(70'000)), 70'000);
    EXPECT_EQ(sent.index_of(static_cast<std::uint16_t>(69'999)), 69'999);
    Time now(5s);
    EXPECT_TRUE(sent.take_resend(70'000, now, 50ms));
    EXPECT_FALSE(sent.take_resend(70'000, now + 30ms, 50ms));
    unsigned resends = 1;
    for (int i = 0; i < 20; ++i) {
        now += 60ms;
        if (sent.take_resend(70'000, now, 50ms)) ++resends;
    }
    EXPECT_EQ(resends, SentPackets::most_resends);
    EXPECT_FALSE(sent.take_resend(69'999, now, 50ms));
    sent.sent(70'000 + SentPackets::window);
    EXPECT_FALSE(sent.was_sent(70'000));
    EXPECT_TRUE(sent.is_too_old(70'000));
}

}  // namespace
}  // namespace aula::sfu
