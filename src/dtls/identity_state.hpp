// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "crypto/openssl.hpp"
#include "dtls/connection.hpp"
#include "dtls/datagram_pipe.hpp"

namespace aula::dtls {

/// The longest message that can be sent. OpenSSL keeps a buffer of this size for each connection,
/// 16 KiB if not told.
constexpr std::size_t max_sent_message = 2048;

/// Everything connections share; never changed after it is made, so threads may share it too.
struct Identity::State {
    State();

    crypto::SslContextOwner context;
    BioMethodOwner pipe_method;
    std::string fingerprint;
};

/// Decides about the peer's certificate in the middle of the handshake; defined beside Connection,
/// to which the SSL leads.
int verify_peer(X509_STORE_CTX* store, void*);

}  // namespace aula::dtls
