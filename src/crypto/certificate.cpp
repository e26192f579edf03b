// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificate.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/expects.hpp"
#include "crypto/openssl.hpp"
#include "crypto/random.hpp"

namespace aula::crypto {
namespace {

constexpr long seconds_a_day = 24L * 60 * 60;
constexpr long authority_days = 3650;
constexpr long issued_days = 730;

using NameList = OpenSslOwner<GENERAL_NAMES, GENERAL_NAMES_free>;
using OctetString = OpenSslOwner<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using BigNumber = OpenSslOwner<BIGNUM, BN_free>;
using MemoryBio = OpenSslOwner<BIO, BIO_free>;

std::string contents(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Certificate to_pem(X509* certificate, EVP_PKEY* key) {
    const MemoryBio first(BIO_new(BIO_s_mem()));
    const MemoryBio second(BIO_new(BIO_s_mem()));
    AULA_EXPECTS(PEM_write_bio_X509(first.get(), certificate) == 1);
    AULA_EXPECTS(
        PEM_write_bio_PrivateKey(second.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return {contents(first.get()), contents(second.get())};
}

// Positive and at most 20 octets (RFC 5280 section 4.1.2.2).
void set_random_serial(X509* certificate) {
    std::array<std::uint8_t, 16> bytes{};
    random_fill(bytes);
    bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x3f) | 0x40);
    const BigNumber number(BN_bin2bn(bytes.data(), bytes.size(), nullptr));
    AULA_EXPECTS(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

bool set_name(X509* certificate, const std::string& common_name) {
    return X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), NID_commonName,
                                      MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(common_name.data()),
                                      static_cast<int>(common_name.size()), -1, 0) == 1;
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    AULA_EXPECTS(extension != nullptr);
    AULA_EXPECTS(X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

bool is_dns_name(const std::string& text) {
    return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '*';
    });
}

// Built by hand: OpenSSL's textual form would let a comma in the name add further names.
bool add_alternative(X509* certificate, const std::string& name) {
    const NameList names(sk_GENERAL_NAME_new_null());
    GENERAL_NAME* entry = GENERAL_NAME_new();
    sk_GENERAL_NAME_push(names.get(), entry);
    if (OctetString address(a2i_IPADDRESS(name.c_str())); address) {
        GENERAL_NAME_set0_value(entry, GEN_IPADD, address.release());
    } else if (is_dns_name(name)) {
        ASN1_IA5STRING* text = ASN1_IA5STRING_new();
        ASN1_STRING_set(text, name.data(), static_cast<int>(name.size()));
        GENERAL_NAME_set0_value(entry, GEN_DNS, text);
    } else {
        return false;
    }
    return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) == 1;
}

// Everything but issuer, extensions and signature; null when the name does not fit a certificate.
X509Owner unsigned_certificate(const std::string& common_name, EVP_PKEY* key, long days) {
    X509Owner certificate(X509_new());
    AULA_EXPECTS(certificate && key != nullptr);
    X509_set_version(certificate.get(), X509_VERSION_3);
    set_random_serial(certificate.get());
    // A day back, for peers whose clocks are behind.
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -seconds_a_day);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * seconds_a_day);
    X509_set_pubkey(certificate.get(), key);
    if (!set_name(certificate.get(), common_name)) return nullptr;
    return certificate;
}

SslContextOwner bare_tls_context(bool server) {
    SslContextOwner context(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()));
    AULA_EXPECTS(context);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), TLS1_3_VERSION);
    // Every connection is verified anew: a resumed session would outlive its certificate.
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context.get(), 0);
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return context;
}

}  // namespace

Certificate make_authority(const std::string& common_name) {
    const KeyOwner key(EVP_EC_gen("P-256"));
    const auto certificate = unsigned_certificate(common_name, key.get(), authority_days);
    AULA_EXPECTS(certificate);
    X509* x509 = certificate.get();
    X509_set_issuer_name(x509, X509_get_subject_name(x509));
    add_extension(x509, x509, NID_basic_constraints, "critical,CA:TRUE");
    // digitalSignature, because the same kind of certificate signs DTLS handshakes.
    add_extension(x509, x509, NID_key_usage, "critical,digitalSignature,keyCertSign");
    add_extension(x509, x509, NID_subject_key_identifier, "hash");
    AULA_EXPECTS(X509_sign(x509, key.get(), EVP_sha256()) > 0);
    return to_pem(x509, key.get());
}

Expected<Certificate, Error> issue(const Certificate& authority, const std::string& common_name,
                                   const std::string& subject_alternative) {
    const auto issuer = read_certificate(authority.certificate_pem);
    const auto issuer_key = read_private_key(authority.private_key_pem);
    if (!issuer || !issuer_key || X509_check_private_key(issuer.get(), issuer_key.get()) != 1) {
        return fail(openssl_error("the authority is not readable", ErrorCode::invalid));
    }
    const KeyOwner key(EVP_EC_gen("P-256"));
    const auto certificate = unsigned_certificate(common_name, key.get(), issued_days);
    if (!certificate) {
        return fail(openssl_error("not a common name: " + common_name, ErrorCode::invalid));
    }
    X509* x509 = certificate.get();
    X509_set_issuer_name(x509, X509_get_subject_name(issuer.get()));
    add_extension(x509, issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(x509, issuer.get(), NID_key_usage, "critical,digitalSignature");
    add_extension(x509, issuer.get(), NID_ext_key_usage, "serverAuth,clientAuth");
    add_extension(x509, issuer.get(), NID_subject_key_identifier, "hash");
    add_extension(x509, issuer.get(), NID_authority_key_identifier, "keyid");
    if (!subject_alternative.empty() && !add_alternative(x509, subject_alternative)) {
        ERR_clear_error();
        return fail(
            Error{ErrorCode::invalid, "neither DNS name nor address: " + subject_alternative});
    }
    ERR_clear_error();  // a DNS name left a complaint that it is no address
    AULA_EXPECTS(X509_sign(x509, issuer_key.get(), EVP_sha256()) > 0);
    return to_pem(x509, key.get());
}

void TlsContextDeleter::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

Expected<TlsContext, Error> mutual_tls(const std::string& authority_pem, const Certificate& own,
                                       bool server) {
    const auto authority = read_certificate(authority_pem);
    if (!authority) {
        return fail(openssl_error("the authority is not readable", ErrorCode::invalid));
    }
    const auto certificate = read_certificate(own.certificate_pem);
    const auto key = read_private_key(own.private_key_pem);
    if (!certificate || !key) {
        return fail(openssl_error("the certificate is not readable", ErrorCode::invalid));
    }
    auto context = bare_tls_context(server);
    if (SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
        return fail(openssl_error("certificate and key do not match", ErrorCode::invalid));
    }
    AULA_EXPECTS(X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), authority.get()) == 1);
    if (server) SSL_CTX_add_client_CA(context.get(), authority.get());
    return TlsContext(context.release());
}

}  // namespace aula::crypto
