// SPDX-License-Identifier: Apache-2.0
// The vectors of RFC 3711 appendix B and RFC 7714 sections 16 and 17, on the layer that has session
// keys.
#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "srtp/keys.hpp"
#include "srtp/protection.hpp"

namespace aula::srtp {
namespace {

template <std::size_t size>
std::array<std::uint8_t, size> array_of(std::string_view digits) {
    std::array<std::uint8_t, size> array{};
    const auto bytes = from_hex(digits).value();
    std::copy(bytes.begin(), bytes.end(), array.begin());
    return array;
}

TEST(KeyDerivation, AgreesWithRfc3711AppendixB3) {
    const auto key = from_hex("e1f97a0d3e018be0d64fa32c06de4139").value();
    const auto salt = from_hex("0ec675ad498afeebb6960b3aabe6").value();
    const auto keys = derive_rtp_keys(Profile::aes128_cm_sha1_80, key, salt);
    EXPECT_EQ(hex(keys.cipher), "c61e7a93744f39ee10734afe3ff7a087");
    EXPECT_EQ(hex(keys.salt), "30cbbc08863d8c85d49db34a9ae1");
    EXPECT_EQ(hex(keys.authentication), "cebe321f6ff7716b6fd4ab49af256a156d38baa4");

    Buffer long_key(94);
    derive(1, key, salt, long_key);
    EXPECT_EQ(hex(long_key),
              "cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdbce"
              "e049646c43d9327ad175578ef72270986371c10c9a369ac2f94a8c5fbcdddc25"
              "6d6e919a48b610ef17c2041e474035766b68642c59bbfc2f34db60dbdfb2");
}

TEST(CounterMode, AgreesWithRfc3711AppendixB2) {
    SessionKeys keys;
    keys.cipher = array_of<16>("2b7e151628aed2a6abf7158809cf4f3c");
    keys.salt = array_of<14>("f0f1f2f3f4f5f6f7f8f9fafbfcfd");
    const auto protection = make_protection(Profile::aes128_cm_sha1_80, keys, best_engine());
    // An all-zero header means SSRC 0; with index 0 and zeros for payload, the key stream comes
    // out.
    Buffer packet(12 + 48 + 10);
    protection->seal_rtp(packet.data(), 12, Buffer(48), 0);
    EXPECT_EQ(hex(Bytes(packet).subspan(12, 48)),
              "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab"
              "41e95b3bb0a2e8dd477901e4fca894c0");
}

SessionKeys keys_of_rfc7714() {
    SessionKeys keys;
    keys.cipher = array_of<16>("000102030405060708090a0b0c0d0e0f");
    keys.salt = array_of<14>("517569642070726f2071756f");
    return keys;
}

class GcmVectors : public testing::TestWithParam<Engine> {
protected:
    void SetUp() override {
        if (GetParam() == Engine::ipsec_mb && best_engine() != Engine::ipsec_mb) {
            GTEST_SKIP() << "this processor cannot run it";
        }
    }
};

TEST_P(GcmVectors, SealsRtpAsRfc7714Section16) {
    const auto protection =
        make_protection(Profile::aead_aes_128_gcm, keys_of_rfc7714(), GetParam());
    const auto header = from_hex("8040f17b8041f8d35501a0b2").value();
    const auto payload = bytes_of("Gallia est omnis divisa in partes tres");
    Buffer packet(header);
    packet.resize(12 + payload.size() + 16);
    protection->seal_rtp(packet.data(), 12, payload, 0xf17b);
    EXPECT_EQ(hex(packet),
              "8040f17b8041f8d35501a0b2"
              "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b"
              "36de3adf8833899d7f27beb16a9152cf765ee4390cce");
    ASSERT_TRUE(protection->open_rtp(packet, 12, 0xf17b));
    EXPECT_EQ(text_of(Bytes(packet).subspan(12, payload.size())),
              "Gallia est omnis divisa in partes tres");
}

TEST_P(GcmVectors, SealsRtcpAsRfc7714Section17) {
    const auto protection =
        make_protection(Profile::aead_aes_128_gcm, keys_of_rfc7714(), GetParam());
    const auto plain = from_hex(
                           "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61"
                           "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef")
                           .value();
    Buffer packet(plain);
    packet.resize(plain.size() + 16 + 4);
    protection->seal_rtcp(packet.data(), plain.size(), 0x5d4);
    EXPECT_EQ(hex(packet),
              "81c8000d4d617273"
              "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda"
              "4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade"
              "800005d4");
    ASSERT_TRUE(protection->open_rtcp(packet));
    EXPECT_EQ(hex(Bytes(packet).first(plain.size())), hex(plain));
}

INSTANTIATE_TEST_SUITE_P(Engines, GcmVectors, testing::Values(Engine::ipsec_mb, Engine::openssl),
                         [](const auto& engine) {
                             return engine.param == Engine::openssl ? "OpenSsl" : "IpsecMb";
                         });

TEST(ProfileOf, KnowsTheNumbersOfDtlsSrtp) {
    EXPECT_EQ(profile_of(0x0007), Profile::aead_aes_128_gcm);
    EXPECT_EQ(profile_of(0x0001), Profile::aes128_cm_sha1_80);
    EXPECT_FALSE(profile_of(0x0008));
    EXPECT_FALSE(profile_of(0));
}

}  // namespace
}  // namespace aula::srtp
