// SPDX-License-Identifier: Apache-2.0
#include "transport/peer_table.hpp"

#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace aula::transport {
namespace {

TEST(PeerTable, AgreesWithAMapOverRandomChanges) {
    PeerTable<int> table;
    std::map<int, int*> expected;
    std::vector<int> peers(5);
    std::mt19937 random(1);
    const auto address = [](int key) {
        const std::string ip =
            "10.0." + std::to_string(key / 250) + "." + std::to_string(key % 250);
        return *net::Address::of(ip, static_cast<std::uint16_t>(1000 + key % 7));
    };
    for (int step = 0; step < 20000; ++step) {
        const int key = static_cast<int>(random() % 700);
        int& peer = peers[random() % peers.size()];
        if (random() % 2 == 0) {
            table.set(address(key), peer);
            expected[key] = &peer;
        } else {
            table.erase(address(key), peer);
            const auto at = expected.find(key);
            if (at != expected.end() && at->second == &peer) expected.erase(at);
        }
        const int asked = static_cast<int>(random() % 700);
        const auto at = expected.find(asked);
        ASSERT_EQ(table.find(address(asked)), at == expected.end() ? nullptr : at->second);
        ASSERT_EQ(table.size(), expected.size());
    }
}

TEST(PeerTable, ErasesOnlyForTheOneWhoHoldsTheAddress) {
    PeerTable<int> table;
    int first = 0, second = 0;
    const auto address = *net::Address::parse("192.0.2.1:5");
    table.set(address, first);
    EXPECT_EQ(table.find(address), &first);
    table.set(address, second);
    table.erase(address, first);
    EXPECT_EQ(table.find(address), &second);
    table.erase(address, second);
    EXPECT_EQ(table.find(address), nullptr);
}

}  // namespace
}  // namespace aula::transport
