// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <gtest/gtest.h>

#include "../common/run_until.hpp"
#include "control/frame.hpp"
#include "control/hub_links.hpp"
#include "control/node_link.hpp"
#include "net/tcp.hpp"

using namespace aula;
using namespace aula::control;
using aula::test::run_until;

namespace {

const net::Address any_port = *net::Address::parse("127.0.0.1:0");

struct HubEnd {
    HubEnd(net::Loop& l, net::Address local = any_port) : loop(l) { open(local); }

    void open(net::Address local) {
        HubLinks::Handlers handlers;
        handlers.make_welcome = [](const std::string&) {
            Welcome welcome;
            (*welcome.mutable_livekit_keys())["key"] = "secret";
            return welcome;
        };
        handlers.on_node_up = [this](const std::string& node, const Hello& hello) {
            up.emplace_back(node, hello);
        };
        handlers.on_node_down = [this](const std::string& node) { down.push_back(node); };
        handlers.on_message = [this](const std::string& node, const ToHub& message) {
            messages.emplace_back(node, message);
        };
        links = HubLinks::open(loop, local, authority.certificate_pem,
                               *crypto::issue(authority, "hub", "127.0.0.1"), std::move(handlers))
                    .value();
    }
    NodeLinkOptions invite(const std::string& name) {
        return {links->local().text(), authority.certificate_pem, *crypto::issue(authority, name)};
    }

    net::Loop& loop;
    crypto::Certificate authority = crypto::make_authority("aula test");
    std::unique_ptr<HubLinks> links;
    std::vector<std::pair<std::string, Hello>> up;
    std::vector<std::string> down;
    std::vector<std::pair<std::string, ToHub>> messages;
};

struct NodeEnd {
    NodeEnd(net::Loop& loop, NodeLinkOptions options) {
        NodeLink::Handlers handlers;
        handlers.make_hello = [this] {
            Hello hello;
            hello.set_version("test");
            for (const auto& room : rooms) hello.add_open_rooms(room);
            return hello;
        };
        handlers.on_welcome = [this](const Welcome& welcome) { welcomes.push_back(welcome); };
        handlers.on_open_room = [this](const OpenRoom& open) { rooms.push_back(open.room()); };
        handlers.on_close_room = [](const CloseRoom&) {};
        handlers.on_open_stream = [this](const OpenStream& open) {
            opened.push_back(open);
            if (accept) link->accept_stream(open.stream());
        };
        handlers.on_stream_message = [this](std::uint32_t stream, bool, Bytes message) {
            received[stream].emplace_back(text_of(message));
            if (echo) link->send_stream(stream, true, message);
        };
        handlers.on_stream_closed = [this](std::uint32_t stream, std::uint32_t code) {
            closed[stream] = code;
        };
        handlers.on_events_stored = [this](const EventsStored& e) { stored.push_back(e); };
        handlers.on_drain = [this] { drained = true; };
        handlers.on_down = [this] { ++downs; };
        link = std::make_unique<NodeLink>(loop, std::move(options), std::move(handlers));
    }

    std::unique_ptr<NodeLink> link;
    bool accept = true, echo = false, drained = false;
    int downs = 0;
    std::vector<Welcome> welcomes;
    std::vector<std::string> rooms;
    std::vector<OpenStream> opened;
    std::map<std::uint32_t, std::vector<std::string>> received;
    std::map<std::uint32_t, std::uint32_t> closed;
    std::vector<EventsStored> stored;
};

/// What the hub's side of one stream saw.
struct Seen {
    HubLinks::StreamHandlers handlers() {
        return {.on_accepted = [this] { accepted = true; },
                .on_answered = [this](const StreamAnswered& a) { answer = a; },
                .on_message =
                    [this](bool, Bytes m) {
                        messages.emplace_back(text_of(m));
                        bytes += m.size();
                    },
                .on_closed = [this](std::uint32_t c, const std::string&) { code = c; }};
    }
    bool accepted = false;
    std::optional<StreamAnswered> answer;
    std::vector<std::string> messages;
    std::size_t bytes = 0;
    std::optional<std::uint32_t> code;
};

OpenStream web_socket(const std::string& path) {
    OpenStream open;
    open.set_path(path);
    (*open.mutable_headers())["user-agent"] = "test";
    return open;
}

struct LinkTest : testing::Test {
    void SetUp() override {
        ASSERT_TRUE(run_until(loop, [&] { return !hub.up.empty() && node.link->is_up(); }));
    }
    net::Loop loop;
    HubEnd hub{loop};
    NodeEnd node{loop, hub.invite("node-1")};
};

}  // namespace

TEST_F(LinkTest, TheNodeIsKnownByItsCertificateAndWelcomed) {
    EXPECT_EQ(hub.up[0].first, "node-1");
    EXPECT_EQ(hub.up[0].second.version(), "test");
    EXPECT_TRUE(hub.links->is_up("node-1"));
    ASSERT_EQ(node.welcomes.size(), 1u);
    EXPECT_EQ(node.welcomes[0].livekit_keys().at("key"), "secret");

    ToHub report;
    report.mutable_load_report()->set_cpu(0.5);
    node.link->send(report);
    ToNode drain;
    drain.mutable_drain();
    hub.links->send("node-1", drain);
    ASSERT_TRUE(run_until(loop, [&] { return node.drained && !hub.messages.empty(); }));
    EXPECT_EQ(hub.messages[0].second.load_report().cpu(), 0.5);
}

TEST_F(LinkTest, AStreamCarriesMessagesBothWaysAndEndsWithItsCode) {
    node.echo = true;
    Seen seen;
    const auto stream = hub.links->open_stream("node-1", web_socket("/rtc"), seen.handlers());
    ASSERT_NE(stream, 0u);
    EXPECT_TRUE(hub.links->send_stream("node-1", stream, true, bytes_of("one")));
    hub.links->send_stream("node-1", stream, true, bytes_of("two"));
    ASSERT_TRUE(run_until(loop, [&] { return seen.messages.size() == 2; }));
    EXPECT_TRUE(seen.accepted);
    EXPECT_EQ(seen.messages, (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(node.opened[0].path(), "/rtc");
    EXPECT_EQ(node.opened[0].headers().at("user-agent"), "test");

    node.link->send_stream(stream, true, bytes_of("last"));
    node.link->close_stream(stream, 4001, "over");
    ASSERT_TRUE(run_until(loop, [&] { return seen.code.has_value(); }));
    EXPECT_EQ(seen.messages.back(), "last");
    EXPECT_EQ(*seen.code, 4001u);

    Seen other;
    const auto second = hub.links->open_stream("node-1", web_socket("/rtc"), other.handlers());
    hub.links->close_stream("node-1", second, 1001, "gone");
    ASSERT_TRUE(run_until(loop, [&] { return node.closed.contains(second); }));
    EXPECT_EQ(node.closed[second], 1001u);
    EXPECT_FALSE(other.code) << "who closes is not told";
}

TEST_F(LinkTest, ARequestIsAnswered) {
    node.accept = false;
    Seen seen;
    const auto stream = hub.links->open_stream("node-1", web_socket("/twirp"), seen.handlers());
    ASSERT_TRUE(run_until(loop, [&] { return !node.opened.empty(); }));
    node.link->answer_stream(stream, 404, "{}", "application/json");
    ASSERT_TRUE(run_until(loop, [&] { return seen.answer.has_value(); }));
    EXPECT_EQ(seen.answer->status(), 404u);
    EXPECT_EQ(seen.answer->headers().at("content-type"), "application/json");
    EXPECT_FALSE(seen.code);
}

TEST_F(LinkTest, ASlowClientStopsNobodyElse) {
    Seen slow, fast;
    const auto slow_stream = hub.links->open_stream("node-1", web_socket("/slow"), slow.handlers());
    const auto fast_stream = hub.links->open_stream("node-1", web_socket("/fast"), fast.handlers());
    ASSERT_TRUE(run_until(loop, [&] { return slow.accepted && fast.accepted; }));
    const std::string block(10'000, 'b');
    for (int i = 0; i < 200; ++i)
        ASSERT_TRUE(node.link->send_stream(slow_stream, true, bytes_of(block)));
    std::size_t granted = 0;
    for (int i = 0; i < 200; ++i)
        ASSERT_TRUE(node.link->send_stream(fast_stream, true, bytes_of(block)));
    ASSERT_TRUE(run_until(loop, [&] {
        hub.links->grant("node-1", fast_stream, fast.bytes - granted);
        granted = fast.bytes;
        return fast.messages.size() == 200;
    }));
    EXPECT_LE(slow.bytes, 262144 + block.size());
    EXPECT_GE(slow.bytes, 262144u);

    granted = 0;
    ASSERT_TRUE(run_until(loop, [&] {
        hub.links->grant("node-1", slow_stream, slow.bytes - granted);
        granted = slow.bytes;
        return slow.messages.size() == 200;
    }));
}

TEST_F(LinkTest, AClientThatTakesNothingIsGivenUpAfterEightMebibytes) {
    Seen seen;
    const auto stream = hub.links->open_stream("node-1", web_socket("/slow"), seen.handlers());
    ASSERT_TRUE(run_until(loop, [&] { return seen.accepted; }));
    const std::string block(1 << 20, 'b');
    int taken = 0;
    while (taken < 20 && node.link->send_stream(stream, true, bytes_of(block))) ++taken;
    EXPECT_GE(taken, 8);
    EXPECT_LT(taken, 12);
    ASSERT_TRUE(run_until(loop, [&] { return seen.code.has_value(); }));
    EXPECT_EQ(*seen.code, 1013u);
}

TEST_F(LinkTest, TheHubStopsReadingAClientWhenTheNodesCreditIsUsedUp) {
    Seen seen;
    const auto stream = hub.links->open_stream("node-1", web_socket("/rtc"), seen.handlers());
    const Buffer block(100'000, 7);
    int sent = 1;
    while (hub.links->send_stream("node-1", stream, true, block)) ++sent;
    EXPECT_EQ(sent, 3);
    bool writable = false;
    hub.links->on_stream_writable("node-1", stream, [&] { writable = true; });
    ASSERT_TRUE(run_until(loop, [&] { return writable; }));
    EXPECT_TRUE(hub.links->send_stream("node-1", stream, true, bytes_of("more")));
    ASSERT_TRUE(run_until(loop, [&] { return node.received[stream].size() == 4; }));
}

TEST_F(LinkTest, AfterALostLinkTheNodeDialsAgainAndSendsUnstoredEvents) {
    Seen seen;
    const auto stream = hub.links->open_stream("node-1", web_socket("/rtc"), seen.handlers());
    ASSERT_TRUE(run_until(loop, [&] { return seen.accepted; }));
    ToHub events;
    events.mutable_lesson_events()->set_room("room");
    events.mutable_lesson_events()->set_first_sequence(1);
    events.mutable_lesson_events()->add_events("{}");
    node.link->send(events);
    ASSERT_TRUE(run_until(loop, [&] { return hub.messages.size() == 1; }));

    const net::Address where = hub.links->local();
    hub.links.reset();
    ASSERT_TRUE(run_until(loop, [&] { return node.downs == 1; }));
    EXPECT_EQ(node.closed[stream], 1012u);
    EXPECT_FALSE(node.link->is_up());
    events.mutable_lesson_events()->set_first_sequence(2);
    node.link->send(events);
    node.rooms = {"room"};

    hub.open(where);
    ASSERT_TRUE(run_until(loop, [&] { return hub.messages.size() == 3; }));
    EXPECT_EQ(hub.up.back().second.open_rooms(0), "room");
    EXPECT_EQ(hub.messages[1].second.lesson_events().first_sequence(), 1u);
    EXPECT_EQ(hub.messages[2].second.lesson_events().first_sequence(), 2u);

    ToNode stored;
    stored.mutable_events_stored()->set_room("room");
    stored.mutable_events_stored()->set_sequence(2);
    hub.links->send("node-1", stored);
    ASSERT_TRUE(run_until(loop, [&] { return node.stored.size() == 1; }));
}

TEST_F(LinkTest, ANodeThatDialsAgainReplacesItsOlderLink) {
    Seen seen;
    hub.links->open_stream("node-1", web_socket("/rtc"), seen.handlers());
    NodeEnd twin(loop, hub.invite("node-1"));
    ASSERT_TRUE(run_until(loop, [&] { return hub.up.size() >= 2; }));
    EXPECT_EQ(hub.down.at(0), "node-1");
    EXPECT_EQ(seen.code, 1012u);
    EXPECT_GE(hub.links->counters().replaced, 1u);
}

TEST_F(LinkTest, StoppingTheNodeSendsWhatItSaidBefore) {
    ToHub closed;
    closed.mutable_room_closed()->set_room("room");
    node.link->send(closed);
    node.link->stop();
    ASSERT_TRUE(run_until(loop, [&] { return hub.down.size() == 1; }));
    ASSERT_EQ(hub.messages.size(), 1u);
    EXPECT_EQ(hub.messages[0].second.room_closed().room(), "room");
}

TEST_F(LinkTest, SomebodyOfAnotherAuthorityIsRefusedByBothEnds) {
    const auto other = crypto::make_authority("somebody else");
    NodeEnd stranger(loop, {hub.links->local().text(), hub.authority.certificate_pem,
                            *crypto::issue(other, "node-2")});
    NodeEnd doubter(loop, {hub.links->local().text(), other.certificate_pem,
                           *crypto::issue(hub.authority, "node-3")});
    ASSERT_TRUE(run_until(loop, [&] {
        return stranger.link->counters().dials >= 2 && doubter.link->counters().dials >= 2;
    }));
    EXPECT_EQ(hub.up.size(), 1u);
    EXPECT_EQ(stranger.welcomes.size() + doubter.welcomes.size(), 0u);
}

namespace {

/// A peer with a good certificate and bad manners: sends these bytes and tells whether it was hung
/// up on.
void expect_hung_up_on(net::Loop& loop, HubEnd& hub, Bytes bytes) {
    const auto options = hub.invite("rude");
    const auto tls = crypto::mutual_tls(options.authority_pem, options.certificate, false).value();
    auto stream = net::Stream::connect(loop, hub.links->local(), tls.get(), "127.0.0.1");
    bool closed = false;
    stream->set_handlers({.on_open = [&] { stream->write(bytes); },
                          .on_bytes = [](Bytes) {},
                          .on_drained = [] {},
                          .on_close = [&](const std::string&) { closed = true; }});
    EXPECT_TRUE(run_until(loop, [&] { return closed; }));
}

Buffer frame_of(const ToHub& message) {
    Buffer frame(4 + message.ByteSizeLong());
    store32(frame.data(), static_cast<std::uint32_t>(frame.size() - 4));
    message.SerializeToArray(frame.data() + 4, static_cast<int>(frame.size() - 4));
    return frame;
}

}  // namespace

TEST_F(LinkTest, OversizeGarbageAndWrongOrderEndTheLinkAndNobodyElses) {
    expect_hung_up_on(loop, hub, Buffer{0xff, 0xff, 0xff, 0xff, 1, 2, 3});
    expect_hung_up_on(loop, hub, Buffer{0, 0, 0, 3, 0xff, 0xff, 0xff});
    ToHub early;
    early.mutable_beat();
    expect_hung_up_on(loop, hub, frame_of(early));
    ToHub hello;
    hello.mutable_hello();
    Buffer twice = frame_of(hello);
    const Buffer again = frame_of(hello);
    twice.insert(twice.end(), again.begin(), again.end());
    expect_hung_up_on(loop, hub, twice);
    EXPECT_EQ(hub.links->counters().garbage, 3u);
    EXPECT_TRUE(hub.links->is_up("node-1"));
    EXPECT_TRUE(node.link->is_up());
}
