// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

typedef struct ssl_ctx_st SSL_CTX;

namespace aula::crypto {

/// A certificate with its private key, both PEM.
struct Certificate {
    std::string certificate_pem;
    std::string private_key_pem;
};

/// A self-signed ECDSA P-256 certificate: the hub's own authority, or a DTLS identity.
Certificate make_authority(const std::string& common_name);
/// A certificate for both TLS roles, signed by the authority, also valid for the given DNS name or
/// IP if not empty.
Expected<Certificate, Error> issue(const Certificate& authority, const std::string& common_name,
                                   const std::string& subject_alternative = {});

struct TlsContextDeleter {
    void operator()(SSL_CTX* context) const;
};
using TlsContext = std::unique_ptr<SSL_CTX, TlsContextDeleter>;

/// TLS 1.3, both sides must show a certificate of this authority.
Expected<TlsContext, Error> mutual_tls(const std::string& authority_pem, const Certificate& own,
                                       bool server);

}  // namespace aula::crypto
