// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include "net/send_queue.hpp"
#include "net/udp_socket.hpp"

namespace aula::net {
namespace {

std::unique_ptr<UdpSocket> open_on(const char* ip) {
    auto socket = UdpSocket::open(*Address::of(ip, 0));
    EXPECT_TRUE(socket) << socket.error().text;
    return socket ? std::move(*socket) : nullptr;
}

std::unique_ptr<UdpSocket> loopback() { return open_on("127.0.0.1"); }

Buffer packet(std::size_t size, int mark) {
    Buffer bytes(size, static_cast<std::uint8_t>(mark));
    bytes[0] = static_cast<std::uint8_t>(mark >> 8);
    return bytes;
}

int mark_of(Bytes bytes) { return bytes[0] * 256 + bytes[bytes.size() - 1]; }

/// Waits until so many datagrams have come.
std::vector<Buffer> receive(UdpSocket& socket, std::size_t count, Address* from = nullptr) {
    std::vector<Buffer> got;
    while (got.size() < count) {
        pollfd readable{socket.fd(), POLLIN, 0};
        if (poll(&readable, 1, 5000) != 1) break;
        socket.receive([&](MutableBytes datagram, const Address& sender) {
            got.emplace_back(datagram.begin(), datagram.end());
            if (from != nullptr) *from = sender;
        });
    }
    return got;
}

TEST(UdpSocket, TakesAFreePortAndReceivesNothingAtFirst) {
    const auto socket = loopback();
    EXPECT_NE(socket->local().port(), 0);
    EXPECT_FALSE(socket->receive([](MutableBytes, const Address&) { ADD_FAILURE(); }));
    EXPECT_FALSE(UdpSocket::open(socket->local()));  // taken
}

TEST(UdpSocket, ADualStackSocketTalksIpv4AndIpv6) {
    const auto dual = open_on("::");
    for (const char* ip : {"127.0.0.1", "::1"}) {
        const auto peer = open_on(ip);
        Destination there(*Address::of(ip, dual->local().port()));
        peer->queue().send(there, packet(100, 1));
        peer->queue().flush();
        Address from;
        ASSERT_EQ(receive(*dual, 1, &from).size(), 1u);
        EXPECT_EQ(from, peer->local());
        Destination back(from);
        dual->queue().send(back, packet(50, 2));
        dual->queue().flush();
        Address answered_from;
        EXPECT_EQ(receive(*peer, 1, &answered_from).size(), 1u);
        EXPECT_EQ(answered_from, there.address);
    }
}

TEST(UdpSocket, HandsOutTheLargestAndTheEmptyDatagram) {
    const auto a = loopback();
    const auto b = loopback();
    const Buffer largest(65'507, 7);
    for (const std::size_t size : {largest.size(), std::size_t{0}}) {
        ASSERT_EQ(sendto(a->fd(), largest.data(), size, 0, b->local().raw(), b->local().size()),
                  static_cast<ssize_t>(size));
        const auto got = receive(*b, 1);
        ASSERT_EQ(got.size(), 1u);
        EXPECT_EQ(got[0].size(), size);
    }
}

TEST(SendQueue, SendsABurstInOrderAsOneMessage) {
    const auto a = loopback();
    const auto b = loopback();
    Destination to(b->local());
    for (int i = 0; i < 8; ++i) a->queue().send(to, packet(1200, i));
    a->queue().flush();
    EXPECT_EQ(a->queue().counters().packets, 8u);
    EXPECT_EQ(a->queue().counters().bytes, 9600u);
    EXPECT_EQ(a->queue().counters().messages, 1u);
    const auto got = receive(*b, 8);
    ASSERT_EQ(got.size(), 8u);
    for (int i = 0; i < 8; ++i) {
        EXPECT_EQ(got[static_cast<std::size_t>(i)], packet(1200, i));
    }
}

TEST(SendQueue, SplitsRunsWhereSizesGrowAndLetsTheLastBeShorter) {
    const auto a = loopback();
    const auto b = loopback();
    Destination to(b->local());
    const std::vector<std::size_t> sizes{1000, 1000, 400, 400, 900, 900, 100, 2};
    //                      one message: ~~~~~~~~~~~~~~~  ~~~  ~~~~~~~~~~~~~  ~
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        a->queue().send(to, packet(sizes[i], static_cast<int>(i)));
    }
    a->queue().flush();
    EXPECT_EQ(a->queue().counters().messages, 4u);
    const auto got = receive(*b, sizes.size());
    ASSERT_EQ(got.size(), sizes.size());
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        EXPECT_EQ(got[i], packet(sizes[i], static_cast<int>(i)));
    }
}

TEST(SendQueue, KeepsToTheKernelsLimitsOfSegmentsAndBytes) {
    const auto a = loopback();
    const auto b = loopback();
    Destination to(b->local());
    for (int i = 0; i < 130; ++i) a->queue().send(to, packet(100, i));
    a->queue().flush();
    EXPECT_EQ(a->queue().counters().messages, 3u);  // 64 + 64 + 2
    EXPECT_EQ(receive(*b, 130).size(), 130u);
    for (int i = 0; i < 60; ++i) a->queue().send(to, packet(1500, i));
    a->queue().flush();
    EXPECT_EQ(a->queue().counters().messages, 5u);  // 43 + 17
    const auto got = receive(*b, 60);
    ASSERT_EQ(got.size(), 60u);
    for (int i = 0; i < 60; ++i) EXPECT_EQ(mark_of(got[static_cast<std::size_t>(i)]), i);
    EXPECT_EQ(a->queue().counters().dropped, 0u);
}

TEST(SendQueue, KeepsTheOrderOfEachOfManyInterleavedDestinations) {
    const auto a = loopback();
    std::vector<std::unique_ptr<UdpSocket>> peers;
    std::vector<Destination> destinations(100);
    for (Destination& destination : destinations) {
        peers.push_back(loopback());
        destination.address = peers.back()->local();
    }
    for (int i = 0; i < 8; ++i) {
        for (Destination& destination : destinations) {
            a->queue().send(destination, packet(1200, i));
        }
    }
    a->queue().flush();
    EXPECT_EQ(a->queue().counters().packets, 800u);
    EXPECT_EQ(a->queue().counters().messages, 100u);
    for (const auto& peer : peers) {
        const auto got = receive(*peer, 8);
        ASSERT_EQ(got.size(), 8u);
        for (int i = 0; i < 8; ++i) EXPECT_EQ(mark_of(got[static_cast<std::size_t>(i)]), i);
    }
}

TEST(SendQueue, AFullArenaFlushesItself) {
    const auto a = loopback();
    const auto b = loopback();
    Destination to(b->local());
    const int total = static_cast<int>(SendQueue::default_slots) + 5;
    for (int i = 0; i < total; ++i) a->queue().send(to, packet(64, i));
    EXPECT_EQ(a->queue().counters().packets, SendQueue::default_slots);
    a->queue().flush();
    const auto got = receive(*b, static_cast<std::size_t>(total));
    ASSERT_EQ(got.size(), static_cast<std::size_t>(total));
    for (int i = 0; i < total; ++i) {
        ASSERT_EQ(mark_of(got[static_cast<std::size_t>(i)]), (i >> 8) % 256 * 256 + i % 256);
    }
}

TEST(SendQueue, WithoutGsoEachPacketIsAMessage) {
    const auto a = loopback();
    const auto b = loopback();
    // The kernel refuses UDP_SEGMENT (EINVAL) on a socket that sends no checksums.
    const int one = 1;
    ASSERT_EQ(setsockopt(a->fd(), SOL_SOCKET, SO_NO_CHECK, &one, sizeof(one)), 0);
    Destination to(b->local());
    for (int turn = 0; turn < 2; ++turn) {
        for (int i = 0; i < 5; ++i) a->queue().send(to, packet(300, i));
        a->queue().flush();
        const auto got = receive(*b, 5);
        ASSERT_EQ(got.size(), 5u);
        for (int i = 0; i < 5; ++i) EXPECT_EQ(mark_of(got[static_cast<std::size_t>(i)]), i);
    }
    EXPECT_EQ(a->queue().counters().messages, 10u);
    EXPECT_EQ(a->queue().counters().packets, 10u);
    EXPECT_EQ(a->queue().counters().dropped, 0u);
}

TEST(SendQueue, AnUnreachableDestinationCostsTheOthersNothing) {
    const auto a = loopback();
    const auto b = loopback();
    // From a socket bound to loopback there is no way to an outside address (EINVAL or
    // ENETUNREACH), an IPv6 address does not fit an IPv4 socket, and one destination has no address
    // at all.
    std::array<Destination, 3> bad{Destination(*Address::parse("203.0.113.1:9")),
                                   Destination(*Address::parse("[2001:db8::1]:9")), Destination{}};
    Destination good(b->local());
    for (Destination& to : bad) {
        a->queue().send(to, packet(100, 1));
        a->queue().send(to, packet(100, 2));
        a->queue().send(good, packet(100, 3));
    }
    a->queue().flush();
    EXPECT_EQ(a->queue().counters().dropped, 6u);
    EXPECT_EQ(a->queue().counters().packets, 3u);
    EXPECT_EQ(receive(*b, 3).size(), 3u);
}

TEST(SendQueue, ForgetDropsOnlyThatDestinationsPackets) {
    const auto a = loopback();
    const auto b = loopback();
    Destination kept(b->local());
    {
        Destination dying(b->local());
        a->queue().send(dying, packet(100, 9));
        a->queue().send(kept, packet(100, 1));
        a->queue().forget(dying);
        a->queue().forget(dying);
    }
    a->queue().flush();
    const auto got = receive(*b, 1);
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(mark_of(got[0]), 1);
    EXPECT_EQ(a->queue().counters().packets, 1u);
    a->queue().send(kept, packet(100, 2));  // usable again after a flush
    a->queue().flush();
    EXPECT_EQ(mark_of(receive(*b, 1).at(0)), 2);
}

TEST(SendQueue, ASlotNotCommittedIsGivenOutAgain) {
    const auto a = loopback();
    const std::uint8_t* first = a->queue().slot().data();
    EXPECT_EQ(a->queue().slot().data(), first);
    EXPECT_EQ(a->queue().slot().size(), SendQueue::slot_size);
    Destination to(a->local());
    a->queue().commit(to, 1);
    EXPECT_NE(a->queue().slot().data(), first);
    a->queue().forget(to);
    a->queue().flush();
    EXPECT_EQ(a->queue().slot().data(), first);
    a->queue().send(to, Buffer(SendQueue::slot_size + 1));
    EXPECT_EQ(a->queue().counters().dropped, 1u);
}

}  // namespace
}  // namespace aula::net
