// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace aula::dtls {

enum class Role : std::uint8_t { server, client };

/// The DTLS identity of a process: made once, shared by all its connections.
class Identity {
public:
    Identity();  // a fresh self-signed ECDSA P-256 certificate
    ~Identity();
    Identity(const Identity&) = delete;
    Identity& operator=(const Identity&) = delete;

    /// SHA-256 as SDP writes it: "AB:CD:..." (RFC 8122).
    const std::string& fingerprint() const;

private:
    friend class Connection;
    struct State;
    std::unique_ptr<State> state_;
};

/// Keys for SRTP from the handshake (RFC 5764 section 4.2), local = we send with it.
struct SrtpKeys {
    // As in RFC 5764 and 7714: 0x0007 AEAD_AES_128_GCM, 0x0001 AES128_CM_SHA1_80.
    std::uint16_t profile = 0;
    Buffer local_key, local_salt, remote_key, remote_salt;
};

/// One DTLS 1.2 association without sockets: bytes and time in, bytes and events out.
class Connection {
public:
    /// The owner may send() and close() in any of them, but not destroy the connection.
    struct Handlers {
        std::function<void(Bytes datagram)> send;
        std::function<void(SrtpKeys)> on_connected;  // the peer's certificate has its fingerprint
        std::function<void(Bytes message)> on_data;  // application data: SCTP
        // The peer's close_notify, a fatal alert or a failed handshake; once.
        std::function<void()> on_closed;
    };

    Connection(const Identity& identity, Role role, const std::string& remote_fingerprint,
               Handlers handlers);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void start();                  // a client sends its hello; a server waits
    void receive(Bytes datagram);  // a received DTLS datagram; garbage is dropped
    void send(Bytes message);      // after on_connected; over 2048 bytes it is dropped
    void close();                  // sends close_notify; no event follows

    /// When handle_timeout() wants to be called; nullopt when nothing is outstanding.
    std::optional<Duration> timeout() const;
    void handle_timeout();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::dtls
