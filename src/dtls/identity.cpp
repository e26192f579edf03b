// SPDX-License-Identifier: Apache-2.0
#include <openssl/srtp.h>

#include "base/expects.hpp"
#include "crypto/certificate.hpp"
#include "crypto/random.hpp"
#include "dtls/fingerprint.hpp"
#include "dtls/identity_state.hpp"

namespace aula::dtls {
namespace {

constexpr const char* ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
// The server's order decides; GCM costs half of AES-CM with HMAC-SHA1 and less.
constexpr const char* srtp_profiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";
// A WebRTC certificate is self-signed and small; OpenSSL would hold 100 KiB of chain for a
// stranger.
constexpr int max_certificate_bytes = 16 * 1024;

void configure(SSL_CTX* context) {
    AULA_EXPECTS(SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1);
    AULA_EXPECTS(SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1);
    AULA_EXPECTS(SSL_CTX_set_cipher_list(context, ciphers) == 1);
    AULA_EXPECTS(SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1);
    AULA_EXPECTS(SSL_CTX_set_tlsext_use_srtp(context, srtp_profiles) == 0);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_QUERY_MTU |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    AULA_EXPECTS(SSL_CTX_set_max_send_fragment(context, max_sent_message) == 1);
    SSL_CTX_set_max_cert_list(context, max_certificate_bytes);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_cert_verify_callback(context, verify_peer, nullptr);
}

}  // namespace

Identity::State::State() : context(SSL_CTX_new(DTLS_method())), pipe_method(make_pipe_method()) {
    AULA_EXPECTS(context);
    configure(context.get());
    const auto made = crypto::make_authority("Aula " + crypto::random_text(8));
    const auto certificate = crypto::read_certificate(made.certificate_pem);
    const auto key = crypto::read_private_key(made.private_key_pem);
    AULA_EXPECTS(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1);
    AULA_EXPECTS(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1);
    fingerprint = to_text(fingerprint_of(certificate.get()));
}

Identity::Identity() : state_(std::make_unique<State>()) {}
Identity::~Identity() = default;

const std::string& Identity::fingerprint() const { return state_->fingerprint; }

}  // namespace aula::dtls
