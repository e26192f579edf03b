// SPDX-License-Identifier: Apache-2.0
#include "transport/media_port.hpp"

#include <gtest/gtest.h>

#include "endpoints.hpp"
#include "ice/stun.hpp"
#include "ice/stun_writer.hpp"
#include "net/tcp.hpp"
#include "net/udp_socket.hpp"
#include "transport/local_candidates.hpp"

namespace aula::transport {
namespace {

/// A UDP socket that is no transport: an attacker, or a client whose address changed.
struct Stranger {
    explicit Stranger(MediaPort& port)
        : loop(port.loop()),
          socket(std::move(*net::UdpSocket::open(*net::Address::parse("127.0.0.1:0")))),
          target(port.candidates()[0].address) {
        loop.watch(socket->fd(), true, false, [this](net::Ready) {
            socket->receive([this](MutableBytes datagram, const net::Address&) {
                heard.emplace_back(datagram.begin(), datagram.end());
            });
        });
    }
    ~Stranger() { loop.unwatch(socket->fd()); }

    void send(Bytes datagram) {
        socket->queue().send(target, datagram);
        socket->queue().flush();
    }
    void check(const std::string& ufrag, const std::string& password) {
        ice::StunWriter request(ice::StunClass::request, {1, 2, 3});
        request.username(ufrag + ":them");
        request.ice_controlling(1);
        request.use_candidate();
        send(request.finish(password));
    }

    net::Loop& loop;
    std::unique_ptr<net::UdpSocket> socket;
    net::Destination target;
    std::vector<Buffer> heard;
};

/// A plain TCP client.
struct TcpStranger {
    explicit TcpStranger(MediaPort& port) {
        const auto& candidates = port.candidates();
        const auto tcp = std::find_if(candidates.begin(), candidates.end(),
                                      [](const Candidate& candidate) { return candidate.tcp; });
        stream = net::Stream::connect(port.loop(), tcp->address, nullptr);
        stream->set_handlers(
            {{},
             [this](Bytes bytes) { heard.insert(heard.end(), bytes.begin(), bytes.end()); },
             {},
             [this](const std::string&) { closed = true; }});
    }
    void send(Bytes frame) {
        Buffer prefixed(2);
        store16(prefixed.data(), static_cast<std::uint16_t>(frame.size()));
        prefixed.insert(prefixed.end(), frame.begin(), frame.end());
        stream->write(prefixed);
    }

    std::unique_ptr<net::Stream> stream;
    Buffer heard;
    bool closed = false;
};

TEST(MediaPort, CountsGarbageOfEveryKind) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect());
    Stranger stranger(*ends.server_port);
    const auto before = ends.server_port->counters();
    stranger.send(Buffer{0xff, 1, 2, 3});    // no kind of RFC 7983
    stranger.send(Buffer{64});               // TURN channel, not ours
    stranger.send(Buffer(20, 0x01));         // looks like STUN
    stranger.send(Buffer{22, 254, 253, 0});  // DTLS from nobody
    stranger.send(Buffer(40, 0x80));         // RTP from nobody
    stranger.send(Buffer{0x80, 201, 0, 1});  // RTCP from nobody
    ASSERT_TRUE(ends.loop.until(
        [&] { return ends.server_port->counters().datagrams >= before.datagrams + 6; }));
    EXPECT_EQ(ends.server_port->counters().unknown_kind, before.unknown_kind + 3);
    EXPECT_EQ(ends.server_port->counters().unknown_peer, before.unknown_peer + 3);
    EXPECT_TRUE(stranger.heard.empty());
    EXPECT_TRUE(ends.server.transport->is_connected());
}

TEST(MediaPort, ASecondDtlsClientFromAnotherAddressIsIgnored) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect());
    Stranger stranger(*ends.server_port);
    dtls::Connection attacker(client_identity(), dtls::Role::client,
                              server_identity().fingerprint(),
                              {[&](Bytes datagram) { stranger.send(datagram); }, {}, {}, {}});
    const auto before = ends.server_port->counters().unknown_peer;
    attacker.start();
    ASSERT_TRUE(
        ends.loop.until([&] { return ends.server_port->counters().unknown_peer > before; }));
    ends.loop.settle();
    EXPECT_TRUE(stranger.heard.empty());
    EXPECT_EQ(send_packet(*ends.server.transport, 1, 100), 128u);
    EXPECT_TRUE(ends.loop.until([&] { return ends.client.rtp.size() == 1; }));
}

TEST(MediaPort, AnswersAnUnknownNameAsItAnswersAWrongPassword) {
    Endpoints ends;
    Stranger stranger(*ends.server_port);
    stranger.check("nobody", "password");
    stranger.check(ends.server.transport->ice_ufrag(), "password");
    ASSERT_TRUE(ends.loop.until([&] { return stranger.heard.size() == 2; }));
    EXPECT_EQ(stranger.heard[0], stranger.heard[1]);
    EXPECT_EQ(ice::StunMessage::parse(stranger.heard[0])->error_code(), 401);
    EXPECT_EQ(ends.server_port->counters().stun_refused, 2u);
}

TEST(MediaPort, MediaFollowsTheLatestNominatedCheck) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect());
    Stranger rebound(*ends.server_port);  // the same client behind a new NAT binding
    rebound.check(ends.server.transport->ice_ufrag(), ends.server.transport->ice_password());
    ASSERT_TRUE(ends.loop.until([&] { return rebound.heard.size() == 1; }));
    send_packet(*ends.server.transport, 1, 500);
    ASSERT_TRUE(ends.loop.until([&] { return rebound.heard.size() == 2; }));
    EXPECT_EQ(rebound.heard[1].size(), 528u);
    EXPECT_TRUE(ends.client.rtp.empty());
}

TEST(MediaPort, ACheckMovesAnAddressToItsTransport) {
    Endpoints ends;
    Peer second(*ends.server_port, server_identity(), Transport::IceRole::lite);
    second.transport->set_remote(
        {"them", "their password", client_identity().fingerprint(), dtls::Role::server});
    Stranger stranger(*ends.server_port);
    stranger.check(ends.server.transport->ice_ufrag(), ends.server.transport->ice_password());
    stranger.check(second.transport->ice_ufrag(), second.transport->ice_password());
    ASSERT_TRUE(ends.loop.until([&] { return stranger.heard.size() == 2; }));
    stranger.send(Buffer(40, 0x80));
    ASSERT_TRUE(ends.loop.until([&] { return second.transport->counters().unexpected == 1; }));
    EXPECT_EQ(ends.server.transport->counters().unexpected, 0u);
    second.transport.reset();
    const auto before = ends.server_port->counters().unknown_peer;
    stranger.send(Buffer(40, 0x80));
    EXPECT_TRUE(
        ends.loop.until([&] { return ends.server_port->counters().unknown_peer == before + 1; }));
}

TEST(MediaPort, RefusesTcpConnectionsThatDoNotBeginWithARightCheck) {
    Endpoints ends;
    TcpStranger garbage(*ends.server_port), too_long(*ends.server_port),
        guessing(*ends.server_port);
    garbage.send(Buffer(100, 0x80));
    too_long.stream->write(Buffer{0xff, 0xff, 0, 0});
    ice::StunWriter request(ice::StunClass::request, {4});
    request.username(ends.server.transport->ice_ufrag() + ":them");
    guessing.send(request.finish("guess"));
    ASSERT_TRUE(
        ends.loop.until([&] { return garbage.closed && too_long.closed && guessing.closed; }));
    EXPECT_EQ(ends.server_port->counters().tcp_refused, 3u);
    EXPECT_EQ(ends.server_port->counters().stun_refused, 1u);
}

TEST(MediaPort, ATcpConnectionThatBreaksLeavesTheTransportWaiting) {
    Endpoints ends;
    TcpStranger client(*ends.server_port);
    ice::StunWriter request(ice::StunClass::request, {4});
    request.username(ends.server.transport->ice_ufrag() + ":them");
    request.ice_controlling(1);
    request.use_candidate();
    client.send(request.finish(ends.server.transport->ice_password()));
    ASSERT_TRUE(ends.loop.until([&] { return ends.server.transport->uses_tcp(); }));
    EXPECT_TRUE(ends.loop.until([&] { return !client.heard.empty(); }));
    client.stream->abort();
    EXPECT_TRUE(ends.loop.until([&] { return !ends.server.transport->uses_tcp(); }));
    EXPECT_TRUE(ends.server.closed.empty());
    EXPECT_EQ(ends.server_port->counters().tcp_refused, 0u);
}

TEST(MediaPort, ATcpConnectionServesOneTransport) {
    Endpoints ends;
    Peer second(*ends.server_port, server_identity(), Transport::IceRole::lite);
    TcpStranger client(*ends.server_port);
    for (const Peer* peer : {&ends.server, &second}) {
        ice::StunWriter request(ice::StunClass::request, {4});
        request.username(peer->transport->ice_ufrag() + ":them");
        request.ice_controlling(1);
        request.use_candidate();
        client.send(request.finish(peer->transport->ice_password()));
    }
    ASSERT_TRUE(ends.loop.until([&] { return ends.server_port->counters().stun_refused == 1; }));
    EXPECT_TRUE(ends.server.transport->uses_tcp());
    EXPECT_FALSE(second.transport->uses_tcp());
}

TEST(MediaPort, TellsWhenABatchWasReceived) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect());
    std::size_t seen = 0;
    ends.server_port->on_batch_received([&] {
        seen = ends.server.rtp.size();
        ends.loop.loop.post([] {});  // so that the loop looks at the condition
    });
    for (std::uint16_t i = 0; i < 10; ++i) send_packet(*ends.client.transport, i, 900);
    EXPECT_TRUE(ends.loop.until([&] { return seen == 10; }));
}

TEST(MediaPort, CandidatesNameTheLocalOrTheAdvertisedAddresses) {
    TestLoop loop;
    const auto port = open_port(loop.loop);
    ASSERT_EQ(port->candidates().size(), 2u);
    EXPECT_EQ(port->candidates()[0].address, port->socket().local());
    EXPECT_FALSE(port->candidates()[0].tcp);
    EXPECT_TRUE(port->candidates()[1].tcp);
    EXPECT_GT(port->candidates()[0].priority, port->candidates()[1].priority);
    EXPECT_NE(port->candidates()[1].line().find("tcptype passive"), std::string::npos);

    MediaPortOptions options;
    options.local = *net::Address::parse("127.0.0.1:0");
    options.advertised = {*net::Address::parse("203.0.113.5:0"),
                          *net::Address::parse("[2001:db8::5]:99")};
    options.tcp = false;
    const auto nat = std::move(*MediaPort::open(loop.loop, options));
    ASSERT_EQ(nat->candidates().size(), 2u);
    EXPECT_EQ(nat->candidates()[0].address,
              net::Address::of("203.0.113.5", nat->socket().local().port()));
    EXPECT_EQ(nat->candidates()[1].address.text(), "[2001:db8::5]:99");

    const auto any = open_port(loop.loop, "0.0.0.0:0");
    ASSERT_FALSE(any->candidates().empty());
    for (const Candidate& candidate : any->candidates()) {
        EXPECT_FALSE(candidate.address.is_unspecified());
        EXPECT_NE(candidate.address.port(), 0);
    }
}

TEST(LocalCandidates, OfAdvertisedAddressesHaveTheirPortsOrOurs) {
    const auto local = *net::Address::parse("127.0.0.1:40000");
    const auto candidates = local_candidates(
        local, {*net::Address::of("192.0.2.1", 0), *net::Address::of("192.0.2.1", 99)}, 40001);
    ASSERT_EQ(candidates.size(), 4u);
    EXPECT_EQ(candidates[0].address.text(), "192.0.2.1:40000");
    EXPECT_EQ(candidates[1].address.text(), "192.0.2.1:99");
    EXPECT_EQ(candidates[2].address.text(), "192.0.2.1:40001");
    EXPECT_EQ(candidates[3].address.text(), "192.0.2.1:99");
    EXPECT_GT(candidates[1].priority, candidates[2].priority);  // UDP before TCP
}

TEST(LocalCandidates, AnUnspecifiedAddressStandsForTheInterfaces) {
    const auto any = *net::Address::parse("0.0.0.0:40000");
    const auto own = interface_addresses(false);
    ASSERT_FALSE(own.empty());
    const auto candidates = local_candidates(
        any, {any.with_port(0), *net::Address::of("127.0.0.1", 0), own.front()}, 0);
    const bool only_loopback = own.front() == *net::Address::of("127.0.0.1", 0);
    EXPECT_EQ(candidates.size(), own.size() + (only_loopback ? 0 : 1));
    EXPECT_EQ(candidates.front().address, own.front().with_port(40000));
    EXPECT_EQ(candidates.back().address.ip(), "127.0.0.1");
    EXPECT_EQ(local_candidates(any, {}, 0).size(), own.size());
}

}  // namespace
}  // namespace aula::transport
