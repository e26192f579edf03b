// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>

#include <openssl/bio.h>

#include "base/bytes.hpp"
#include "crypto/openssl.hpp"

namespace aula::dtls {

using BioMethodOwner = crypto::OpenSslOwner<BIO_METHOD, BIO_meth_free>;

// Room for IPv6, UDP and a TURN relay's header within the 1280 bytes every IPv6 path carries.
constexpr std::size_t mtu = 1200;
constexpr std::size_t record_header_size = 13;

/// What OpenSSL reads from and writes to in place of a socket. Unlike a memory BIO it keeps the
/// bounds of datagrams, and it holds back what is to be sent, so that no callback runs inside a
/// call of OpenSSL.
struct DatagramPipe {
    Bytes incoming;               // what is left of one datagram, borrowed during receive()
    std::deque<Buffer> outgoing;  // oldest first
};

BioMethodOwner make_pipe_method();
/// The BIO borrows the pipe.
BIO* make_pipe_bio(const BIO_METHOD* method, DatagramPipe& pipe);

}  // namespace aula::dtls
