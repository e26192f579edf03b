// SPDX-License-Identifier: Apache-2.0
// libsrtp as the other end, in both directions.
#include <algorithm>
#include <map>
#include <tuple>

#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include "packets.hpp"

namespace aula::srtp {
namespace {

class Libsrtp {
public:
    Libsrtp(const Master& master, srtp_ssrc_type_t direction) {
        static const auto started = srtp_init();
        EXPECT_EQ(started, srtp_err_status_ok);
        srtp_policy_t policy{};
        if (master.profile == Profile::aead_aes_128_gcm) {
            srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
            srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
        } else {
            srtp_crypto_policy_set_rtp_default(&policy.rtp);
            srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
        }
        Buffer key(master.key);
        key.insert(key.end(), master.salt.begin(), master.salt.end());
        policy.ssrc.type = direction;
        policy.key = key.data();
        policy.window_size = 1024;
        EXPECT_EQ(srtp_create(&session_, &policy), srtp_err_status_ok);
    }
    ~Libsrtp() { srtp_dealloc(session_); }
    Libsrtp(const Libsrtp&) = delete;
    Libsrtp& operator=(const Libsrtp&) = delete;

    /// Applies one of libsrtp's four calls; empty when it refuses.
    template <class Call>
    Buffer apply(Call call, Bytes packet) {
        Buffer buffer(packet.begin(), packet.end());
        buffer.resize(packet.size() + SRTP_MAX_TRAILER_LEN + 4);
        int size = static_cast<int>(packet.size());
        if (call(session_, buffer.data(), &size) != srtp_err_status_ok) return {};
        buffer.resize(static_cast<std::size_t>(size));
        return buffer;
    }

private:
    srtp_t session_ = nullptr;
};

/// Packets of five SSRCs whose sequence numbers wrap, sometimes with gaps.
std::vector<Packet> traffic(std::mt19937& random) {
    std::map<std::uint32_t, std::uint16_t> next;
    for (std::uint32_t ssrc : {0u, 1u, 0xdeadbeefu, 0x80000000u, 0xffffffffu}) {
        next[ssrc] = static_cast<std::uint16_t>(65000 + random() % 100);
    }
    std::vector<Packet> packets;
    for (int i = 0; i < 800; ++i) {
        for (auto& [ssrc, sequence_number] : next) {
            packets.push_back(random_packet(random, ssrc, sequence_number));
            sequence_number = static_cast<std::uint16_t>(sequence_number + 1 +
                                                         (random() % 16 == 0 ? random() % 30 : 0));
        }
    }
    return packets;
}

/// Swaps neighbours at random, but leaves every SSRC's first packets in front.
template <class T>
void reorder(std::vector<T>& packets, std::mt19937& random) {
    for (std::size_t i = 50; i + 40 < packets.size(); ++i) {
        std::swap(packets[i], packets[i + random() % 40]);
    }
}

class Oracle : public testing::TestWithParam<std::tuple<Profile, Engine>> {
protected:
    void SetUp() override {
        if (engine() == Engine::ipsec_mb && best_engine() != Engine::ipsec_mb) {
            GTEST_SKIP() << "this processor cannot run it";
        }
    }
    Master master() const { return Master(std::get<0>(GetParam())); }
    Engine engine() const { return std::get<1>(GetParam()); }
};

TEST_P(Oracle, OpensWhatWeSeal) {
    std::mt19937 random(1);
    auto sealer = master().sealer(engine());
    Libsrtp oracle(master(), ssrc_any_inbound);
    std::vector<std::pair<Packet, Buffer>> wire;
    for (const auto& packet : traffic(random)) wire.emplace_back(packet, sealed(sealer, packet));
    reorder(wire, random);
    for (const auto& [packet, bytes] : wire) {
        ASSERT_EQ(oracle.apply(srtp_unprotect, bytes), packet.bytes);
        ASSERT_TRUE(oracle.apply(srtp_unprotect, bytes).empty());
    }
}

TEST_P(Oracle, SealsWhatWeOpen) {
    std::mt19937 random(2);
    auto opener = master().opener(engine());
    Libsrtp oracle(master(), ssrc_any_outbound);
    std::vector<std::pair<Packet, Buffer>> wire;
    for (const auto& packet : traffic(random)) {
        wire.emplace_back(packet, oracle.apply(srtp_protect, packet.bytes));
    }
    reorder(wire, random);
    for (auto& [packet, bytes] : wire) {
        Buffer again(bytes);
        const auto opened = opener.open_rtp(bytes);
        ASSERT_TRUE(opened);
        ASSERT_TRUE(std::ranges::equal(*opened, packet.bytes));
        ASSERT_EQ(opener.open_rtp(again).error(), OpenError::replayed);
    }
}

TEST_P(Oracle, AgreesAboutRtcpBothWays) {
    std::mt19937 random(3);
    auto sealer = master().sealer(engine());
    auto opener = master().opener(engine());
    Libsrtp receiver(master(), ssrc_any_inbound);
    Libsrtp sender(master(), ssrc_any_outbound);
    for (int i = 0; i < 3000; ++i) {
        const auto compound = random_compound(random, static_cast<std::uint32_t>(random() % 3));
        ASSERT_EQ(receiver.apply(srtp_unprotect_rtcp, sealed_compound(sealer, compound)), compound);
        auto bytes = sender.apply(srtp_protect_rtcp, compound);
        Buffer again(bytes);
        const auto opened = opener.open_rtcp(bytes);
        ASSERT_TRUE(opened);
        ASSERT_TRUE(std::ranges::equal(*opened, compound));
        ASSERT_EQ(opener.open_rtcp(again).error(), OpenError::replayed);
    }
}

INSTANTIATE_TEST_SUITE_P(All, Oracle,
                         testing::Values(std::tuple(Profile::aead_aes_128_gcm, Engine::ipsec_mb),
                                         std::tuple(Profile::aead_aes_128_gcm, Engine::openssl),
                                         std::tuple(Profile::aes128_cm_sha1_80, Engine::openssl)));

}  // namespace
}  // namespace aula::srtp
