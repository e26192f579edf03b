// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.hpp"

#include <set>

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "crypto/random.hpp"

namespace aula::crypto {
namespace {

std::string hash_text(HashKind kind, std::string_view text) {
    return hex(hash(kind, bytes_of(text)));
}

TEST(Hash, AgreesWithTheExamplesOfFips180) {
    EXPECT_EQ(hash_text(HashKind::sha1, "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(hash_text(HashKind::sha256, "abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hash_text(HashKind::sha384, "abc"),
              "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
              "8086072ba1e7cc2358baeca134c825a7");
    EXPECT_EQ(hash_text(HashKind::sha512, "abc"),
              "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
              "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    EXPECT_EQ(hash_text(HashKind::sha256, ""),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hmac, AgreesWithTheVectorsOfRfc2202AndRfc4231) {
    const auto key = bytes_of("Jefe");
    const auto message = bytes_of("what do ya want for nothing?");
    EXPECT_EQ(hex(hmac(HashKind::sha1, key, message)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    EXPECT_EQ(hex(hmac(HashKind::sha256, key, message)),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hex(hmac(HashKind::sha512, key, message)),
              "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
              "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

TEST(Hmac, TakesEmptyKeysAndMessagesWhateverWasHashedBefore) {
    hmac(HashKind::sha256, bytes_of("another key"), bytes_of("message"));
    EXPECT_EQ(hex(hmac(HashKind::sha256, {}, {})),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(ConstantTime, ComparesSizeAndContent) {
    EXPECT_TRUE(equal_in_constant_time(bytes_of("same"), bytes_of("same")));
    EXPECT_TRUE(equal_in_constant_time({}, {}));
    EXPECT_FALSE(equal_in_constant_time(bytes_of("same"), bytes_of("sane")));
    EXPECT_FALSE(equal_in_constant_time(bytes_of("same"), bytes_of("same ")));
}

TEST(Random, GivesTextsOfTheAlphabetThatDiffer) {
    std::set<std::string> texts;
    std::set<char> symbols;
    for (int i = 0; i < 200; ++i) {
        const auto text = random_text(33);
        ASSERT_EQ(text.size(), 33u);
        for (const char c : text) symbols.insert(c);
        texts.insert(text);
    }
    EXPECT_EQ(texts.size(), 200u);
    EXPECT_EQ(symbols.size(), 62u);
    EXPECT_EQ(random_text(0), "");
    EXPECT_NE(random64(), random64());
}

}  // namespace
}  // namespace aula::crypto
