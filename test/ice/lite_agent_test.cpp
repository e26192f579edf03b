// SPDX-License-Identifier: Apache-2.0
#include "ice/lite_agent.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "ice/stun_writer.hpp"
#include "wire.hpp"

namespace aula::ice {
namespace {

const Time start{};

struct Server : Endpoint<LiteAgent> {
    Server() : Endpoint(*net::Address::parse("192.0.2.1:7882")) {}

    Verdict check(const Path& from, bool nominate, const Credentials& credentials,
                  Time now = start) {
        StunWriter writer(StunClass::request, {7});
        writer.username(credentials.ufrag + ":them");
        writer.priority(1);
        writer.ice_controlling(1);
        if (nominate) writer.use_candidate();
        return receive(writer.finish(credentials.password), from, now);
    }
    Verdict check(const Path& from, bool nominate, Time now = start) {
        return check(from, nominate, agent.local(), now);
    }
    /// The error code of the last reply, 0 for a success.
    int last_reply() {
        const auto message = StunMessage::parse(sent.back().second);
        return message ? message->error_code().value_or(0) : -1;
    }
};

Buffer signed_request_with_unknown_attribute(const Credentials& credentials) {
    const std::string name = credentials.ufrag + ":abc";
    Buffer message = *from_hex(
        "000100002112a442000000000000000000000000"
        "00170000"
        "0006");
    message.insert(message.end(), {0, static_cast<std::uint8_t>(name.size())});
    message.insert(message.end(), name.begin(), name.end());
    store16(message.data() + 2, static_cast<std::uint16_t>(message.size() - 20 + 24));
    const Buffer tag =
        crypto::hmac(crypto::HashKind::sha1, bytes_of(credentials.password), message);
    message.insert(message.end(), {0x00, 0x08, 0x00, 0x14});
    message.insert(message.end(), tag.begin(), tag.end());
    return message;
}

TEST(LiteAgent, AnswersACheckWithTheAddressItSaw) {
    Server server;
    EXPECT_EQ(server.check(path("198.51.100.4:5000"), false), Verdict::accepted);
    ASSERT_EQ(server.sent.size(), 1u);
    const auto reply = StunMessage::parse(server.sent[0].second);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->message_class(), StunClass::success);
    EXPECT_EQ(reply->mapped_address()->text(), "198.51.100.4:5000");
    EXPECT_TRUE(reply->is_signed_with(server.agent.local().password));
    EXPECT_FALSE(server.agent.selected());
    EXPECT_EQ(server.validated.size(), 1u);
}

TEST(LiteAgent, TheLatestNominationWins) {
    Server server;
    server.check(path("198.51.100.4:5000"), true);
    EXPECT_EQ(server.agent.selected(), path("198.51.100.4:5000"));
    server.check(path("198.51.100.4:6000"), false);
    EXPECT_EQ(server.agent.selected(), path("198.51.100.4:5000"));
    server.check(path("198.51.100.4:6000"), true);
    EXPECT_EQ(server.agent.selected(), path("198.51.100.4:6000"));
    EXPECT_EQ(server.selections, 2);
}

TEST(LiteAgent, MediaDecidesOnceTheNominatedPathStaysSilent) {
    Server server;
    const Path first = path("198.51.100.4:5000"), second = path("198.51.100.4:6000");
    server.check(first, true);
    server.check(second, true);
    // Under way when the peer changed its mind, or the sign that it did not.
    EXPECT_TRUE(server.agent.heard(first, start + 100ms));
    EXPECT_EQ(server.agent.selected(), second);
    EXPECT_TRUE(server.agent.heard(first, start + Agent::quiet_time));
    EXPECT_EQ(server.agent.selected(), first);
    EXPECT_FALSE(server.agent.heard(path("203.0.113.1:1"), start + 10s));
    EXPECT_EQ(server.agent.selected(), first);
}

TEST(LiteAgent, MediaOnTheSelectedPathKeepsIt) {
    Server server;
    const Path first = path("198.51.100.4:5000"), second = path("198.51.100.4:6000");
    server.check(first, true);
    server.check(second, false);
    for (auto at = start; at < start + 3s; at += 100ms) {
        EXPECT_TRUE(server.agent.heard(first, at));
        EXPECT_TRUE(server.agent.heard(second, at + 50ms));
        EXPECT_EQ(server.agent.selected(), first);
    }
}

TEST(LiteAgent, MediaBeforeTheNominationSelectsAValidatedPathOnly) {
    Server server;
    EXPECT_FALSE(server.agent.heard(path("198.51.100.4:5000"), start));
    EXPECT_FALSE(server.agent.selected());
    server.check(path("198.51.100.4:5000"), false);
    EXPECT_TRUE(server.agent.heard(path("198.51.100.4:5000"), start));
    EXPECT_EQ(server.agent.selected(), path("198.51.100.4:5000"));
}

TEST(LiteAgent, RefusesWithoutTellingNameFromPassword) {
    Server server;
    const Credentials& right = server.agent.local();
    EXPECT_EQ(server.check(path("198.51.100.4:5000"), true, {right.ufrag, "wrong"}),
              Verdict::refused);
    const Buffer wrong_password = server.sent.back().second;
    EXPECT_EQ(server.last_reply(), 401);
    EXPECT_EQ(server.check(path("198.51.100.4:5000"), true, {"nobody", "wrong"}), Verdict::refused);
    EXPECT_EQ(hex(server.sent.back().second), hex(wrong_password));
    EXPECT_TRUE(server.validated.empty());

    StunWriter bare(StunClass::request, {7});
    EXPECT_EQ(server.receive(bare.finish({}), path("198.51.100.4:5000"), start), Verdict::refused);
    EXPECT_EQ(server.last_reply(), 400);
    StunWriter nameless(StunClass::request, {7});
    EXPECT_EQ(server.receive(nameless.finish(right.password), path("198.51.100.4:5000"), start),
              Verdict::refused);
    EXPECT_EQ(server.last_reply(), 400);
    EXPECT_FALSE(server.agent.selected());
}

TEST(LiteAgent, RefusesUnknownAttributesAndTheWrongRole) {
    Server server;
    StunWriter controlled(StunClass::request, {7});
    controlled.username(server.agent.local().ufrag + ":them");
    controlled.ice_controlled(1);
    EXPECT_EQ(server.receive(controlled.finish(server.agent.local().password),
                             path("198.51.100.4:5000"), start),
              Verdict::refused);
    EXPECT_EQ(server.last_reply(), 487);

    const Buffer strange = signed_request_with_unknown_attribute(server.agent.local());
    EXPECT_EQ(server.receive(strange, path("198.51.100.4:5000"), start), Verdict::refused);
    EXPECT_EQ(server.last_reply(), 420);
    EXPECT_TRUE(StunMessage::parse(server.sent.back().second)
                    ->is_signed_with(server.agent.local().password));
}

TEST(LiteAgent, IgnoresResponsesAndIndications) {
    Server server;
    for (const StunClass kind : {StunClass::indication, StunClass::success, StunClass::error}) {
        StunWriter writer(kind, {7});
        writer.username(server.agent.local().ufrag + ":them");
        EXPECT_EQ(server.receive(writer.finish(server.agent.local().password),
                                 path("198.51.100.4:5000"), start),
                  Verdict::ignored);
    }
    EXPECT_TRUE(server.sent.empty());
}

TEST(LiteAgent, ConsentEndsThirtySecondsAfterTheLastGoodCheck) {
    Server server;
    EXPECT_EQ(server.agent.next_poll(), start + 30s);
    server.check(path("198.51.100.4:5000"), true, start + 20s);
    server.check(path("198.51.100.4:5000"), true, {server.agent.local().ufrag, "wrong"},
                 start + 45s);
    EXPECT_FALSE(server.agent.consent_expired(start + 50s - 1ms));
    EXPECT_TRUE(server.agent.consent_expired(start + 50s));
}

TEST(LiteAgent, OldCredentialsLiveUntilTheNewAreUsed) {
    Server server;
    const Credentials old = server.agent.local();
    server.check(path("198.51.100.4:5000"), true);
    server.agent.restart();
    EXPECT_NE(server.agent.local().ufrag, old.ufrag);
    EXPECT_EQ(server.check(path("198.51.100.4:5000"), true, old), Verdict::accepted);
    server.agent.restart();  // a second offer before the first was used: the ones in use stay
    ASSERT_EQ(server.retired.size(), 1u);
    EXPECT_EQ(server.check(path("198.51.100.4:5000"), true, old), Verdict::accepted);
    EXPECT_EQ(server.check(path("198.51.100.4:5000"), true), Verdict::accepted);
    EXPECT_EQ(server.retired.back(), old.ufrag);
    EXPECT_EQ(server.check(path("198.51.100.4:5000"), true, old), Verdict::refused);
}

TEST(LiteAgent, RemembersFewPathsAndNeverDropsTheSelectedOne) {
    Server server;
    const Path selected = path("198.51.100.4:1");
    server.check(selected, true);
    for (int i = 2; i < 100; ++i) {
        server.check(path(("198.51.100.4:" + std::to_string(i)).c_str()), false, start + i * 1ms);
    }
    EXPECT_EQ(server.validated.size() - server.forgotten.size(), Agent::path_limit);
    EXPECT_EQ(server.agent.selected(), selected);
    EXPECT_TRUE(server.agent.heard(selected, start));
    EXPECT_FALSE(server.agent.heard(path("198.51.100.4:2"), start));
}

TEST(LiteAgent, FallsBackToAnotherNominatedPathWhenOneIsGone) {
    Server server;
    const Path udp = path("198.51.100.4:5000");
    const Path tcp{*net::Address::parse("198.51.100.4:5000"), 3};
    server.check(udp, true);
    server.check(tcp, true);
    EXPECT_EQ(server.agent.selected(), tcp);
    server.agent.forget(tcp, start);
    EXPECT_EQ(server.agent.selected(), udp);
    server.agent.forget(udp, start);
    EXPECT_FALSE(server.agent.selected());
}

}  // namespace
}  // namespace aula::ice
