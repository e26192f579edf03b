// SPDX-License-Identifier: Apache-2.0
#include "ice/controlling_agent.hpp"

#include <gtest/gtest.h>

#include "ice/lite_agent.hpp"
#include "ice/stun_writer.hpp"
#include "wire.hpp"

namespace aula::ice {
namespace {

const Time start{};

/// A client and a lite server joined by a wire that may lose things, on a virtual clock.
struct Pair {
    Endpoint<ControllingAgent> client{*net::Address::parse("198.51.100.4:5000"), start};
    Endpoint<LiteAgent> server{*net::Address::parse("192.0.2.1:7882"), start};
    Time now = start;
    bool connected = true;
    int requests = 0;

    Pair() {
        client.agent.set_remote(server.agent.local(), now);
        server.agent.set_remote(client.agent.local(), now);
    }

    void exchange() {
        client.agent.poll(now);
        while (!client.sent.empty()) {
            const auto [to, message] = client.sent.front();
            client.sent.pop_front();
            ++requests;
            if (!connected || !(to.remote == server.address)) continue;
            server.receive(message, {client.address, to.connection}, now);
            while (!server.sent.empty()) {
                client.receive(server.sent.front().second, to, now);
                server.sent.pop_front();
            }
        }
    }

    void run_until(Time end) {
        exchange();
        while (client.agent.next_poll() < end) {
            now = std::max(now, client.agent.next_poll());
            if (client.agent.consent_expired(now)) return;
            exchange();
        }
        now = end;
    }
};

TEST(ControllingAgent, NominatesTheFirstCandidateThatAnswers) {
    Pair pair;
    pair.client.agent.add_remote(path("203.0.113.77:9"), start);  // nobody there
    pair.client.agent.add_remote({pair.server.address, 0}, start);
    pair.run_until(start + 1s);
    ASSERT_TRUE(pair.client.agent.selected());
    EXPECT_EQ(pair.client.agent.selected()->remote, pair.server.address);
    EXPECT_EQ(pair.server.agent.selected(), (Path{pair.client.address, 0}));
    EXPECT_EQ(pair.client.selections, 1);
}

TEST(ControllingAgent, RetransmitsUntilTheServerIsThere) {
    Pair pair;
    pair.connected = false;
    pair.client.agent.add_remote({pair.server.address, 0}, start);
    pair.run_until(start + 5s);
    EXPECT_EQ(pair.requests, 4);  // at 0, 0.5, 1.5 and 3.5 s
    EXPECT_FALSE(pair.client.agent.selected());
    pair.connected = true;
    pair.run_until(start + 10s);
    EXPECT_TRUE(pair.client.agent.selected());
}

TEST(ControllingAgent, KeepsConsentAliveAndNoticesItsEnd) {
    Pair pair;
    pair.client.agent.add_remote({pair.server.address, 0}, start);
    pair.run_until(start + 120s);
    EXPECT_FALSE(pair.client.agent.consent_expired(pair.now));
    EXPECT_FALSE(pair.server.agent.consent_expired(pair.now));
    EXPECT_LT(pair.requests, 40);
    pair.connected = false;
    pair.run_until(start + 180s);
    EXPECT_TRUE(pair.client.agent.consent_expired(pair.now));
    EXPECT_LT(pair.now, start + 151s);
    EXPECT_TRUE(pair.server.agent.consent_expired(pair.now + 6s));
}

TEST(ControllingAgent, SurvivesAnIceRestartOnTheSamePath) {
    Pair pair;
    pair.client.agent.add_remote({pair.server.address, 0}, start);
    pair.run_until(start + 1s);
    const std::string old = pair.server.agent.local().ufrag;
    pair.server.agent.restart();
    pair.client.agent.restart();
    pair.client.agent.set_remote(pair.server.agent.local(), pair.now);
    EXPECT_TRUE(pair.client.agent.selected());
    pair.run_until(start + 2s);
    ASSERT_EQ(pair.server.retired.size(), 1u);
    EXPECT_EQ(pair.server.retired[0], old);
    pair.run_until(start + 60s);
    EXPECT_FALSE(pair.client.agent.consent_expired(pair.now));
}

TEST(ControllingAgent, BelievesNoResponseSignedWithAnotherPassword) {
    Pair pair;
    pair.client.agent.set_remote({pair.server.agent.local().ufrag, "another"}, start);
    pair.client.agent.add_remote({pair.server.address, 0}, start);
    pair.run_until(start + 5s);  // the server answers 401
    EXPECT_FALSE(pair.client.agent.selected());
    EXPECT_TRUE(pair.server.validated.empty());

    pair.client.agent.poll(start + 20s);
    ASSERT_FALSE(pair.client.sent.empty());
    const auto request = StunMessage::parse(pair.client.sent.front().second);
    StunWriter forged(StunClass::success, request->transaction());
    const Bytes reply = forged.finish("guess");
    EXPECT_EQ(pair.client.receive(reply, {pair.server.address, 0}, start + 20s), Verdict::refused);
    EXPECT_FALSE(pair.client.agent.selected());
}

TEST(ControllingAgent, StartsAgainWhenTheChosenConnectionCloses) {
    Pair pair;
    const Path tcp{pair.server.address, 4}, udp{pair.server.address, 0};
    pair.client.agent.add_remote(tcp, start);
    pair.run_until(start + 1s);
    EXPECT_EQ(pair.client.agent.selected(), tcp);
    pair.client.agent.add_remote(udp, pair.now);
    pair.run_until(start + 2s);
    pair.client.agent.forget(tcp, pair.now);
    EXPECT_FALSE(pair.client.agent.selected());
    pair.run_until(start + 3s);
    EXPECT_EQ(pair.client.agent.selected(), udp);
}

}  // namespace
}  // namespace aula::ice
