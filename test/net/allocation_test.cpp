// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>
#include <poll.h>

#include "net/udp_socket.hpp"

namespace {
std::atomic<std::size_t> allocations = 0;
}

// Counts what the whole test binary takes from the heap.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size != 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace aula::net {
namespace {

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
