// SPDX-License-Identifier: Apache-2.0
#include "net/udp_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/socket.hpp"

namespace aula::net {
namespace {

constexpr std::size_t datagram_room = 64 * 1024;  // what UDP_GRO may join
constexpr std::size_t slack = 64;  // ciphers may read a little past the end of a packet
constexpr int wanted_kernel_buffer = 8 << 20;

void enlarge_buffer(int fd, int forced_option, int option) {
    // The forced form needs CAP_NET_ADMIN; the other is cut to net.core.[rw]mem_max.
    if (set_option(fd, SOL_SOCKET, forced_option, wanted_kernel_buffer)) return;
    set_option(fd, SOL_SOCKET, option, wanted_kernel_buffer);
}

}  // namespace

struct UdpSocket::ReceiveBatch {
    struct Control {
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> bytes{};
    };

    explicit ReceiveBatch(std::size_t datagrams)
        : bytes(datagrams * (datagram_room + slack)),
          headers(datagrams),
          parts(datagrams),
          from(datagrams),
          controls(datagrams) {}

    MutableBytes buffer(std::size_t i) {
        return MutableBytes(bytes).subspan(i * (datagram_room + slack), datagram_room);
    }
    void make_ready();
    std::size_t segment_size(std::size_t i);

    Buffer bytes;
    std::vector<mmsghdr> headers;
    std::vector<iovec> parts;
    std::vector<sockaddr_in6> from;
    std::vector<Control> controls;
};

void UdpSocket::ReceiveBatch::make_ready() {
    for (std::size_t i = 0; i < headers.size(); ++i) {
        const MutableBytes room = buffer(i);
        parts[i] = {room.data(), room.size()};
        msghdr& header = headers[i].msg_hdr;
        header.msg_iov = &parts[i];
        header.msg_iovlen = 1;
        header.msg_name = &from[i];
        header.msg_namelen = sizeof(from[i]);
        header.msg_control = controls[i].bytes.data();
        header.msg_controllen = controls[i].bytes.size();
    }
}

std::size_t UdpSocket::ReceiveBatch::segment_size(std::size_t i) {
    msghdr& header = headers[i].msg_hdr;
    for (cmsghdr* at = CMSG_FIRSTHDR(&header); at != nullptr; at = CMSG_NXTHDR(&header, at)) {
        if (at->cmsg_level != SOL_UDP || at->cmsg_type != UDP_GRO) continue;
        int size = 0;
        std::memcpy(&size, CMSG_DATA(at), sizeof(size));
        if (size > 0) return static_cast<std::size_t>(size);
    }
    return datagram_room;
}

UdpSocket::UdpSocket(int fd, Address local, const UdpSocketOptions& options)
    : fd_(fd),
      local_(local),
      queue_(fd, options.send_slots),
      batch_(std::make_unique<ReceiveBatch>(options.receive_datagrams)) {}

UdpSocket::~UdpSocket() { ::close(fd_); }

Expected<std::unique_ptr<UdpSocket>, Error> UdpSocket::open(const Address& local,
                                                            const UdpSocketOptions& options) {
    const int fd = open_socket(local, SOCK_DGRAM);
    if (fd < 0) return fail(socket_error("cannot make a UDP socket for", local));
    enlarge_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF);
    enlarge_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF);
    set_option(fd, IPPROTO_UDP, UDP_GRO, 1);  // without it datagrams come one by one
    if (::bind(fd, local.raw(), local.size()) != 0) {
        const Error error = socket_error("cannot bind", local);
        ::close(fd);
        return fail(error);
    }
    return std::unique_ptr<UdpSocket>(new UdpSocket(fd, local_address(fd), options));
}

bool UdpSocket::receive(
    const std::function<void(MutableBytes datagram, const Address& from)>& callback) {
    ReceiveBatch& batch = *batch_;
    batch.make_ready();
    const int count = recvmmsg(fd_, batch.headers.data(),
                               static_cast<unsigned>(batch.headers.size()), 0, nullptr);
    for (int n = 0; n < count; ++n) {
        const auto i = static_cast<std::size_t>(n);
        const Address from(reinterpret_cast<const sockaddr*>(&batch.from[i]),
                           batch.headers[i].msg_hdr.msg_namelen);
        MutableBytes rest = batch.buffer(i).first(batch.headers[i].msg_len);
        const std::size_t segment = batch.segment_size(i);
        do {
            const std::size_t size = std::min(segment, rest.size());
            callback(rest.first(size), from);
            rest = rest.subspan(size);
        } while (!rest.empty());
    }
    return count > 0;
}

}  // namespace aula::net
