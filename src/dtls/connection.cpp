// SPDX-License-Identifier: Apache-2.0
#include "dtls/connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/err.h>
#include <openssl/srtp.h>

#include "base/expects.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl.hpp"
#include "dtls/datagram_pipe.hpp"
#include "dtls/fingerprint.hpp"
#include "dtls/identity_state.hpp"

namespace aula::dtls {
namespace {

// DTLS records of 2^14 bytes do not come over real paths; a longer datagram would not fit OpenSSL's
// buffer.
constexpr std::size_t max_datagram = std::size_t{16} * 1024;
// A handshake takes about ten datagrams, thirty with heavy loss.
constexpr int max_handshake_datagrams = 256;

constexpr unsigned first_retransmission_us = 100'000;
constexpr unsigned longest_retransmission_us = 3'000'000;

// RFC 6347 section 4.2.4.1 starts at one second and allows less; browsers start at 50 ms.
// OpenSSL gives up after twelve.
unsigned next_retransmission(SSL*, unsigned last_us) {
    if (last_us == 0) return first_retransmission_us;
    return std::min(2 * last_us, longest_retransmission_us);
}

std::size_t srtp_salt_size(std::uint16_t profile) {
    return profile == SRTP_AEAD_AES_128_GCM ? 12 : 14;
}

// Client key, server key, client salt, server salt (RFC 5764 section 4.2).
SrtpKeys export_keys(SSL* ssl, std::uint16_t profile, Role role) {
    constexpr std::string_view label = "EXTRACTOR-dtls_srtp";
    constexpr std::size_t key_size = 16;
    const std::size_t salt_size = srtp_salt_size(profile);
    Buffer material(2 * (key_size + salt_size));
    AULA_EXPECTS(SSL_export_keying_material(ssl, material.data(), material.size(), label.data(),
                                            label.size(), nullptr, 0, 0) == 1);
    auto next = material.begin();
    const auto take = [&next](std::size_t size) {
        const auto from = std::exchange(next, next + static_cast<std::ptrdiff_t>(size));
        return Buffer(from, next);
    };
    SrtpKeys keys{profile, take(key_size), {}, {}, {}};
    keys.remote_key = take(key_size);
    keys.local_salt = take(salt_size);
    keys.remote_salt = take(salt_size);
    if (role == Role::server) {
        std::swap(keys.local_key, keys.remote_key);
        std::swap(keys.local_salt, keys.remote_salt);
    }
    return keys;
}

bool may_be_dtls(Bytes datagram) {
    // RFC 7983 section 7 gives DTLS the first bytes 20 to 63.
    return datagram.size() >= record_header_size && datagram.size() <= max_datagram &&
           datagram[0] >= 20 && datagram[0] <= 63;
}

}  // namespace

struct Connection::State {
    enum class Phase : std::uint8_t { handshaking, connected, closed };

    State(const Identity::State& identity, Role our_role, const std::string& remote_fingerprint,
          Handlers to_call);

    void receive(Bytes datagram);
    void advance();
    void continue_handshake();
    void finish_handshake();
    void read_messages();
    void send(Bytes message);
    void handle_timeout();
    void shut_down();
    void end();
    void flush();
    void release_buffers();
    void restore_buffers();

    DatagramPipe pipe;
    crypto::SslOwner ssl;
    Role role;
    Handlers handlers;
    // Nothing matches an unreadable fingerprint.
    std::optional<Fingerprint> expected_peer;
    Phase phase = Phase::handshaking;
    bool started = false;
    bool released = false;  // OpenSSL's record buffers are given back
    int handshake_datagrams = 0;
};

Connection::State::State(const Identity::State& identity, Role our_role,
                         const std::string& remote_fingerprint, Handlers to_call)
    : ssl(SSL_new(identity.context.get())),
      role(our_role),
      handlers(std::move(to_call)),
      expected_peer(parse_fingerprint(remote_fingerprint)) {
    AULA_EXPECTS(ssl);
    BIO* bio = make_pipe_bio(identity.pipe_method.get(), pipe);
    SSL_set_bio(ssl.get(), bio, bio);
    SSL_set_app_data(ssl.get(), &expected_peer);
    SSL_set_mtu(ssl.get(), mtu);
    DTLS_set_timer_cb(ssl.get(), next_retransmission);
    if (role == Role::server) {
        SSL_set_accept_state(ssl.get());
    } else {
        SSL_set_connect_state(ssl.get());
    }
}

int verify_peer(X509_STORE_CTX* store, void*) {
    const auto* ssl = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    const auto& expected = *static_cast<const std::optional<Fingerprint>*>(SSL_get_app_data(ssl));
    const X509* certificate = X509_STORE_CTX_get0_cert(store);
    if (certificate != nullptr && expected &&
        crypto::equal_in_constant_time(fingerprint_of(certificate), *expected)) {
        return 1;
    }
    // Makes OpenSSL answer bad_certificate, as RFC 8122 section 6.2 wants.
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
}

void Connection::State::receive(Bytes datagram) {
    if (phase == Phase::closed || !may_be_dtls(datagram)) return;
    if (phase == Phase::handshaking && ++handshake_datagrams > max_handshake_datagrams) {
        return end();
    }
    // A send handler may call receive() when both ends live in one process.
    const Bytes outer = std::exchange(pipe.incoming, datagram);
    for (std::size_t left = datagram.size() + 1;
         !pipe.incoming.empty() && phase != Phase::closed;) {
        if (std::exchange(left, pipe.incoming.size()) <= pipe.incoming.size()) break;
        advance();
    }
    pipe.incoming = outer;
    release_buffers();
}

void Connection::State::advance() {
    if (phase == Phase::handshaking) continue_handshake();
    if (phase == Phase::connected) read_messages();
}

void Connection::State::continue_handshake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl.get());
    const int error = SSL_get_error(ssl.get(), result);
    flush();
    if (phase != Phase::handshaking) return;  // closed in the handler
    if (result == 1) return finish_handshake();
    if (error != SSL_ERROR_WANT_READ) end();
}

void Connection::State::finish_handshake() {
    const SRTP_PROTECTION_PROFILE* profile = SSL_get_selected_srtp_profile(ssl.get());
    if (profile == nullptr) {
        shut_down();
        return end();
    }
    phase = Phase::connected;
    auto keys = export_keys(ssl.get(), static_cast<std::uint16_t>(profile->id), role);
    if (handlers.on_connected) handlers.on_connected(std::move(keys));
}

void Connection::State::read_messages() {
    std::array<std::uint8_t, max_datagram> message;  // NOLINT: SSL_read fills it
    while (phase == Phase::connected) {
        ERR_clear_error();
        released = false;  // reading makes them anew
        const int size = SSL_read(ssl.get(), message.data(), static_cast<int>(message.size()));
        const int error = SSL_get_error(ssl.get(), size);
        flush();  // a lost last flight may have been asked for again
        if (phase != Phase::connected) return;
        if (size > 0) {
            if (handlers.on_data)
                handlers.on_data({message.data(), static_cast<std::size_t>(size)});
        } else if (error == SSL_ERROR_WANT_READ) {
            return;
        } else {
            if (error == SSL_ERROR_ZERO_RETURN) shut_down();
            end();
        }
    }
}

void Connection::State::send(Bytes message) {
    if (phase != Phase::connected || message.empty() || message.size() > max_sent_message) {
        return;
    }
    restore_buffers();
    ERR_clear_error();
    SSL_write(ssl.get(), message.data(), static_cast<int>(message.size()));
    flush();
    release_buffers();
}

void Connection::State::handle_timeout() {
    if (phase == Phase::closed) return;
    restore_buffers();
    ERR_clear_error();
    const bool gave_up = DTLSv1_handle_timeout(ssl.get()) < 0;
    flush();
    if (gave_up && phase != Phase::closed) end();
}

void Connection::State::shut_down() {
    restore_buffers();
    ERR_clear_error();
    SSL_shutdown(ssl.get());
    flush();
}

/// A connection is idle nearly always, and its record buffers are 19 KB.
void Connection::State::release_buffers() {
    // Not within a call further up, which still reads.
    if (phase == Phase::connected && pipe.incoming.empty()) {
        released |= SSL_free_buffers(ssl.get()) == 1;
    }
}

/// OpenSSL 3.0 makes them anew when it reads a datagram, but takes them for granted when it writes.
void Connection::State::restore_buffers() {
    if (!std::exchange(released, false)) return;
    std::uint8_t nothing = 0;
    const Bytes outer = std::exchange(pipe.incoming, {});
    ERR_clear_error();
    SSL_peek(ssl.get(), &nothing, sizeof nothing);
    pipe.incoming = outer;
}

void Connection::State::end() {
    if (std::exchange(phase, Phase::closed) == Phase::closed) return;
    if (handlers.on_closed) handlers.on_closed();
}

void Connection::State::flush() {
    while (!pipe.outgoing.empty()) {
        const Buffer datagram = std::move(pipe.outgoing.front());
        pipe.outgoing.pop_front();
        if (handlers.send) handlers.send(datagram);
    }
}

Connection::Connection(const Identity& identity, Role role, const std::string& remote_fingerprint,
                       Handlers handlers)
    : state_(std::make_unique<State>(*identity.state_, role, remote_fingerprint,
                                     std::move(handlers))) {}
Connection::~Connection() = default;

void Connection::start() {
    if (state_->role == Role::client && !std::exchange(state_->started, true)) state_->advance();
}

void Connection::receive(Bytes datagram) { state_->receive(datagram); }
void Connection::send(Bytes message) { state_->send(message); }

void Connection::close() {
    const auto before = std::exchange(state_->phase, State::Phase::closed);
    if (before == State::Phase::connected) state_->shut_down();
}

std::optional<Duration> Connection::timeout() const {
    timeval left{};
    if (state_->phase == State::Phase::closed ||
        DTLSv1_get_timeout(state_->ssl.get(), &left) != 1) {
        return std::nullopt;
    }
    return std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
}

void Connection::handle_timeout() { state_->handle_timeout(); }

}  // namespace aula::dtls
