// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/expects.hpp"

namespace aula::crypto {
namespace {

const EVP_MD* digest_of(HashKind kind) {
    switch (kind) {
        case HashKind::sha1:
            return EVP_sha1();
        case HashKind::sha256:
            return EVP_sha256();
        case HashKind::sha384:
            return EVP_sha384();
        case HashKind::sha512:
            return EVP_sha512();
    }
    return nullptr;
}

}  // namespace

Buffer hash(HashKind kind, Bytes message) {
    Buffer digest(EVP_MAX_MD_SIZE);
    unsigned int size = 0;
    AULA_EXPECTS(EVP_Digest(message.data(), message.size(), digest.data(), &size, digest_of(kind),
                            nullptr) == 1);
    digest.resize(size);
    return digest;
}

Buffer hmac(HashKind kind, Bytes key, Bytes message) {
    // A null key would mean "the key of the last call" to OpenSSL.
    static constexpr std::uint8_t empty = 0;
    Buffer digest(EVP_MAX_MD_SIZE);
    unsigned int size = 0;
    AULA_EXPECTS(HMAC(digest_of(kind), key.empty() ? &empty : key.data(),
                      static_cast<int>(key.size()), message.empty() ? &empty : message.data(),
                      message.size(), digest.data(), &size) != nullptr);
    digest.resize(size);
    return digest;
}

bool equal_in_constant_time(Bytes a, Bytes b) {
    if (a.size() != b.size()) return false;
    return a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace aula::crypto
