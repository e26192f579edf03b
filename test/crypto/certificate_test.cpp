// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificate.hpp"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "crypto/openssl.hpp"

namespace aula::crypto {
namespace {

/// Runs both sides over one memory pipe; true when both say the handshake is done.
bool handshake(SSL_CTX* client_context, SSL_CTX* server_context) {
    const SslOwner client(SSL_new(client_context));
    const SslOwner server(SSL_new(server_context));
    BIO* near = nullptr;
    BIO* far = nullptr;
    BIO_new_bio_pair(&near, 0, &far, 0);
    SSL_set_bio(client.get(), near, near);
    SSL_set_bio(server.get(), far, far);
    bool done = false;
    for (int turn = 0; turn < 10 && !done; ++turn) {
        const int a = SSL_connect(client.get());
        const int b = SSL_accept(server.get());
        done = a == 1 && b == 1;
    }
    ERR_clear_error();
    return done && SSL_version(client.get()) == TLS1_3_VERSION;
}

TlsContext context(const Certificate& authority, const Certificate& own, bool server) {
    auto made = mutual_tls(authority.certificate_pem, own, server);
    EXPECT_TRUE(made) << made.error().text;
    return std::move(*made);
}

TEST(MutualTls, ConnectsTwoCertificatesOfOneAuthority) {
    const auto authority = make_authority("Aula test");
    const auto hub = issue(authority, "hub", "hub.example");
    const auto node = issue(authority, "node 1");
    ASSERT_TRUE(hub && node);
    const auto server = context(authority, *hub, true);
    const auto client = context(authority, *node, false);
    EXPECT_TRUE(handshake(client.get(), server.get()));
    EXPECT_TRUE(handshake(client.get(), server.get()));
}

TEST(MutualTls, RefusesAPeerOfAnotherAuthorityOnEitherSide) {
    const auto authority = make_authority("Aula test");
    const auto stranger = make_authority("Aula test");
    const auto ours = issue(authority, "node");
    const auto theirs = issue(stranger, "node");
    ASSERT_TRUE(ours && theirs);
    EXPECT_FALSE(
        handshake(context(authority, *theirs, false).get(), context(authority, *ours, true).get()));
    EXPECT_FALSE(
        handshake(context(authority, *ours, false).get(), context(authority, *theirs, true).get()));
}

TEST(MutualTls, RefusesAClientWithoutCertificate) {
    const auto authority = make_authority("Aula test");
    const auto hub = issue(authority, "hub");
    ASSERT_TRUE(hub);
    const SslContextOwner anonymous(SSL_CTX_new(TLS_client_method()));
    EXPECT_FALSE(handshake(anonymous.get(), context(authority, *hub, true).get()));
}

TEST(MutualTls, RefusesPemThatIsNone) {
    const auto authority = make_authority("Aula test");
    const auto one = issue(authority, "one");
    const auto two = issue(authority, "two");
    ASSERT_TRUE(one && two);
    EXPECT_FALSE(mutual_tls("nonsense", *one, true));
    EXPECT_FALSE(mutual_tls(authority.certificate_pem, {"nonsense", "nonsense"}, true));
    EXPECT_FALSE(
        mutual_tls(authority.certificate_pem, {one->certificate_pem, two->private_key_pem}, true));
    EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(Certificate, NamesTheDnsNameOrTheAddress) {
    const auto authority = make_authority("Aula test");
    const auto named = issue(authority, "hub", "hub.example");
    const auto numbered = issue(authority, "hub", "2001:db8::7");
    ASSERT_TRUE(named && numbered);
    const auto first = read_certificate(named->certificate_pem);
    const auto second = read_certificate(numbered->certificate_pem);
    EXPECT_EQ(X509_check_host(first.get(), "hub.example", 0, 0, nullptr), 1);
    EXPECT_EQ(X509_check_host(first.get(), "other.example", 0, 0, nullptr), 0);
    EXPECT_EQ(X509_check_ip_asc(second.get(), "2001:db8::7", 0), 1);
    EXPECT_EQ(X509_check_ip_asc(second.get(), "2001:db8::8", 0), 0);
}

TEST(Certificate, RefusesNamesThatWouldSmuggleInMore) {
    const auto authority = make_authority("Aula test");
    EXPECT_FALSE(issue(authority, "hub", "a.example,DNS:b.example"));
    EXPECT_FALSE(issue(authority, "hub", "a b"));
    EXPECT_FALSE(issue(authority, std::string(65, 'x')));
    EXPECT_FALSE(issue({}, "hub"));
}

TEST(Certificate, IsValidNowAndForTheTimeItSays) {
    const auto authority = make_authority("Aula test");
    const auto issued = issue(authority, "hub");
    ASSERT_TRUE(issued);
    const auto check = [](const std::string& pem, int days) {
        const auto certificate = read_certificate(pem);
        int whole_days = 0;
        int seconds = 0;
        ASN1_TIME_diff(&whole_days, &seconds, X509_get0_notBefore(certificate.get()),
                       X509_get0_notAfter(certificate.get()));
        EXPECT_EQ(whole_days, days + 1);
        EXPECT_LT(X509_cmp_current_time(X509_get0_notBefore(certificate.get())), 0);
    };
    check(authority.certificate_pem, 3650);
    check(issued->certificate_pem, 730);
}

TEST(Certificate, NeverRepeatsASerialNumber) {
    const auto authority = make_authority("Aula test");
    const auto one = issue(authority, "a");
    const auto two = issue(authority, "a");
    ASSERT_TRUE(one && two);
    const auto first = read_certificate(one->certificate_pem);
    const auto second = read_certificate(two->certificate_pem);
    EXPECT_NE(
        ASN1_INTEGER_cmp(X509_get0_serialNumber(first.get()), X509_get0_serialNumber(second.get())),
        0);
}

}  // namespace
}  // namespace aula::crypto
