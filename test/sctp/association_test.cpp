// SPDX-License-Identifier: Apache-2.0
#include "sctp/association.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "pair.hpp"

namespace aula::sctp {
namespace {

Buffer pattern(std::size_t size) {
    Buffer bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
    return bytes;
}

TEST(Association, OpensChannelsFromBothSidesWithTheRightNumbers) {
    Pair pair;
    const auto reliable = pair.client.association.open_channel({"_reliable"});
    const auto lossy = pair.client.association.open_channel({"_lossy", false, false});
    const auto ours = pair.server.association.open_channel({"server"});
    EXPECT_EQ(reliable, 0);
    EXPECT_EQ(lossy, 2);
    EXPECT_EQ(ours, 1);
    ASSERT_TRUE(pair.run_until(
        [&] { return pair.server.opened.size() == 2 && pair.client.opened.size() == 1; }));
    EXPECT_EQ(pair.server.opened[0], std::make_pair(reliable, std::string("_reliable")));
    EXPECT_EQ(pair.server.opened[1], std::make_pair(lossy, std::string("_lossy")));
    EXPECT_EQ(pair.client.opened[0], std::make_pair(ours, std::string("server")));
}

TEST(Association, CarriesMessagesBothWaysAlsoOnTheOthersChannel) {
    Pair pair;
    const auto channel = pair.client.association.open_channel({"chat"});
    EXPECT_TRUE(pair.client.association.send(channel, false, bytes_of("hello")));
    pair.server.on_message = [&](std::uint16_t on) {
        pair.server.association.send(on, true, bytes_of("welcome"));
    };
    ASSERT_TRUE(pair.run_until([&] { return !pair.client.heard.empty(); }));
    ASSERT_EQ(pair.server.heard.size(), 1u);
    EXPECT_EQ(pair.server.heard[0].text(), "hello");
    EXPECT_FALSE(pair.server.heard[0].binary);
    EXPECT_EQ(pair.client.heard[0].text(), "welcome");
    EXPECT_TRUE(pair.client.heard[0].binary);
}

TEST(Association, CarriesEmptyAndTheLongestMessages) {
    Pair pair;
    const auto channel = pair.client.association.open_channel({"files"});
    const Buffer longest = pattern(Association::message_limit);
    EXPECT_TRUE(pair.client.association.send(channel, false, {}));
    EXPECT_TRUE(pair.client.association.send(channel, true, {}));
    EXPECT_TRUE(pair.client.association.send(channel, true, longest));
    EXPECT_FALSE(
        pair.client.association.send(channel, true, pattern(Association::message_limit + 1)));
    ASSERT_TRUE(pair.run_until([&] { return pair.server.heard.size() == 3; }));
    EXPECT_TRUE(pair.server.heard[0].bytes.empty());
    EXPECT_FALSE(pair.server.heard[0].binary);
    EXPECT_TRUE(pair.server.heard[1].bytes.empty());
    EXPECT_TRUE(pair.server.heard[1].binary);
    EXPECT_EQ(pair.server.heard[2].bytes, longest);
}

TEST(Association, KeepsOrderAndLosesNothingOnALossyWire) {
    Pair pair;
    int packets = 0;
    pair.lose = [&] { return ++packets % 7 == 0; };
    const auto channel = pair.client.association.open_channel({"ordered"});
    for (std::uint8_t i = 0; i < 100; ++i) {
        Buffer message = pattern(3000);
        message[0] = i;
        ASSERT_TRUE(pair.client.association.send(channel, true, message));
    }
    ASSERT_TRUE(pair.run_until([&] { return pair.server.heard.size() == 100; }, 300s));
    for (std::uint8_t i = 0; i < 100; ++i) EXPECT_EQ(pair.server.heard[i].bytes[0], i);
    EXPECT_TRUE(pair.run_until([&] { return pair.client.association.buffered() == 0; }));
}

TEST(Association, SendsNothingAgainOnAnUnreliableChannel) {
    Pair pair;
    const auto lossy = pair.client.association.open_channel({"lossy", false, false});
    ASSERT_TRUE(pair.run_until([&] { return !pair.server.opened.empty(); }));
    pair.run_until([] { return false; }, 1s);  // the acknowledgements
    pair.lose = [] { return true; };
    EXPECT_TRUE(pair.client.association.send(lossy, true, bytes_of("lost")));
    pair.exchange();
    pair.lose = [] { return false; };
    EXPECT_TRUE(pair.client.association.send(lossy, true, bytes_of("found")));
    ASSERT_TRUE(pair.run_until([&] { return !pair.server.heard.empty(); }));
    pair.run_until([] { return false; }, 10s);
    ASSERT_EQ(pair.server.heard.size(), 1u);
    EXPECT_EQ(pair.server.heard[0].text(), "found");
}

TEST(Association, UnorderedMessagesOvertakeALostOne) {
    Pair pair;
    const auto channel = pair.client.association.open_channel({"unordered", false, true});
    ASSERT_TRUE(pair.run_until([&] { return !pair.server.opened.empty(); }));
    pair.run_until([] { return false; }, 1s);
    pair.lose = [] { return true; };
    EXPECT_TRUE(pair.client.association.send(channel, true, bytes_of("first")));
    pair.exchange();
    pair.lose = [] { return false; };
    EXPECT_TRUE(pair.client.association.send(channel, true, bytes_of("second")));
    ASSERT_TRUE(pair.run_until([&] { return pair.server.heard.size() == 2; }));
    EXPECT_EQ(pair.server.heard[0].text(), "second");
    EXPECT_EQ(pair.server.heard[1].text(), "first");
}

TEST(Association, TheSendBufferIsBounded) {
    Pair pair;
    const auto channel = pair.client.association.open_channel({"flood"});
    ASSERT_TRUE(pair.run_until([&] { return !pair.server.opened.empty(); }));
    pair.lose = [] { return true; };
    const Buffer message = pattern(60000);
    int taken = 0;
    while (taken < 1000 && pair.client.association.send(channel, true, message)) ++taken;
    EXPECT_EQ(taken, static_cast<int>(Association::send_buffer / message.size()));
    EXPECT_LE(pair.client.association.buffered(), Association::send_buffer);
    EXPECT_GE(pair.client.association.buffered(), Association::send_buffer - message.size());
    pair.client.sent.clear();
    pair.lose = [] { return false; };
    EXPECT_TRUE(pair.run_until([&] { return pair.client.association.buffered() == 0; }));
    EXPECT_EQ(pair.server.heard.size(), static_cast<std::size_t>(taken));
}

TEST(Association, ChannelsAreBoundedAndCanBeUsedAgain) {
    Pair pair;
    std::vector<std::uint16_t> channels;
    for (;;) {
        const auto channel = pair.client.association.open_channel({"one of many"});
        if (channel == Association::no_channel) break;
        channels.push_back(channel);
    }
    EXPECT_EQ(channels.size(), Association::channel_limit / 2);
    ASSERT_TRUE(pair.run_until([&] { return pair.server.opened.size() == channels.size(); }));

    pair.client.association.close_channel(channels[3]);
    EXPECT_FALSE(pair.client.association.send(channels[3], false, bytes_of("late")));
    ASSERT_TRUE(pair.run_until([&] {
        return pair.client.closed_channels.size() == 1 && pair.server.closed_channels.size() == 1;
    }));
    EXPECT_EQ(pair.server.closed_channels[0], channels[3]);
    EXPECT_EQ(pair.client.association.open_channel({"again"}), channels[3]);
    ASSERT_TRUE(pair.run_until([&] { return pair.server.opened.size() == channels.size() + 1; }));
    EXPECT_EQ(pair.server.opened.back().second, "again");
    EXPECT_TRUE(pair.client.association.send(channels[3], false, bytes_of("works")));
    ASSERT_TRUE(pair.run_until([&] { return !pair.server.heard.empty(); }));
}

TEST(Association, SeveralChannelsCloseAtOnce) {
    Pair pair;
    for (int i = 0; i < 5; ++i) pair.client.association.open_channel({"short-lived"});
    ASSERT_TRUE(pair.run_until([&] { return pair.server.opened.size() == 5; }));
    for (std::uint16_t i = 0; i < 5; ++i) {
        pair.client.association.close_channel(static_cast<std::uint16_t>(2 * i));
    }
    EXPECT_TRUE(pair.run_until([&] {
        return pair.client.closed_channels.size() == 5 && pair.server.closed_channels.size() == 5;
    }));
}

TEST(Association, TellsThatThePeerClosed) {
    Pair pair;
    const auto channel = pair.client.association.open_channel({"chat"});
    ASSERT_TRUE(pair.run_until([&] { return !pair.server.opened.empty(); }));
    pair.client.association.close();
    EXPECT_FALSE(pair.client.association.send(channel, false, bytes_of("too late")));
    EXPECT_TRUE(pair.run_until([&] { return pair.server.closed; }));
    EXPECT_FALSE(pair.client.closed);
    EXPECT_FALSE(pair.server.association.send(channel, false, bytes_of("nobody")));
    EXPECT_EQ(pair.server.association.open_channel({"no"}), Association::no_channel);
}

TEST(Association, GivesUpWhenNobodyAnswers) {
    Pair pair;
    pair.lose = [] { return true; };
    EXPECT_TRUE(pair.run_until([&] { return pair.client.closed; }, 600s));
}

TEST(Association, AHandlerMayCloseIt) {
    Pair pair;
    pair.server.on_message = [&](std::uint16_t) { pair.server.association.close(); };
    const auto channel = pair.client.association.open_channel({"chat"});
    pair.client.association.send(channel, false, bytes_of("one"));
    pair.client.association.send(channel, false, bytes_of("two"));
    EXPECT_TRUE(pair.run_until([&] { return pair.client.closed; }));
    EXPECT_EQ(pair.server.heard.size(), 1u);
}

TEST(Association, CountsGarbage) {
    Pair pair;
    pair.client.association.open_channel({"chat"});
    ASSERT_TRUE(pair.run_until([&] { return !pair.server.opened.empty(); }));
    for (std::size_t size = 0; size < 12; ++size) {
        pair.server.association.receive(pattern(size), test_clock());
    }
    for (std::size_t size = 12; size < 200; ++size) {
        pair.server.association.receive(pattern(size), test_clock());
    }
    EXPECT_EQ(pair.server.association.counters().malformed, 12u);
    EXPECT_TRUE(pair.client.association.send(0, false, bytes_of("still here")));
    EXPECT_TRUE(pair.run_until([&] { return !pair.server.heard.empty(); }));
}

TEST(Association, AssociationsOfSeveralThreadsDoNotDisturbEachOther) {
    constexpr int rounds = 20;
    std::atomic<int> right = 0;
    const Time begin = test_clock();
    const auto lesson = [&] {
        for (int round = 0; round < rounds; ++round) {
            Endpoint client(Side::dtls_client), server(Side::dtls_server);
            const auto channel = client.association.open_channel({"chat"});
            client.association.send(channel, true, pattern(20000));
            Time now = begin;
            for (int step = 0; step < 5000 && server.heard.empty(); ++step) {
                now += Association::tick_period;
                for (auto [from, to] : {std::pair(&client, &server), std::pair(&server, &client)}) {
                    from->association.poll(now);
                    while (!from->sent.empty()) {
                        to->association.receive(from->sent.front(), now);
                        from->sent.pop_front();
                    }
                }
            }
            if (server.heard.size() == 1 && server.heard[0].bytes == pattern(20000)) ++right;
        }
    };
    std::thread other(lesson);
    lesson();
    other.join();
    test_clock() += 200s;
    EXPECT_EQ(right.load(), 2 * rounds);
}

}  // namespace
}  // namespace aula::sctp
