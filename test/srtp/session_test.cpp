// SPDX-License-Identifier: Apache-2.0
#include "srtp/session.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "packets.hpp"

namespace aula::srtp {
namespace {

class Session : public testing::TestWithParam<Profile> {
protected:
    Master master{GetParam()};
    Sealer sealer = master.sealer();
    Opener opener = master.opener();
};

TEST_P(Session, RefusesAPacketWithAnyBitChanged) {
    const auto packet = make_packet(7, 100);
    const auto whole = sealed(sealer, packet);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            auto broken = whole;
            broken[at] ^= static_cast<std::uint8_t>(1 << bit);
            EXPECT_FALSE(opener.open_rtp(broken)) << at << '.' << bit;
        }
    }
    auto bytes = whole;
    const auto opened = opener.open_rtp(bytes);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(std::ranges::equal(*opened, packet.bytes));
}

TEST_P(Session, RefusesACompoundWithAnyBitChanged) {
    std::mt19937 random(4);
    const auto compound = random_compound(random, 7);
    const auto whole = sealed_compound(sealer, compound);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            auto broken = whole;
            broken[at] ^= static_cast<std::uint8_t>(1 << bit);
            EXPECT_FALSE(opener.open_rtcp(broken)) << at << '.' << bit;
        }
    }
    auto bytes = whole;
    EXPECT_TRUE(opener.open_rtcp(bytes));
}

TEST_P(Session, RefusesEveryTruncation) {
    const auto rtp = sealed(sealer, make_packet(7, 100));
    std::mt19937 random(5);
    const auto rtcp = sealed_compound(sealer, random_compound(random, 7));
    for (std::size_t size = 0; size < rtp.size(); ++size) {
        Buffer cut(rtp.begin(), rtp.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(opener.open_rtp(cut));
    }
    for (std::size_t size = 0; size < rtcp.size(); ++size) {
        Buffer cut(rtcp.begin(), rtcp.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(opener.open_rtcp(cut));
    }
}

TEST_P(Session, CallsHeadersThatDoNotFitMalformed) {
    Buffer extension_too_long = sealed(sealer, make_packet(7, 1));
    extension_too_long[0] |= 0x10;
    extension_too_long[14] = 0xff;
    EXPECT_EQ(opener.open_rtp(extension_too_long).error(), OpenError::malformed);
    Buffer sources_too_many = sealed(sealer, make_packet(7, 2, "short"));
    sources_too_many[0] |= 0x0f;
    EXPECT_EQ(opener.open_rtp(sources_too_many).error(), OpenError::malformed);
    Buffer version = sealed(sealer, make_packet(7, 3));
    version[0] = 0x40;
    EXPECT_EQ(opener.open_rtp(version).error(), OpenError::malformed);
}

TEST_P(Session, RefusesPlainRtcpThoughAuthentic) {
    std::mt19937 random(6);
    auto bytes = sealed_compound(sealer, random_compound(random, 1));
    const auto at = GetParam() == Profile::aead_aes_128_gcm ? bytes.size() - 4 : bytes.size() - 14;
    bytes[at] &= 0x7f;
    EXPECT_EQ(opener.open_rtcp(bytes).error(), OpenError::malformed);
}

TEST_P(Session, AcceptsLatePacketsOfTheWindowOnceAndOlderOnesNever) {
    std::vector<Buffer> wire;
    for (std::uint16_t i = 0; i < 1100; ++i) wire.push_back(sealed(sealer, make_packet(9, i)));
    const auto open = [&](std::size_t which) {
        Buffer bytes(wire[which]);
        return opener.open_rtp(bytes);
    };
    EXPECT_TRUE(open(1099));
    EXPECT_EQ(open(75).error(), OpenError::replayed);  // 1024 behind the newest
    for (std::size_t i = 76; i < 1099; ++i) EXPECT_TRUE(open(i));
    for (std::size_t i = 0; i < 1100; ++i) EXPECT_EQ(open(i).error(), OpenError::replayed);
}

TEST_P(Session, FollowsTheRolloverWhenTheWrapIsLost) {
    const auto pass = [&](std::uint16_t sequence_number) {
        auto bytes = sealed(sealer, make_packet(9, sequence_number));
        return opener.open_rtp(bytes).has_value();
    };
    // Three rounds of 2^16 in steps that a browser's gaps never reach.
    for (int step = 0; step < 12; ++step) {
        EXPECT_TRUE(pass(static_cast<std::uint16_t>(100 + step * 16384)));
    }
    auto behind = sealed(sealer, make_packet(9, static_cast<std::uint16_t>(99 + 11 * 16384)));
    EXPECT_TRUE(opener.open_rtp(behind));
}

TEST_P(Session, NeverSealsOneIndexTwice) {
    EXPECT_FALSE(sealed(sealer, make_packet(9, 500, "first")).empty());
    EXPECT_TRUE(sealed(sealer, make_packet(9, 500, "first")).empty());
    EXPECT_TRUE(sealed(sealer, make_packet(9, 500, "another")).empty());
    EXPECT_FALSE(sealed(sealer, make_packet(10, 500, "another source")).empty());
    EXPECT_FALSE(sealed(sealer, make_packet(9, 510)).empty());
    EXPECT_FALSE(sealed(sealer, make_packet(9, 505)).empty());
    EXPECT_TRUE(sealed(sealer, make_packet(9, 505)).empty());
    EXPECT_FALSE(sealed(sealer, make_packet(9, 510 - 63)).empty());
    EXPECT_TRUE(sealed(sealer, make_packet(9, 510 - 64)).empty());  // nobody knows any more
}

TEST_P(Session, SealsOnAfterTheWrapAndNothingBeforeTheFirstRound) {
    EXPECT_FALSE(sealed(sealer, make_packet(9, 2)).empty());
    EXPECT_TRUE(sealed(sealer, make_packet(9, 65535)).empty());
    EXPECT_FALSE(sealed(sealer, make_packet(9, 30000)).empty());
    EXPECT_FALSE(sealed(sealer, make_packet(9, 60000)).empty());
    EXPECT_FALSE(sealed(sealer, make_packet(9, 2)).empty());
    EXPECT_TRUE(sealed(sealer, make_packet(9, 2)).empty());
}

TEST_P(Session, RefusesATooSmallSlotWithoutUsingTheIndex) {
    const auto packet = make_packet(9, 500);
    Buffer slot(packet.bytes);
    EXPECT_EQ(sealer.seal_rtp(slot, packet.header_size, packet.payload()), 0u);
    EXPECT_EQ(sealer.seal_rtp(slot, 11, {}), 0u);
    EXPECT_FALSE(sealed(sealer, packet).empty());
    EXPECT_EQ(sealer.seal_rtcp(slot, slot.size()), 0u);
    EXPECT_EQ(sealer.seal_rtcp(slot, 7), 0u);
}

TEST_P(Session, SealsTheSameBytesInPlaceAndFromAnotherBuffer) {
    const auto packet = make_packet(9, 500, std::string(1000, 'x'));
    const auto elsewhere = sealed(sealer, packet);
    auto second = master.sealer();
    Buffer in_place(packet.bytes);
    in_place.resize(packet.bytes.size() + 16);
    const auto size =
        second.seal_rtp(in_place, 12, Bytes(in_place).subspan(12, packet.bytes.size() - 12));
    in_place.resize(size);
    EXPECT_EQ(hex(in_place), hex(elsewhere));
}

TEST_P(Session, CarriesPacketsWithoutPayload) {
    const auto packet = make_packet(9, 1, {});
    auto bytes = sealed(sealer, packet);
    const auto opened = opener.open_rtp(bytes);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(std::ranges::equal(*opened, packet.bytes));
}

TEST_P(Session, GivesForgersNoPlaceInTheTableOfSources) {
    for (std::uint32_t ssrc = 0; ssrc < 3000; ++ssrc) {
        auto forged = make_packet(ssrc, 1).bytes;
        forged.resize(forged.size() + 16);
        ASSERT_EQ(opener.open_rtp(forged).error(), OpenError::forged);
    }
    const auto open = [&](std::uint32_t ssrc) {
        auto bytes = sealed(sealer, make_packet(ssrc, 1));
        return opener.open_rtp(bytes);
    };
    for (std::uint32_t ssrc = 0; ssrc < 1024; ++ssrc) ASSERT_TRUE(open(ssrc * 65537));
    EXPECT_EQ(open(5).error(), OpenError::too_many_sources);
    // Those that are known go on.
    auto next = sealed(sealer, make_packet(65537 * 3, 2));
    EXPECT_TRUE(opener.open_rtp(next));
}

TEST_P(Session, BoundsTheSourcesItSealsFor) {
    for (std::uint32_t ssrc = 0; ssrc < 4096; ++ssrc) {
        ASSERT_FALSE(sealed(sealer, make_packet(ssrc, 1, "x")).empty());
    }
    EXPECT_TRUE(sealed(sealer, make_packet(4096, 1)).empty());
    EXPECT_FALSE(sealed(sealer, make_packet(77, 2)).empty());
}

TEST_P(Session, RefusesGarbage) {
    std::mt19937 random(8);
    for (int i = 0; i < 20'000; ++i) {
        Buffer garbage(random() % 200);
        for (auto& byte : garbage) byte = static_cast<std::uint8_t>(random());
        if (!garbage.empty() && i % 2 == 0)
            garbage[0] = static_cast<std::uint8_t>(0x80 | (garbage[0] & 0x1f));
        Buffer copy(garbage);
        ASSERT_FALSE(opener.open_rtp(garbage));
        ASSERT_FALSE(opener.open_rtcp(copy));
    }
}

TEST_P(Session, MovesWithItsState) {
    auto first = sealed(sealer, make_packet(9, 500));
    Sealer moved = std::move(sealer);
    EXPECT_TRUE(sealed(moved, make_packet(9, 500)).empty());
    EXPECT_TRUE(opener.open_rtp(first));
}

INSTANTIATE_TEST_SUITE_P(Profiles, Session,
                         testing::Values(Profile::aead_aes_128_gcm, Profile::aes128_cm_sha1_80),
                         [](const auto& profile) {
                             return profile.param == Profile::aead_aes_128_gcm ? "Gcm" : "Counter";
                         });

}  // namespace
}  // namespace aula::srtp
