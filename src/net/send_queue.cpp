// SPDX-License-Identifier: Apache-2.0
#include "net/send_queue.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include <netinet/udp.h>
#include <sys/socket.h>

#include "base/expects.hpp"

namespace aula::net {
namespace {

constexpr std::size_t most_segments = 64;  // UDP_MAX_SEGMENTS of kernels before 6.9
constexpr std::size_t most_bytes =
    65'000;  // a UDP datagram's 65,535 less headers, with room to spare
constexpr std::size_t most_messages = 256;

bool socket_is_ipv6(int fd) {
    int family = 0;
    socklen_t size = sizeof(family);
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) == 0 && family == AF_INET6;
}

bool kernel_has_gso(int fd) {
    int segment = 0;
    socklen_t size = sizeof(segment);
    return getsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &segment, &size) == 0;
}

}  // namespace

/// The packets of this turn and the destinations that have some.
struct SendQueue::Arena {
    explicit Arena(std::size_t slots)
        : bytes(slots * slot_size), start(slots), size(slots), next(slots), destinations(slots) {}

    Bytes packet(std::int32_t index) const {
        const auto at = static_cast<std::size_t>(index);
        return Bytes(bytes).subspan(start[at], size[at]);
    }
    bool is_full() const { return used == size.size() || filled + slot_size > bytes.size(); }

    // Packets lie close together: fewer cache lines, and neighbours are one part of a message.
    Buffer bytes;
    std::size_t filled = 0;
    std::vector<std::uint32_t> start;
    std::vector<std::uint16_t> size;
    std::vector<std::int32_t> next;
    std::size_t used = 0;
    std::vector<Destination*> destinations;
    std::size_t destination_count = 0;
};

/// Messages made ready for one sendmmsg.
struct SendQueue::Outbox {
    struct Control {
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> bytes{};
    };

    Outbox(int fd, std::size_t slots)
        : ipv6(socket_is_ipv6(fd)),
          gso(kernel_has_gso(fd)),
          headers(std::min(slots, most_messages)),
          to(headers.size()),
          bytes(headers.size()),
          packets(headers.size()),
          controls(headers.size()),
          mapped(headers.size()),
          parts(std::max(slots, most_segments)) {}

    bool has_room() const {
        return messages < headers.size() && segments + most_segments <= parts.size();
    }
    void begin(Destination& to);
    void add(Bytes packet);
    void end(std::size_t segment_size);

    bool ipv6;
    bool gso;
    std::size_t messages = 0;
    std::size_t segments = 0;
    std::vector<mmsghdr> headers;
    std::vector<Destination*> to;
    std::vector<std::size_t> bytes;
    std::vector<std::size_t> packets;
    std::vector<Control> controls;
    std::vector<sockaddr_in6> mapped;
    std::vector<iovec> parts;
};

void SendQueue::Outbox::begin(Destination& destination) {
    msghdr& header = headers[messages].msg_hdr;
    header = {};
    header.msg_iov = &parts[segments];
    to[messages] = &destination;
    bytes[messages] = 0;
    packets[messages] = 0;
    const Address& address = destination.address;
    if (ipv6 && !address.is_ipv6()) {
        mapped[messages] = address.as_ipv6();
        header.msg_name = &mapped[messages];
        header.msg_namelen = sizeof(sockaddr_in6);
    } else {
        header.msg_name = const_cast<sockaddr*>(address.raw());
        header.msg_namelen = address.size();
    }
}

void SendQueue::Outbox::add(Bytes packet) {
    bytes[messages] += packet.size();
    ++packets[messages];
    msghdr& header = headers[messages].msg_hdr;
    if (header.msg_iovlen > 0) {
        iovec& last = parts[segments - 1];
        if (static_cast<std::uint8_t*>(last.iov_base) + last.iov_len == packet.data()) {
            last.iov_len += packet.size();
            return;
        }
    }
    parts[segments++] = {const_cast<std::uint8_t*>(packet.data()), packet.size()};
    ++header.msg_iovlen;
}

void SendQueue::Outbox::end(std::size_t segment_size) {
    msghdr& header = headers[messages].msg_hdr;
    if (packets[messages] > 1) {
        header.msg_control = controls[messages].bytes.data();
        header.msg_controllen = controls[messages].bytes.size();
        cmsghdr* control = CMSG_FIRSTHDR(&header);
        control->cmsg_level = SOL_UDP;
        control->cmsg_type = UDP_SEGMENT;
        control->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
        const auto segment = static_cast<std::uint16_t>(segment_size);
        std::memcpy(CMSG_DATA(control), &segment, sizeof(segment));
    }
    ++messages;
}

SendQueue::Counters& SendQueue::Counters::operator+=(const Counters& other) {
    packets += other.packets;
    bytes += other.bytes;
    messages += other.messages;
    dropped += other.dropped;
    return *this;
}

SendQueue::SendQueue(int fd, std::size_t slots)
    : fd_(fd),
      arena_(std::make_unique<Arena>(slots)),
      outbox_(std::make_unique<Outbox>(fd, slots)) {}
SendQueue::~SendQueue() = default;

MutableBytes SendQueue::slot() {
    if (arena_->is_full()) flush();
    return MutableBytes(arena_->bytes).subspan(arena_->filled, slot_size);
}

void SendQueue::commit(Destination& to, std::size_t size) {
    Arena& arena = *arena_;
    AULA_EXPECTS(size > 0 && size <= slot_size && !arena.is_full());
    const auto index = static_cast<std::int32_t>(arena.used);
    arena.start[arena.used] = static_cast<std::uint32_t>(arena.filled);
    arena.size[arena.used] = static_cast<std::uint16_t>(size);
    arena.filled += size;
    arena.next[arena.used] = -1;
    ++arena.used;
    if (to.place_ < 0) {
        to.place_ = static_cast<std::int32_t>(arena.destination_count);
        arena.destinations[arena.destination_count++] = &to;
        to.first_ = index;
    } else {
        arena.next[static_cast<std::size_t>(to.last_)] = index;
    }
    to.last_ = index;
}

void SendQueue::send(Destination& to, Bytes packet) {
    if (packet.empty() || packet.size() > slot_size) {
        ++counters_.dropped;
        return;
    }
    std::memcpy(slot().data(), packet.data(), packet.size());
    commit(to, packet.size());
}

std::size_t SendQueue::waiting_bytes() const { return arena_->filled; }

void SendQueue::flush() {
    Arena& arena = *arena_;
    for (std::size_t i = 0; i < arena.destination_count; ++i) {
        if (arena.destinations[i] != nullptr) pack(*arena.destinations[i]);
    }
    send_outbox();
    arena.destination_count = 0;
    arena.used = 0;
    arena.filled = 0;
}

void SendQueue::pack(Destination& to) {
    std::int32_t at = to.first_;
    while (at >= 0) {
        if (!outbox_->has_room()) send_outbox();
        outbox_->begin(to);
        const std::size_t most = outbox_->gso && !to.without_gso_ ? most_segments : 1;
        const std::size_t first_size = arena_->packet(at).size();
        std::size_t total = 0;
        std::size_t last_size = first_size;
        // A shorter packet may only be the last segment of a message.
        for (std::size_t count = 0; at >= 0 && count < most && last_size == first_size; ++count) {
            const Bytes packet = arena_->packet(at);
            if (packet.size() > first_size || total + packet.size() > most_bytes) break;
            outbox_->add(packet);
            total += packet.size();
            last_size = packet.size();
            at = arena_->next[static_cast<std::size_t>(at)];
        }
        outbox_->end(first_size);
    }
    to.first_ = to.last_ = to.place_ = -1;
}

void SendQueue::send_outbox() {
    Outbox& outbox = *outbox_;
    std::size_t done = 0;
    while (done < outbox.messages) {
        const int sent = sendmmsg(fd_, &outbox.headers[done],
                                  static_cast<unsigned>(outbox.messages - done), MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno != EINTR) done = refused(done, errno);
            continue;
        }
        for (const std::size_t end = done + static_cast<std::size_t>(sent); done < end; ++done) {
            counters_.packets += outbox.packets[done];
            counters_.bytes += outbox.bytes[done];
            ++counters_.messages;
        }
    }
    outbox.messages = 0;
    outbox.segments = 0;
}

std::size_t SendQueue::refused(std::size_t message, int error) {
    const std::size_t packets = outbox_->packets[message];
    if (error == EAGAIN) {  // the socket's buffer is full, for all that follow too
        for (; message < outbox_->messages; ++message) {
            counters_.dropped += outbox_->packets[message];
        }
        return message;
    }
    const bool gso_is_why = packets > 1 && (error == EIO || error == EINVAL || error == EMSGSIZE ||
                                            error == EOPNOTSUPP);
    if (!gso_is_why) {
        counters_.dropped += packets;
        return message + 1;
    }
    outbox_->to[message]->without_gso_ = true;
    send_singly(message);
    return message + 1;
}

void SendQueue::send_singly(std::size_t message) {
    const msghdr& whole = outbox_->headers[message].msg_hdr;
    std::uint16_t segment = 0;
    std::memcpy(&segment, CMSG_DATA(CMSG_FIRSTHDR(&whole)), sizeof(segment));
    msghdr header = whole;
    header.msg_control = nullptr;
    header.msg_controllen = 0;
    header.msg_iovlen = 1;
    iovec one{};
    header.msg_iov = &one;
    for (std::size_t i = 0; i < whole.msg_iovlen; ++i) {
        // Every packet but the last of a message has the segment's size, wherever it lies.
        auto* at = static_cast<std::uint8_t*>(whole.msg_iov[i].iov_base);
        std::size_t left = whole.msg_iov[i].iov_len;
        while (left > 0) {
            one = {at, std::min<std::size_t>(left, segment)};
            count_single(sendmsg(fd_, &header, MSG_NOSIGNAL));
            at += one.iov_len;
            left -= one.iov_len;
        }
    }
}

void SendQueue::count_single(std::int64_t sent) {
    if (sent < 0) {
        ++counters_.dropped;
        return;
    }
    ++counters_.packets;
    ++counters_.messages;
    counters_.bytes += static_cast<std::uint64_t>(sent);
}

void SendQueue::forget(Destination& destination) {
    if (destination.place_ < 0) return;
    arena_->destinations[static_cast<std::size_t>(destination.place_)] = nullptr;
    destination.first_ = destination.last_ = destination.place_ = -1;
}

}  // namespace aula::net
