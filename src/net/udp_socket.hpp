// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/address.hpp"
#include "net/send_queue.hpp"

namespace aula::net {

/// How much a socket moves at once. A server's shard has one socket and takes the defaults (4 MiB
/// in all); a load generator has hundreds and takes little.
struct UdpSocketOptions {
    std::size_t receive_datagrams = 16;  // each with 64 KiB of room, as UDP_GRO may join so much
    std::size_t send_slots = SendQueue::default_slots;
};

/// A UDP socket of one shard: batched receive (recvmmsg with UDP_GRO) and a send queue (sendmmsg
/// with UDP_SEGMENT). Non-blocking; the owner watches fd() on its loop and calls receive() when it
/// is readable.
class UdpSocket {
public:
    /// Port 0 takes a free one. A dual-stack socket for "[::]".
    static Expected<std::unique_ptr<UdpSocket>, Error> open(const Address& local,
                                                            const UdpSocketOptions& options = {});
    ~UdpSocket();
    UdpSocket(const UdpSocket&) = delete;
    UdpSocket& operator=(const UdpSocket&) = delete;

    int fd() const { return fd_; }
    const Address& local() const { return local_; }

    /// Hands every datagram of one batch to the callback, each once, split where the kernel joined
    /// them. The bytes may be changed in place (opened) and die with the callback. False: nothing
    /// was waiting.
    bool receive(const std::function<void(MutableBytes datagram, const Address& from)>& callback);

    SendQueue& queue() { return queue_; }

private:
    struct ReceiveBatch;
    UdpSocket(int fd, Address local, const UdpSocketOptions& options);

    int fd_;
    Address local_;
    SendQueue queue_;
    std::unique_ptr<ReceiveBatch> batch_;
};

}  // namespace aula::net
