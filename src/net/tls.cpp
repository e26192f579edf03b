// SPDX-License-Identifier: Apache-2.0
#include "net/tls.hpp"

#include <array>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/expects.hpp"
#include "net/address.hpp"

namespace aula::net {
namespace {

std::string openssl_reason(SSL* ssl) {
    const long verified = SSL_get_verify_result(ssl);
    if (verified != X509_V_OK) return X509_verify_cert_error_string(verified);
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason != nullptr ? reason : "protocol error";
}

}  // namespace

void Tls::SslDeleter::operator()(SSL* ssl) const { SSL_free(ssl); }

Tls::Tls(SSL_CTX* context) : ssl_(SSL_new(context)) {
    AULA_EXPECTS(ssl_ != nullptr);
    BIO* in = BIO_new(BIO_s_mem());
    BIO* out = BIO_new(BIO_s_mem());
    AULA_EXPECTS(in != nullptr && out != nullptr);
    SSL_set_bio(ssl_.get(), in, out);
    // A memory BIO takes everything, so a write need never be partial.
    SSL_clear_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE);
    // Idle links are many: give the record buffers back between records.
    SSL_set_mode(ssl_.get(), SSL_MODE_RELEASE_BUFFERS);
}

std::unique_ptr<Tls> Tls::server(SSL_CTX* context) {
    std::unique_ptr<Tls> tls(new Tls(context));
    SSL_set_accept_state(tls->ssl_.get());
    return tls;
}

std::unique_ptr<Tls> Tls::client(SSL_CTX* context, const std::string& name) {
    std::unique_ptr<Tls> tls(new Tls(context));
    SSL* ssl = tls->ssl_.get();
    SSL_set_connect_state(ssl);
    if (name.empty()) return tls;
    if (Address::of(name, 0)) {
        AULA_EXPECTS(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1);
    } else {
        AULA_EXPECTS(SSL_set1_host(ssl, name.c_str()) == 1);
        // The macro SSL_set_tlsext_host_name casts the constness away in the old style.
        SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(name.c_str()));
    }
    return tls;
}

Expected<Tls::Step, std::string> Tls::outcome(int result, const char* what) {
    if (result > 0) return Step::done;
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE:
            return Step::more;
        case SSL_ERROR_ZERO_RETURN:
            return Step::ended;
        default:
            return fail(std::string(what) + ": " + openssl_reason(ssl_.get()));
    }
}

Expected<Tls::Step, std::string> Tls::handshake() {
    ERR_clear_error();
    return outcome(SSL_do_handshake(ssl_.get()), "TLS handshake");
}

void Tls::feed(Bytes sealed) {
    BIO_write(SSL_get_rbio(ssl_.get()), sealed.data(), static_cast<int>(sealed.size()));
}

Expected<Tls::Step, std::string> Tls::read(MutableBytes room, std::size_t& got) {
    ERR_clear_error();
    return outcome(SSL_read_ex(ssl_.get(), room.data(), room.size(), &got), "TLS");
}

bool Tls::write(Bytes plain) {
    ERR_clear_error();
    std::size_t written = 0;
    return plain.empty() || SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &written) == 1;
}

void Tls::say_goodbye() {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
}

void Tls::take_output(Buffer& output) {
    BIO* out = SSL_get_wbio(ssl_.get());
    const std::size_t waiting = BIO_ctrl_pending(out);
    if (waiting == 0) return;
    const std::size_t before = output.size();
    output.resize(before + waiting);
    BIO_read(out, &output[before], static_cast<int>(waiting));
}

std::string Tls::peer_common_name() const {
    X509* certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate == nullptr || SSL_get_verify_result(ssl_.get()) != X509_V_OK) return {};
    std::array<char, 256> name{};
    const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName,
                                               name.data(), static_cast<int>(name.size()));
    return size > 0 ? std::string(name.data(), static_cast<std::size_t>(size)) : std::string();
}

}  // namespace aula::net
