// SPDX-License-Identifier: Apache-2.0

#include <gtest/gtest.h>

#include "../common/counted_allocations.hpp"
#include "endpoints.hpp"

namespace aula::transport {
namespace {

using aula::test::allocations;

TEST(Transport, AllocatesNothingForAMediaPacket) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect());
    send_packet(*ends.client.transport, 0, 100);
    ASSERT_TRUE(ends.loop.until([&] { return ends.server.rtp.size() == 1; }));

    const Buffer payload(900, 1);
    const std::size_t before = allocations;
    for (std::uint16_t i = 1; i <= 100; ++i) {
        const MutableBytes slot = ends.client.transport->rtp_slot();
        slot[0] = 0x80;
        slot[1] = 96;
        store16(slot.data() + 2, i);
        store32(slot.data() + 4, 1000);
        store32(slot.data() + 8, 0x11223344);
        EXPECT_GT(ends.client.transport->send_rtp(12, payload), 912u);
    }
    EXPECT_EQ(allocations - before, 0u);

    // What lies between two packets of a batch is the way in of the second.
    ends.server.rtp.reserve(1000);
    std::vector<std::uint64_t> counts;
    counts.reserve(1000);
    ends.server.when_rtp = [&] { counts.push_back(allocations); };
    ASSERT_TRUE(ends.loop.until([&] { return counts.size() == 100; }));
    std::size_t free_of_allocations = 0;
    for (std::size_t i = 1; i < counts.size(); ++i) {
        if (counts[i] - counts[i - 1] == 1) ++free_of_allocations;  // the test's own copy
    }
    EXPECT_GT(free_of_allocations, 90u);  // the rest are turns of the loop
}

}  // namespace
}  // namespace aula::transport
