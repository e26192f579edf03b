// SPDX-License-Identifier: Apache-2.0
#include "transport/transport.hpp"

#include <gtest/gtest.h>

#include "endpoints.hpp"
#include "net/udp_socket.hpp"

namespace aula::transport {
namespace {

Buffer receiver_report() {
    Buffer report(8);
    report[0] = 0x80;
    report[1] = 201;
    report[3] = 1;
    return report;
}

void exchange_media(Endpoints& ends) {
    EXPECT_GT(send_packet(*ends.server.transport, 1, 1000), 1012u);
    EXPECT_GT(send_packet(*ends.client.transport, 7, 100), 112u);
    ends.server.transport->send_rtcp(receiver_report());
    ends.client.transport->send_rtcp(receiver_report());
    ASSERT_TRUE(ends.loop.until([&] {
        return ends.server.rtp.size() == 1 && ends.client.rtp.size() == 1 &&
               ends.server.rtcp.size() == 1 && ends.client.rtcp.size() == 1;
    }));
    EXPECT_EQ(ends.client.rtp[0].size(), 1012u);
    EXPECT_EQ(ends.client.rtp[0].back(), 0x5a);
    EXPECT_EQ(load16(ends.server.rtp[0].data() + 2), 7);
    EXPECT_EQ(ends.server.rtcp[0], receiver_report());
    EXPECT_EQ(ends.server.transport->counters().rtp_in, 1u);
    EXPECT_EQ(ends.server.transport->counters().rtp_out, 1u);
    EXPECT_EQ(ends.server.transport->counters().rtcp_in, 1u);
    EXPECT_EQ(ends.server.transport->counters().rtcp_out, 1u);
    EXPECT_GT(ends.server.transport->counters().bytes_out, 1020u);
}

TEST(Transport, CarriesMediaOverUdp) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect());
    EXPECT_TRUE(ends.server.transport->is_connected());
    EXPECT_FALSE(ends.server.transport->uses_tcp());
    exchange_media(ends);
}

TEST(Transport, CarriesMediaOverIpv6) {
    TestLoop probe;
    if (!open_port(probe.loop, "[::1]:0")) GTEST_SKIP() << "this machine has no IPv6";
    Endpoints ends("[::1]:0");
    ASSERT_TRUE(ends.connect());
    exchange_media(ends);
}

TEST(Transport, CarriesMediaOverTcp) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect(true));
    EXPECT_TRUE(ends.server.transport->uses_tcp());
    EXPECT_TRUE(ends.client.transport->uses_tcp());
    exchange_media(ends);
    const auto channel = ends.client.transport->open_channel({"chat"});
    EXPECT_TRUE(ends.client.transport->send_message(channel, true, Buffer(60000, 9)));
    EXPECT_TRUE(ends.loop.until([&] { return ends.server.messages.size() == 1; }));
}

TEST(Transport, PrefersUdpWhenTheServerOffersBoth) {
    Endpoints ends;
    introduce(ends.server, ends.client);
    ends.add_candidates(true);
    ends.add_candidates(false);
    ASSERT_TRUE(ends.loop.until([&] { return ends.server.connected && ends.client.connected; }));
    EXPECT_FALSE(ends.client.transport->uses_tcp());
    exchange_media(ends);
}

TEST(Transport, TheServerMayBeTheDtlsClient) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect(false, dtls::Role::client));
    exchange_media(ends);
    EXPECT_EQ(ends.server.transport->open_channel({"even"}), 0);
    EXPECT_EQ(ends.client.transport->open_channel({"odd"}), 1);
}

TEST(Transport, CarriesMessagesBothWays) {
    Endpoints ends;
    introduce(ends.server, ends.client);
    const auto reliable = ends.client.transport->open_channel({"_reliable"});  // before DTLS is up
    ends.add_candidates(false);
    ASSERT_TRUE(ends.loop.until([&] { return ends.server.channels.size() == 1; }));
    EXPECT_EQ(ends.server.channels[0], std::make_pair(reliable, std::string("_reliable")));
    const auto lossy = ends.client.transport->open_channel({"_lossy", false, false});
    const Buffer large(60000, 0x42);
    EXPECT_TRUE(ends.client.transport->send_message(reliable, true, large));
    EXPECT_TRUE(ends.client.transport->send_message(lossy, false, bytes_of("now")));
    ASSERT_TRUE(ends.loop.until([&] { return ends.server.messages.size() == 2; }));
    for (const Peer::Message& message : ends.server.messages) {
        EXPECT_EQ(message.bytes.size(), message.binary ? large.size() : 3);
    }
    EXPECT_TRUE(ends.server.transport->send_message(lossy, true, bytes_of("back")));
    EXPECT_TRUE(ends.server.transport->send_message(reliable, true, large));
    ASSERT_TRUE(ends.loop.until([&] { return ends.client.messages.size() == 2; }));
    EXPECT_TRUE(ends.loop.until([&] { return ends.server.transport->buffered_messages() == 0; }));
    EXPECT_FALSE(ends.server.transport->send_message(40, true, bytes_of("no such channel")));
    EXPECT_FALSE(ends.server.transport->send_message(reliable, true, Buffer(65536, 1)));
}

TEST(Transport, AnIceRestartKeepsTheKeys) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect());
    const std::string old = ends.server.transport->ice_ufrag();
    ends.server.transport->new_ice_credentials();
    ends.client.transport->new_ice_credentials();
    EXPECT_NE(ends.server.transport->ice_ufrag(), old);
    ends.server.connected = ends.client.connected = false;
    introduce(ends.server, ends.client);
    exchange_media(ends);
    EXPECT_FALSE(ends.server.connected);  // no second handshake
    EXPECT_TRUE(ends.server.closed.empty());
}

TEST(Transport, RefusesAWrongPassword) {
    Endpoints ends;
    introduce(ends.server, ends.client);
    ends.client.transport->set_remote({ends.server.transport->ice_ufrag(),
                                       "wrong password here....", server_identity().fingerprint(),
                                       dtls::Role::client});
    ends.add_candidates(false);
    ASSERT_TRUE(ends.loop.until([&] { return ends.server_port->counters().stun_refused > 0; }));
    ends.loop.settle();
    EXPECT_FALSE(ends.server.transport->is_connected());
    EXPECT_FALSE(ends.client.connected);
}

TEST(Transport, AnotherCertificateFailsTheHandshake) {
    Endpoints ends;
    introduce(ends.server, ends.client);
    Peer other(*ends.server_port, server_identity(), Transport::IceRole::lite);
    other.transport->set_remote({ends.client.transport->ice_ufrag(),
                                 ends.client.transport->ice_password(),
                                 server_identity().fingerprint(), dtls::Role::server});
    ends.client.transport->set_remote({other.transport->ice_ufrag(),
                                       other.transport->ice_password(),
                                       server_identity().fingerprint(), dtls::Role::client});
    ends.add_candidates(false);
    ASSERT_TRUE(ends.loop.until([&] { return !other.closed.empty(); }));
    EXPECT_EQ(other.closed, std::vector{CloseReason::handshake_failed});
    EXPECT_FALSE(other.connected);
    EXPECT_TRUE(ends.server.closed.empty());
}

TEST(Transport, ClosingTellsThePeerEvenWhenDestroyedAtOnce) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect());
    ends.client.transport->close();
    ends.client.transport.reset();
    ASSERT_TRUE(ends.loop.until([&] { return !ends.server.closed.empty(); }));
    EXPECT_EQ(ends.server.closed, std::vector{CloseReason::peer_closed});
    EXPECT_FALSE(ends.server.transport->is_connected());
    EXPECT_TRUE(ends.client.closed.empty());
    EXPECT_EQ(send_packet(*ends.server.transport, 1, 100), 0u);
    EXPECT_EQ(ends.server.transport->open_channel({"late"}), Transport::no_channel);
}

TEST(Transport, TheOwnerMayCloseInACallback) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect());
    ends.server.when_rtp = [&] { ends.server.transport->close(); };
    for (std::uint16_t i = 0; i < 5; ++i) send_packet(*ends.client.transport, i, 100);
    ASSERT_TRUE(ends.loop.until([&] { return !ends.client.closed.empty(); }));
    EXPECT_EQ(ends.server.rtp.size(), 1u);

    Endpoints others;
    ASSERT_TRUE(others.connect());
    others.server.when_message = [&] { others.server.transport->close(); };
    const auto channel = others.client.transport->open_channel({"chat"});
    others.client.transport->send_message(channel, true, bytes_of("a"));
    others.client.transport->send_message(channel, true, bytes_of("b"));
    ASSERT_TRUE(others.loop.until([&] { return !others.client.closed.empty(); }));
    EXPECT_EQ(others.server.messages.size(), 1u);
}

TEST(Transport, CountsReplayedAndForgedPackets) {
    Endpoints ends;
    ASSERT_TRUE(ends.connect());
    const MutableBytes slot = ends.client.transport->rtp_slot();
    const std::size_t size = send_packet(*ends.client.transport, 5, 200);
    const Buffer sealed(slot.begin(), slot.begin() + static_cast<std::ptrdiff_t>(size));
    net::Destination server(ends.server_port->candidates()[0].address);
    ends.client_port->socket().queue().send(server, sealed);
    Buffer forged = sealed;
    forged[3] = 6;
    ends.client_port->socket().queue().send(server, forged);
    ASSERT_TRUE(ends.loop.until([&] { return ends.server.transport->counters().forged == 1; }));
    EXPECT_EQ(ends.server.transport->counters().replayed, 1u);
    EXPECT_EQ(ends.server.rtp.size(), 1u);
}

TEST(Transport, ManyTransportsShareOnePort) {
    TestLoop loop;
    const auto server_port = open_port(loop.loop);
    struct Call {
        std::unique_ptr<MediaPort> port;
        std::unique_ptr<Peer> client, server;
    };
    std::vector<Call> calls(12);
    for (Call& call : calls) {
        call.port = open_port(loop.loop);
        call.server =
            std::make_unique<Peer>(*server_port, server_identity(), Transport::IceRole::lite);
        call.client =
            std::make_unique<Peer>(*call.port, client_identity(), Transport::IceRole::controlling);
        introduce(*call.server, *call.client);
        call.client->transport->add_remote_candidate(server_port->candidates()[0].address, "udp");
    }
    ASSERT_TRUE(loop.until([&] {
        return std::all_of(calls.begin(), calls.end(), [](const Call& call) {
            return call.server->connected && call.client->connected;
        });
    }));
    for (std::size_t i = 0; i < calls.size(); ++i) {
        send_packet(*calls[i].server->transport, 1, 100 + i);
    }
    ASSERT_TRUE(loop.until([&] {
        return std::all_of(calls.begin(), calls.end(),
                           [](const Call& call) { return call.client->rtp.size() == 1; });
    }));
    for (std::size_t i = 0; i < calls.size(); ++i) {
        EXPECT_EQ(calls[i].client->rtp[0].size(), 112 + i);
    }
}

}  // namespace
}  // namespace aula::transport
