// SPDX-License-Identifier: Apache-2.0
#include "dtls/connection.hpp"

#include <array>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "pair.hpp"

namespace aula::dtls {
namespace {

TEST(Connection, GivesBothEndsTheSameKeysCrosswise) {
    const auto pair = Pair::connected();
    ASSERT_TRUE(pair->both_connected());
    const auto& client = pair->client->keys[0];
    const auto& server = pair->server->keys[0];
    EXPECT_EQ(client.profile, 0x0007);
    EXPECT_EQ(server.profile, 0x0007);
    EXPECT_EQ(client.local_key.size(), 16u);
    EXPECT_EQ(client.local_salt.size(), 12u);
    EXPECT_EQ(client.local_key, server.remote_key);
    EXPECT_EQ(client.remote_key, server.local_key);
    EXPECT_EQ(client.local_salt, server.remote_salt);
    EXPECT_EQ(client.remote_salt, server.local_salt);
    EXPECT_NE(client.local_key, client.remote_key);
    EXPECT_FALSE(pair->client->connection.timeout());
    EXPECT_FALSE(pair->server->connection.timeout());
}

TEST(Connection, HasAnotherKeyEachTime) {
    EXPECT_NE(Pair::connected()->client->keys.at(0).local_key,
              Pair::connected()->client->keys.at(0).local_key);
}

TEST(Connection, KeepsEveryDatagramOfTheHandshakeWithinTheMtu) {
    const auto pair = Pair::trusting();
    std::size_t largest = 0;
    pair->client->connection.start();
    pair->run([&](const Buffer& datagram) {
        largest = std::max(largest, datagram.size());
        return true;
    });
    EXPECT_TRUE(pair->both_connected());
    EXPECT_LE(largest, 1200u);
}

TEST(Connection, CarriesMessagesBothWays) {
    const auto pair = Pair::connected();
    pair->client->connection.send(bytes_of("from the client"));
    pair->server->connection.send(bytes_of("from the server"));
    pair->server->connection.send(bytes_of("again"));
    pair->run();
    EXPECT_EQ(pair->server->messages, std::vector<std::string>{"from the client"});
    EXPECT_EQ(pair->client->messages, (std::vector<std::string>{"from the server", "again"}));
}

TEST(Connection, SendsMessagesUpToItsLimitAndDropsLongerOnes) {
    const auto pair = Pair::connected();
    pair->client->connection.send(Buffer(2049, 'x'));
    EXPECT_TRUE(pair->client->sent.empty());
    pair->client->connection.send({});
    pair->client->connection.send(Buffer(2048, 'y'));
    pair->run();
    EXPECT_EQ(pair->server->messages, std::vector<std::string>{std::string(2048, 'y')});
}

TEST(Connection, SendsNothingBeforeItIsConnected) {
    const auto pair = Pair::trusting();
    pair->client->connection.send(bytes_of("early"));
    pair->server->connection.send(bytes_of("early"));
    EXPECT_TRUE(pair->client->sent.empty());
    EXPECT_TRUE(pair->server->sent.empty());
    EXPECT_FALSE(pair->server->connection.timeout());
}

TEST(Connection, ClosesWithAnAlertWhenTheServersFingerprintIsWrong) {
    Pair pair(Identity().fingerprint(), Identity().fingerprint());
    pair.client->connection.start();
    pair.run();
    EXPECT_TRUE(pair.client->keys.empty());
    EXPECT_TRUE(pair.server->keys.empty());
    EXPECT_EQ(pair.client->closed, 1);
    EXPECT_EQ(pair.server->closed, 1);
}

TEST(Connection, ClosesWithAnAlertWhenTheClientsFingerprintIsWrong) {
    const auto pair = Pair::trusting();
    pair->server = std::make_unique<End>(pair->server_identity, Role::server,
                                         pair->server_identity.fingerprint());
    pair->client->connection.start();
    pair->run();
    EXPECT_TRUE(pair->client->keys.empty());
    EXPECT_TRUE(pair->server->keys.empty());
    EXPECT_EQ(pair->client->closed, 1);
    EXPECT_EQ(pair->server->closed, 1);
    EXPECT_FALSE(pair->server->connection.timeout());
}

TEST(Connection, TrustsNobodyWhenTheFingerprintIsUnreadable) {
    for (const std::string text : {"", "AB:CD", "nonsense"}) {
        Pair pair(text, text);
        pair.client->connection.start();
        pair.run();
        EXPECT_TRUE(pair.client->keys.empty());
        EXPECT_EQ(pair.client->closed, 1);
    }
}

TEST(Connection, ReadsFingerprintsInSmallLetters) {
    const auto pair = Pair::trusting();
    auto small = pair->server_identity.fingerprint();
    for (auto& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    pair->client = std::make_unique<End>(pair->client_identity, Role::client, small);
    pair->client->connection.start();
    pair->run();
    EXPECT_TRUE(pair->both_connected());
}

TEST(Connection, TellsThePeerThatItCloses) {
    const auto pair = Pair::connected();
    pair->server->connection.close();
    pair->run();
    EXPECT_EQ(pair->client->closed, 1);
    EXPECT_EQ(pair->server->closed, 0);
    pair->client->connection.close();
    pair->server->connection.close();
    pair->run();
    EXPECT_EQ(pair->client->closed, 1);
}

TEST(Connection, MayBeClosedInACallback) {
    const auto pair = Pair::connected();
    pair->server->on_message = [&] { pair->server->connection.close(); };
    pair->client->connection.send(bytes_of("one"));
    pair->client->connection.send(bytes_of("two"));
    pair->run();
    EXPECT_EQ(pair->server->messages, std::vector<std::string>{"one"});
    EXPECT_EQ(pair->client->closed, 1);
}

TEST(Connection, SurvivesTheLossOfAnyOneDatagram) {
    for (int lost = 1; lost <= 4; ++lost) {
        const auto pair = Pair::trusting();
        int count = 0;
        pair->client->connection.start();
        pair->run_with_timers([&](const Buffer&) { return ++count != lost; });
        EXPECT_TRUE(pair->both_connected()) << "the loss of " << lost;
        EXPECT_EQ(pair->client->closed + pair->server->closed, 0);
    }
}

TEST(Connection, SurvivesHeavyLoss) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
        const auto pair = Pair::trusting();
        std::mt19937 random(seed);
        pair->client->connection.start();
        pair->run_with_timers([&](const Buffer&) { return random() % 3 != 0; });
        EXPECT_TRUE(pair->both_connected()) << "seed " << seed;
        EXPECT_EQ(pair->client->closed + pair->server->closed, 0);
    }
}

TEST(Connection, GivesUpOnAPeerThatNeverAnswersOnlyAfterItsTimers) {
    const auto pair = Pair::trusting();
    pair->client->connection.start();
    EXPECT_TRUE(pair->client->connection.timeout());
    const auto sent = pair->client->sent.size();
    pair->client->connection.handle_timeout();  // too early: nothing happens
    EXPECT_EQ(pair->client->sent.size(), sent);
    EXPECT_EQ(pair->client->closed, 0);
}

TEST(Connection, EstablishedItIgnoresGarbageReplaysAndANewHello) {
    const auto pair = Pair::trusting();
    std::vector<Buffer> recorded;
    pair->client->connection.start();
    pair->run([&](const Buffer& datagram) {
        recorded.push_back(datagram);
        return true;
    });
    ASSERT_TRUE(pair->both_connected());
    Identity stranger_identity;
    End stranger(stranger_identity, Role::client, pair->server_identity.fingerprint());
    stranger.connection.start();
    recorded.push_back(stranger.sent.front());

    std::mt19937 random(7);
    for (const auto& datagram : recorded) {
        pair->server->connection.receive(datagram);
        pair->client->connection.receive(datagram);
        for (int i = 0; i < 50; ++i) {
            auto broken = datagram;
            broken[random() % broken.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
            broken.resize(1 + random() % broken.size());
            pair->server->connection.receive(broken);
            pair->client->connection.receive(broken);
        }
    }
    // A forged plain fatal alert (epoch 0) and one that claims our epoch.
    const Buffer alert = {21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40};
    Buffer sealed = alert;
    sealed[4] = 1;
    pair->server->connection.receive(alert);
    pair->server->connection.receive(sealed);
    pair->server->sent.clear();
    pair->client->sent.clear();

    pair->client->connection.send(bytes_of("still here"));
    pair->server->connection.send(bytes_of("so am I"));
    pair->run();
    EXPECT_EQ(pair->server->messages, std::vector<std::string>{"still here"});
    EXPECT_EQ(pair->client->messages, std::vector<std::string>{"so am I"});
    EXPECT_EQ(pair->server->closed + pair->client->closed, 0);
    EXPECT_TRUE(pair->both_connected());
}

TEST(Connection, GoesOnWithItsFirstClientWhenAnotherSaysHello) {
    const auto pair = Pair::trusting();
    const Identity stranger_identity;
    End stranger(stranger_identity, Role::client, pair->server_identity.fingerprint());
    stranger.connection.start();
    pair->client->connection.start();
    Pair::carry(*pair->client, *pair->server, [](const Buffer&) { return true; });
    ASSERT_FALSE(pair->server->sent.empty());
    pair->server->connection.receive(stranger.sent.front());
    pair->run();
    EXPECT_TRUE(pair->both_connected());
    EXPECT_EQ(pair->server->closed, 0);
}

TEST(Connection, ReadsTheRecordsBehindARepeatedHelloInOneDatagram) {
    const auto pair = Pair::trusting();
    const auto pass = [](const Buffer&) { return true; };
    pair->client->connection.start();
    Buffer repeated = pair->client->sent.front();
    repeated[10] = 40;  // a record of its own, as a timer would have made it
    Pair::carry(*pair->client, *pair->server, pass);
    Pair::carry(*pair->server, *pair->client, pass);
    ASSERT_EQ(pair->client->sent.size(), 1u);
    auto& flight = pair->client->sent.front();
    flight.insert(flight.begin(), repeated.begin(), repeated.end());
    pair->run();
    EXPECT_TRUE(pair->both_connected());
}

TEST(Identity, MayBeSharedByThreads) {
    const Identity identity;
    std::array<int, 3> connected{};
    std::vector<std::thread> threads;
    for (auto& count : connected) {
        threads.emplace_back([&identity, &count] {
            for (int i = 0; i < 10; ++i) {
                End client(identity, Role::client, identity.fingerprint());
                End server(identity, Role::server, identity.fingerprint());
                client.connection.start();
                while (!client.sent.empty() || !server.sent.empty()) {
                    Pair::carry(client, server, [](const Buffer&) { return true; });
                    Pair::carry(server, client, [](const Buffer&) { return true; });
                }
                count += static_cast<int>(client.keys.size() + server.keys.size());
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(connected, (std::array<int, 3>{20, 20, 20}));
}

TEST(Connection, DeliversAReplayedMessageOnce) {
    const auto pair = Pair::connected();
    pair->client->connection.send(bytes_of("once"));
    const Buffer datagram = pair->client->sent.front();
    pair->server->connection.receive(datagram);
    pair->server->connection.receive(datagram);
    EXPECT_EQ(pair->server->messages, std::vector<std::string>{"once"});
}

TEST(Connection, EndsAHandshakeThatFloods) {
    const auto pair = Pair::trusting();
    const Buffer garbage(100, 22);
    for (int i = 0; i < 10'000; ++i) pair->server->connection.receive(garbage);
    EXPECT_EQ(pair->server->closed, 1);
    EXPECT_LT(pair->server->sent.size(), 10u);
}

TEST(Connection, DropsWhatIsNoDtlsBeforeAndAfterTheHandshake) {
    const auto pair = Pair::trusting();
    const auto junk = [&] {
        for (const auto size : {0u, 1u, 12u, 13u, 100u, 1500u, 65000u}) {
            for (const int first : {0, 19, 64, 128, 255}) {
                Buffer datagram(size, 0x55);
                if (size > 0) datagram[0] = static_cast<std::uint8_t>(first);
                pair->server->connection.receive(datagram);
            }
        }
        pair->server->connection.receive(Buffer(60000, 22));
    };
    junk();
    pair->client->connection.start();
    pair->run();
    junk();
    EXPECT_TRUE(pair->both_connected());
    EXPECT_EQ(pair->server->closed, 0);
}

}  // namespace
}  // namespace aula::dtls
