// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include "../common/counted_allocations.hpp"
#include "packets.hpp"

namespace {

using aula::test::allocations;

void* counted_malloc(std::size_t size, const char*, int) {
    ++allocations;
    return std::malloc(size);
}
void* counted_realloc(void* old, std::size_t size, const char*, int) {
    ++allocations;
    return std::realloc(old, size);
}
void counted_free(void* old, const char*, int) { std::free(old); }

// OpenSSL takes other allocators only before its first allocation.
const bool counts_openssl =
    CRYPTO_set_mem_functions(counted_malloc, counted_realloc, counted_free) == 1;

}  // namespace

namespace aula::srtp {
namespace {

void expect_no_allocations(Profile profile, Engine engine) {
    const Master master(profile);
    auto sealer = master.sealer(engine);
    auto opener = master.opener(engine);
    auto packet = make_packet(9, 1, std::string(1100, 'x'));
    Buffer slot(1500);
    const auto carry = [&](std::uint16_t sequence_number, std::uint32_t ssrc) {
        store16(&slot[2], sequence_number);
        store32(&slot[8], ssrc);
        const auto size = sealer.seal_rtp(slot, 12, packet.payload());
        return size > 0 && opener.open_rtp(MutableBytes(slot).first(size)).has_value();
    };
    std::copy_n(packet.bytes.begin(), 12, slot.begin());
    ASSERT_TRUE(carry(1, 9) && carry(1, 10));
    const std::size_t before = allocations;
    bool carried = true;
    for (std::uint16_t i = 2; i < 1000; ++i) carried = carried && carry(i, 9) && carry(i, 10);
    EXPECT_EQ(allocations - before, 0u);
    EXPECT_TRUE(carried);
}

TEST(Allocations, AreNoneForPacketsOfKnownSources) {
    ASSERT_TRUE(counts_openssl);
    expect_no_allocations(Profile::aead_aes_128_gcm, best_engine());
    expect_no_allocations(Profile::aead_aes_128_gcm, Engine::openssl);
    expect_no_allocations(Profile::aes128_cm_sha1_80, best_engine());
}

}  // namespace
}  // namespace aula::srtp
