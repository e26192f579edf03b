// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/result.hpp"

namespace aula::crypto {

/// Owners of OpenSSL's objects, for the .cpp files that speak to it.
template <auto free_function>
struct OpenSslDeleter {
    template <class T>
    void operator()(T* object) const {
        free_function(object);
    }
};
template <class T, auto free_function>
using OpenSslOwner = std::unique_ptr<T, OpenSslDeleter<free_function>>;

using X509Owner = OpenSslOwner<X509, X509_free>;
using KeyOwner = OpenSslOwner<EVP_PKEY, EVP_PKEY_free>;
using SslOwner = OpenSslOwner<SSL, SSL_free>;
using SslContextOwner = OpenSslOwner<SSL_CTX, SSL_CTX_free>;
using CipherOwner = OpenSslOwner<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

/// An error whose text ends with OpenSSL's own reason; empties OpenSSL's queue.
Error openssl_error(const std::string& what, ErrorCode code = ErrorCode::internal);

/// Null when the text is no such PEM.
X509Owner read_certificate(const std::string& pem);
KeyOwner read_private_key(const std::string& pem);

}  // namespace aula::crypto
