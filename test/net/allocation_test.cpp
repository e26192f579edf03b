// SPDX-License-Identifier: Apache-2.0

#include <gtest/gtest.h>
#include <poll.h>

#include "../common/counted_allocations.hpp"
#include "net/udp_socket.hpp"

namespace aula::net {
namespace {

using aula::test::allocations;

TEST(UdpSocket, SendsAndReceivesBurstsWithoutTheHeap) {
    const auto a = *UdpSocket::open(*Address::of("127.0.0.1", 0));
    const auto b = *UdpSocket::open(*Address::of("127.0.0.1", 0));
    Destination to(b->local());
    std::size_t received = 0;
    const std::function<void(MutableBytes, const Address&)> count =
        [&received](MutableBytes, const Address&) { ++received; };
    const std::size_t before = allocations;
    for (int turn = 0; turn < 50; ++turn) {
        for (std::size_t i = 0; i < 20; ++i) {
            a->queue().slot()[0] = 1;
            a->queue().commit(to, i % 7 == 0 ? 300 : 1200);
        }
        a->queue().flush();
        pollfd readable{b->fd(), POLLIN, 0};
        ASSERT_EQ(poll(&readable, 1, 5000), 1);
        while (b->receive(count)) continue;
    }
    EXPECT_EQ(allocations - before, 0u);
    EXPECT_EQ(received, 1000u);
}

}  // namespace
}  // namespace aula::net
