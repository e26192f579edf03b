// SPDX-License-Identifier: Apache-2.0
// Foreign ends: a plain OpenSSL client with a fragmented hello, a hello like a browser's, and
// openssl's own s_client.
#include <array>
#include <filesystem>
#include <fstream>
#include <tuple>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/encoding.hpp"
#include "crypto/certificate.hpp"
#include "crypto/openssl.hpp"
#include "dtls/datagram_pipe.hpp"
#include "dtls/fingerprint.hpp"
#include "pair.hpp"

namespace aula::dtls {
namespace {

/// OpenSSL as a client without any of Connection's settings.
struct PlainClient {
    PlainClient()
        : context(SSL_CTX_new(DTLS_client_method())), certificate(crypto::make_authority("c")) {
        const auto x509 = crypto::read_certificate(certificate.certificate_pem);
        SSL_CTX_use_certificate(context.get(), x509.get());
        SSL_CTX_use_PrivateKey(context.get(),
                               crypto::read_private_key(certificate.private_key_pem).get());
        SSL_CTX_set_options(context.get(), SSL_OP_NO_QUERY_MTU);
        fingerprint = to_text(fingerprint_of(x509.get()));
    }

    /// Handshakes with the server over a wire that delivers each record as its own datagram.
    bool connect(SSL* ssl, End& server) {
        SSL_set_bio(ssl, make_pipe_bio(method.get(), pipe), nullptr);
        SSL_set0_wbio(ssl, BIO_new(BIO_s_mem()));
        SSL_set_connect_state(ssl);
        SSL_set_mtu(ssl, 300);
        for (int turn = 0; turn < 20; ++turn) {
            if (SSL_do_handshake(ssl) == 1) return true;
            ERR_clear_error();
            char* data = nullptr;
            const long size = BIO_get_mem_data(SSL_get_wbio(ssl), &data);
            Buffer flight(data, data + size);
            std::ignore = BIO_reset(SSL_get_wbio(ssl));
            for (std::size_t at = 0; at < flight.size(); ++hello_records) {
                const auto end = at + 13 + load16(&flight[at + 11]);
                server.connection.receive(Bytes(flight).subspan(at, end - at));
                at = end;
            }
            while (!server.sent.empty()) {
                const auto datagram = server.sent.front();
                server.sent.pop_front();
                pipe.incoming = datagram;
                if (SSL_do_handshake(ssl) == 1) return true;
            }
        }
        return false;
    }

    BioMethodOwner method = make_pipe_method();
    crypto::SslContextOwner context;
    crypto::Certificate certificate;
    std::string fingerprint;
    DatagramPipe pipe;
    int hello_records = 0;
};

TEST(ForeignClient, ConnectsWithAHelloInFragmentsAndWithoutGcmForSrtp) {
    PlainClient client;
    Identity identity;
    End server(identity, Role::server, client.fingerprint);
    SSL_CTX_set_tlsext_use_srtp(client.context.get(), "SRTP_AES128_CM_SHA1_80");
    const crypto::SslOwner ssl(SSL_new(client.context.get()));
    // Protocol names nobody asks for make the hello 2.5 KB long.
    Buffer names;
    for (int i = 0; i < 50; ++i) {
        names.push_back(49);
        names.insert(names.end(), 49, 'x');
    }
    SSL_set_alpn_protos(ssl.get(), names.data(), static_cast<unsigned>(names.size()));
    ASSERT_TRUE(client.connect(ssl.get(), server));
    EXPECT_GT(client.hello_records, 9);
    ASSERT_EQ(server.keys.size(), 1u);
    EXPECT_EQ(server.keys[0].profile, 0x0001);
    EXPECT_EQ(server.keys[0].local_salt.size(), 14u);

    std::array<std::uint8_t, 60> material;
    SSL_export_keying_material(ssl.get(), material.data(), material.size(), "EXTRACTOR-dtls_srtp",
                               19, nullptr, 0, 0);
    Buffer expected = server.keys[0].remote_key;
    for (const auto* part :
         {&server.keys[0].local_key, &server.keys[0].remote_salt, &server.keys[0].local_salt}) {
        expected.insert(expected.end(), part->begin(), part->end());
    }
    EXPECT_EQ(hex(material), hex(expected));
}

TEST(ForeignClient, IsRefusedWhenItOffersNoSrtp) {
    PlainClient client;
    Identity identity;
    End server(identity, Role::server, client.fingerprint);
    const crypto::SslOwner ssl(SSL_new(client.context.get()));
    client.connect(ssl.get(), server);
    EXPECT_TRUE(server.keys.empty());
    EXPECT_EQ(server.closed, 1);
}

TEST(ForeignClient, IsRefusedWithoutCertificateAndWithOldCiphers) {
    PlainClient client;
    Identity identity;
    SSL_CTX_set_tlsext_use_srtp(client.context.get(), "SRTP_AEAD_AES_128_GCM");
    {
        End server(identity, Role::server, client.fingerprint);
        const crypto::SslOwner ssl(SSL_new(client.context.get()));
        SSL_certs_clear(ssl.get());
        EXPECT_FALSE(client.connect(ssl.get(), server));
        EXPECT_EQ(server.closed, 1);
    }
    {
        End server(identity, Role::server, client.fingerprint);
        const crypto::SslOwner ssl(SSL_new(client.context.get()));
        SSL_set_cipher_list(ssl.get(), "ECDHE-ECDSA-AES128-SHA256");
        EXPECT_FALSE(client.connect(ssl.get(), server));
        EXPECT_EQ(server.closed, 1);
    }
}

void add16(Buffer& to, std::size_t value) {
    to.push_back(static_cast<std::uint8_t>(value >> 8));
    to.push_back(static_cast<std::uint8_t>(value));
}

void add_extension(Buffer& to, std::size_t type, const Buffer& body) {
    add16(to, type);
    add16(to, body.size());
    to.insert(to.end(), body.begin(), body.end());
}

// A ClientHello of DTLS 1.3 (RFC 9147 section 5.3) with a post-quantum key share, ready for
// DTLS 1.2 too.
Buffer modern_hello() {
    Buffer extensions;
    add_extension(extensions, 23, {});  // extended_master_secret
    add_extension(extensions, 10,
                  {0, 6, 0x11, 0xec, 0, 29, 0, 23});             // X25519MLKEM768, X25519, P-256
    add_extension(extensions, 11, {1, 0});                       // uncompressed points
    add_extension(extensions, 13, {0, 4, 4, 3, 8, 4});           // signature algorithms
    add_extension(extensions, 14, {0, 4, 0, 1, 0, 7, 0});        // use_srtp
    add_extension(extensions, 43, {4, 0xfe, 0xfc, 0xfe, 0xfd});  // DTLS 1.3, 1.2
    Buffer shares;
    add16(shares, 4 + 1216);
    add16(shares, 0x11ec);
    add16(shares, 1216);
    shares.insert(shares.end(), 1216, 0x5a);
    add_extension(extensions, 51, shares);

    Buffer hello = {0xfe, 0xfd};
    hello.insert(hello.end(), 32, 0x77);  // random
    hello.insert(hello.end(), {0, 0});    // no session, no cookie
    hello.insert(hello.end(), {0, 6, 0x13, 0x01, 0xc0, 0x2b, 0xc0, 0x2f, 1, 0});
    add16(hello, extensions.size());
    hello.insert(hello.end(), extensions.begin(), extensions.end());
    return hello;
}

Buffer hello_fragment(const Buffer& hello, std::size_t from, std::size_t size,
                      std::uint8_t record) {
    Buffer datagram = {22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, record};
    add16(datagram, 12 + size);
    datagram.insert(datagram.end(), {1, 0});
    add16(datagram, hello.size());
    datagram.insert(datagram.end(), {0, 0, 0});  // message sequence, high byte of the offset
    add16(datagram, from);
    datagram.push_back(0);
    add16(datagram, size);
    datagram.insert(datagram.end(), hello.begin() + static_cast<std::ptrdiff_t>(from),
                    hello.begin() + static_cast<std::ptrdiff_t>(from + size));
    return datagram;
}

TEST(ForeignClient, OfDtls13WithALargeHelloIsAnsweredIn12InAnyOrderOfItsFragments) {
    const auto hello = modern_hello();
    ASSERT_GT(hello.size(), 1300u);
    const auto first = hello_fragment(hello, 0, 1100, 0);
    const auto rest = hello_fragment(hello, 1100, hello.size() - 1100, 1);
    const Identity identity;
    for (const bool in_order : {true, false}) {
        End server(identity, Role::server, identity.fingerprint());
        server.connection.receive(in_order ? first : rest);
        EXPECT_TRUE(server.sent.empty());
        server.connection.receive(in_order ? rest : first);
        ASSERT_FALSE(server.sent.empty());
        const auto& answer = server.sent.front();
        EXPECT_EQ(answer[0], 22);                     // handshake
        EXPECT_EQ(answer[13], 2);                     // ServerHello
        EXPECT_EQ(load16(&answer[13 + 12]), 0xfefd);  // DTLS 1.2
        EXPECT_EQ(server.closed, 0);
    }
}

/// A child `openssl s_client` with its input and output.
struct SClient {
    SClient(int port, const std::filesystem::path& pem) {
        std::array<int, 2> in;
        std::array<int, 2> out;
        EXPECT_EQ(pipe2(in.data(), O_CLOEXEC), 0);
        EXPECT_EQ(pipe2(out.data(), O_CLOEXEC), 0);
        const std::string target = "127.0.0.1:" + std::to_string(port);
        pid = fork();
        if (pid == 0) {
            dup2(in[0], 0);
            dup2(out[1], 1);
            dup2(out[1], 2);
            execlp("openssl", "openssl", "s_client", "-dtls1_2", "-connect", target.c_str(), "-mtu",
                   "1200", "-use_srtp", "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM", "-cert",
                   pem.c_str(), "-key", pem.c_str(), "-keymatexport", "EXTRACTOR-dtls_srtp",
                   "-keymatexportlen", "56", static_cast<char*>(nullptr));
            _exit(127);
        }
        close(in[0]);
        close(out[1]);
        input = in[1];
        output = out[0];
    }
    ~SClient() {
        if (input >= 0) close(input);
        close(output);
        kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
    }

    /// Reads on; false at the end.
    bool read_some() {
        std::array<char, 4096> buffer;
        const auto size = read(output, buffer.data(), buffer.size());
        if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
        return size > 0;
    }
    void say(std::string_view words) { EXPECT_GT(write(input, words.data(), words.size()), 0); }

    pid_t pid = -1;
    int input = -1;
    int output = -1;
    std::string text;
};

TEST(ForeignClient, OpensslSClientConnectsTalksAndLeaves) {
    const auto certificate = crypto::make_authority("s_client");
    const auto pem =
        std::filesystem::temp_directory_path() / ("aula_dtls_" + std::to_string(getpid()) + ".pem");
    std::ofstream(pem) << certificate.certificate_pem << certificate.private_key_pem;
    const auto fingerprint =
        to_text(fingerprint_of(crypto::read_certificate(certificate.certificate_pem).get()));

    const int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    ASSERT_EQ(bind(udp, reinterpret_cast<sockaddr*>(&address), length), 0);
    getsockname(udp, reinterpret_cast<sockaddr*>(&address), &length);

    const Identity identity;
    End server(identity, Role::server, fingerprint);
    SClient client(ntohs(address.sin_port), pem);
    bool left = false;
    bool talked = false;
    for (int idle = 0; idle < 50 && server.closed == 0;) {
        std::array<pollfd, 2> ready{{{udp, POLLIN, 0}, {client.output, POLLIN, 0}}};
        idle += poll(ready.data(), ready.size(), 200) == 0 ? 1 : 0;
        server.connection.handle_timeout();
        if (ready[0].revents != 0) {
            std::array<std::uint8_t, 2048> datagram;
            length = sizeof address;
            const auto size = recvfrom(udp, datagram.data(), datagram.size(), 0,
                                       reinterpret_cast<sockaddr*>(&address), &length);
            if (size > 0)
                server.connection.receive({datagram.data(), static_cast<std::size_t>(size)});
        }
        if (ready[1].revents != 0 && !client.read_some()) break;
        if (!talked && client.text.find("Keying material: ") != std::string::npos) {
            talked = true;
            client.say("hello from afar\n");
            server.connection.send(bytes_of("hello from here\n"));
        }
        if (talked && !left && !server.messages.empty() &&
            client.text.find("hello from here") != std::string::npos) {
            left = true;
            client.say("Q\n");
        }
        while (!server.sent.empty()) {
            sendto(udp, server.sent.front().data(), server.sent.front().size(), 0,
                   reinterpret_cast<sockaddr*>(&address), length);
            server.sent.pop_front();
        }
    }
    close(udp);
    std::filesystem::remove(pem);
    ASSERT_EQ(server.keys.size(), 1u) << client.text;
    EXPECT_EQ(server.keys[0].profile, 0x0007);
    EXPECT_EQ(server.messages, std::vector<std::string>{"hello from afar\n"});
    EXPECT_EQ(server.closed, 1);
    Buffer material = server.keys[0].remote_key;
    for (const auto* part :
         {&server.keys[0].local_key, &server.keys[0].remote_salt, &server.keys[0].local_salt}) {
        material.insert(material.end(), part->begin(), part->end());
    }
    std::string expected = "Keying material: ";
    for (const char c : hex(material)) expected += static_cast<char>(std::toupper(c));
    EXPECT_NE(client.text.find(expected), std::string::npos) << expected << '\n' << client.text;
}

}  // namespace
}  // namespace aula::dtls
