// SPDX-License-Identifier: Apache-2.0
#include "srtp/hmac_sha1.hpp"

#include <bit>

#include <openssl/crypto.h>
#include <openssl/sha.h>

// SHA1_Update and its like are deprecated, but OpenSSL 3.0 has no other way to keep a midstate
// without allocating.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace aula::srtp {
namespace {

// RFC 2104: the key filled up to one block, xor a constant.
SHA_CTX hash_key_block(const std::array<std::uint8_t, 20>& key, std::uint8_t pad) {
    std::array<std::uint8_t, SHA_CBLOCK> block{};
    block.fill(pad);
    for (std::size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
    SHA_CTX context{};
    SHA1_Init(&context);
    SHA1_Update(&context, block.data(), block.size());
    OPENSSL_cleanse(block.data(), block.size());
    return context;
}

}  // namespace

HmacSha1::HmacSha1(const std::array<std::uint8_t, 20>& key)
    : inner_(std::bit_cast<Midstate>(hash_key_block(key, 0x36))),
      outer_(std::bit_cast<Midstate>(hash_key_block(key, 0x5c))) {}

HmacSha1::~HmacSha1() {
    OPENSSL_cleanse(&inner_, sizeof inner_);
    OPENSSL_cleanse(&outer_, sizeof outer_);
}

HmacSha1::Tag HmacSha1::compute(Bytes first, Bytes second) const {
    Tag tag;
    auto context = std::bit_cast<SHA_CTX>(inner_);
    SHA1_Update(&context, first.data(), first.size());
    SHA1_Update(&context, second.data(), second.size());
    SHA1_Final(tag.data(), &context);
    context = std::bit_cast<SHA_CTX>(outer_);
    SHA1_Update(&context, tag.data(), tag.size());
    SHA1_Final(tag.data(), &context);
    return tag;
}

}  // namespace aula::srtp

#pragma GCC diagnostic pop
