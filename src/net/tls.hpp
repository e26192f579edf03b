// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_st SSL;

namespace aula::net {

/// One TLS connection over memory: sealed bytes in and out, plain bytes in and out.
class Tls {
public:
    enum class Step : std::uint8_t { more, done, ended };

    static std::unique_ptr<Tls> server(SSL_CTX* context);
    /// name is what the peer's certificate must be for: a DNS name or an IP; empty checks the chain
    /// only.
    static std::unique_ptr<Tls> client(SSL_CTX* context, const std::string& name);

    Expected<Step, std::string> handshake();
    void feed(Bytes sealed);
    /// Fills the front of room; more: nothing to read until more is fed, ended: the peer said
    /// goodbye.
    Expected<Step, std::string> read(MutableBytes room, std::size_t& got);
    bool write(Bytes plain);
    void say_goodbye();
    /// Appends what has to go to the peer.
    void take_output(Buffer& output);
    std::string peer_common_name() const;

private:
    struct SslDeleter {
        void operator()(SSL* ssl) const;
    };
    explicit Tls(SSL_CTX* context);
    Expected<Step, std::string> outcome(int result, const char* what);

    std::unique_ptr<SSL, SslDeleter> ssl_;
};

}  // namespace aula::net
