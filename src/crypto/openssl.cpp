// SPDX-License-Identifier: Apache-2.0
#include "crypto/openssl.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

namespace aula::crypto {
namespace {

using BioOwner = OpenSslOwner<BIO, BIO_free>;

BioOwner reader_of(const std::string& text) {
    return BioOwner(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Without it OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

Error openssl_error(const std::string& what, ErrorCode code) {
    char reason[256] = "no reason given";
    if (const auto number = ERR_get_error(); number != 0) {
        ERR_error_string_n(number, reason, sizeof reason);
    }
    ERR_clear_error();
    return Error{code, what + ": " + reason};
}

X509Owner read_certificate(const std::string& pem) {
    const auto bio = reader_of(pem);
    return X509Owner(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
}

KeyOwner read_private_key(const std::string& pem) {
    const auto bio = reader_of(pem);
    return KeyOwner(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
}

}  // namespace aula::crypto
