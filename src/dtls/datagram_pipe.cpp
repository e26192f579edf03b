// SPDX-License-Identifier: Apache-2.0
#include "dtls/datagram_pipe.hpp"

#include <algorithm>

#include "base/expects.hpp"

namespace aula::dtls {
namespace {

DatagramPipe& pipe_of(BIO* bio) { return *static_cast<DatagramPipe*>(BIO_get_data(bio)); }

// Given record by record: OpenSSL 3.0 does not go on to the record behind a stale handshake
// message of the same read.
std::size_t first_record_size(Bytes datagram) {
    if (datagram.size() < record_header_size) return datagram.size();
    return std::min(datagram.size(), record_header_size + load16(&datagram[11]));
}

int pipe_read(BIO* bio, char* into, int capacity) {
    BIO_clear_retry_flags(bio);
    Bytes& incoming = pipe_of(bio).incoming;
    if (incoming.empty() || capacity <= 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const auto record = first_record_size(incoming);
    const auto size = std::min(record, static_cast<std::size_t>(capacity));
    std::copy_n(incoming.begin(), size, into);
    incoming = incoming.subspan(record);
    return static_cast<int>(size);
}

int pipe_write(BIO* bio, const char* from, int size) {
    BIO_clear_retry_flags(bio);
    auto& outgoing = pipe_of(bio).outgoing;
    // OpenSSL repeats a lost flight record by record; several may share a datagram (RFC 6347
    // section 4.1.1).
    if (outgoing.empty() || outgoing.back().size() + static_cast<std::size_t>(size) > mtu) {
        outgoing.emplace_back();
    }
    outgoing.back().insert(outgoing.back().end(), from, from + size);
    return size;
}

long pipe_control(BIO* bio, int command, long, void*) {
    switch (command) {
        case BIO_CTRL_FLUSH:
            return 1;
        case BIO_CTRL_PENDING:
            return static_cast<long>(pipe_of(bio).incoming.size());
        default:
            return 0;
    }
}

}  // namespace

BioMethodOwner make_pipe_method() {
    BioMethodOwner method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams"));
    AULA_EXPECTS(method);
    BIO_meth_set_read(method.get(), pipe_read);
    BIO_meth_set_write(method.get(), pipe_write);
    BIO_meth_set_ctrl(method.get(), pipe_control);
    return method;
}

BIO* make_pipe_bio(const BIO_METHOD* method, DatagramPipe& pipe) {
    BIO* bio = BIO_new(method);
    AULA_EXPECTS(bio != nullptr);
    BIO_set_data(bio, &pipe);
    BIO_set_init(bio, 1);
    return bio;
}

}  // namespace aula::dtls
