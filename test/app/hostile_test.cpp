// SPDX-License-Identifier: Apache-2.0
// Strangers on the path to a real node: whoever listens hears on, and every packet is counted.
#include <string_view>

#include <gtest/gtest.h>

#include "http/client.hpp"
#include "ice/stun_writer.hpp"
#include "lesson_in_process.hpp"
#include "participant/synthetic_media.hpp"
#include "rtp/packet_view.hpp"
#include "tap.hpp"
#include "transport/demultiplex.hpp"

namespace aula {
namespace {

using app::testing::free_address;
using app::testing::LessonInProcess;
using app::testing::open_udp;
using app::testing::Tap;
using participant::SyntheticAudio;
using transport::kind_of;
using transport::PacketKind;

/// A teacher who speaks and a pupil who listens, with a tap before the node.
struct Scene {
    Scene() {
        EXPECT_TRUE(lesson.run_until([&] { return teacher->is_connected(); }));
        pupil = lesson.join("pupil");
        EXPECT_TRUE(hears(50));
    }

    /// The pupil hears so many packets more.
    bool hears(std::uint64_t more) {
        const auto before = pupil->figures().packets;
        return lesson.run_until([&] { return pupil->figures().packets >= before + more; });
    }
    double metric(std::string_view name) {
        std::optional<std::string> text;
        http::Client http(lesson.loop);
        http::Call call;
        call.url = "http://" + lesson.node->metrics_address()->text() + "/metrics";
        http.start(call, [&](auto answer) { text = answer ? answer->body : std::string(); });
        EXPECT_TRUE(lesson.run_until([&] { return text.has_value(); }));
        const auto at = text->find("\n" + std::string(name) + " ");
        return at == std::string::npos ? -1 : std::stod(text->substr(at + name.size() + 2));
    }
    bool counts(std::string_view name, double at_least) {
        for (int tries = 0; tries < 100; ++tries) {
            if (metric(name) >= at_least) return true;
            const Time later = lesson.loop.now() + 100ms;
            if (!lesson.run_until([&] { return lesson.loop.now() > later; })) break;
        }
        return false;
    }
    std::vector<Buffer> kept(PacketKind kind) const {
        std::vector<Buffer> found;
        for (const Buffer& packet : tap.kept) {
            if (kind_of(packet) == kind) found.push_back(packet);
        }
        return found;
    }

    const net::Address front = free_address(), back = free_address();
    LessonInProcess lesson{back.text(), {front}};
    Tap tap{lesson.loop, front, back};
    std::unique_ptr<participant::Client> teacher = lesson.join("teacher");
    participant::Publication& microphone = teacher->publish({});
    SyntheticAudio audio{lesson.loop, microphone};
    std::unique_ptr<participant::Client> pupil;
};

TEST(Hostile, ReplayedMediaReachesNobody) {
    Scene scene;
    const auto media = scene.kept(PacketKind::media);
    ASSERT_GT(media.size(), 50u);
    for (const Buffer& packet : media) scene.tap.inject(packet);
    EXPECT_TRUE(scene.counts("aula_transport_replayed_total", static_cast<double>(media.size())));
    EXPECT_TRUE(scene.hears(20));
    const auto* heard = scene.pupil->incoming_of_track(scene.microphone.sid());
    ASSERT_NE(heard, nullptr);
    EXPECT_EQ(heard->received.figures().duplicates, 0u);
}

TEST(Hostile, ForgedMediaReachesNobody) {
    Scene scene;
    const double before = scene.metric("aula_room_unknown_stream_total");
    for (Buffer packet : scene.kept(PacketKind::media)) {
        rtp::set_sequence_number(packet, static_cast<std::uint16_t>(load16(&packet[2]) + 500));
        scene.tap.inject(packet);
    }
    EXPECT_TRUE(scene.counts("aula_transport_forged_total", 50));
    EXPECT_EQ(scene.metric("aula_room_unknown_stream_total"), before);
    EXPECT_TRUE(scene.hears(20));
}

TEST(Hostile, ChecksWithAWrongPasswordMoveNoLiveFlow) {
    Scene scene;
    const auto checks = scene.kept(PacketKind::stun);
    ASSERT_FALSE(checks.empty());
    const auto real = ice::StunMessage::parse(checks.front());
    ASSERT_TRUE(real && real->username());
    auto stranger = open_udp(*net::Address::parse("127.0.0.1:0"));
    net::Destination node(scene.back);
    constexpr int count = 50;
    for (std::uint8_t i = 0; i < count; ++i) {
        ice::StunWriter check(ice::StunClass::request, {i});
        check.username(*real->username());
        check.priority(0x7fffffff);
        check.ice_controlling(0xffffffffffffffff);
        check.use_candidate();
        const Bytes bytes = check.finish("not the password of this lesson");
        scene.tap.inject(bytes);
        stranger->queue().send(node, bytes);
        stranger->queue().flush();
    }
    EXPECT_TRUE(scene.counts("aula_transport_stun_refused_total", 2 * count));
    int refusals = 0;
    while (stranger->receive([&](MutableBytes answer, const net::Address&) {
        const auto message = ice::StunMessage::parse(answer);
        ASSERT_TRUE(message) << "something else than an answer came";
        EXPECT_EQ(message->message_class(), ice::StunClass::error);
        EXPECT_EQ(message->error_code(), 401);
        ++refusals;
    })) {
    }
    EXPECT_GT(refusals, 0);
    EXPECT_TRUE(scene.hears(50));
    EXPECT_EQ(scene.pupil->figures().lost, 0);
}

TEST(Hostile, ASecondDtlsClientOnALiveFlowGetsNothing) {
    Scene scene;
    auto stranger = open_udp(*net::Address::parse("127.0.0.1:0"));
    net::Destination node(scene.back);
    const dtls::Identity identity;
    bool connected = false;
    dtls::Connection::Handlers handlers;
    handlers.send = [&](Bytes datagram) {
        scene.tap.inject(datagram);
        stranger->queue().send(node, datagram);
        stranger->queue().flush();
    };
    handlers.on_connected = [&](const dtls::SrtpKeys&) { connected = true; };
    const double unknown = scene.metric("aula_transport_unknown_peer_total");
    dtls::Connection second(identity, dtls::Role::client, scene.lesson.dtls.fingerprint(),
                            std::move(handlers));
    second.start();
    EXPECT_TRUE(scene.counts("aula_transport_unknown_peer_total", unknown + 1));
    EXPECT_TRUE(scene.hears(50));
    EXPECT_FALSE(stranger->receive([&](MutableBytes answer, const net::Address&) {
        second.receive(answer);
    })) << "a stranger was answered";
    EXPECT_FALSE(connected);
    EXPECT_TRUE(scene.teacher->is_connected());
    EXPECT_TRUE(scene.lesson.run_until([&] {
        return scene.teacher->send_data(true, "", bytes_of("Still here"));
    })) << "the first client's DTLS goes on";
    EXPECT_TRUE(scene.lesson.run_until([&] { return scene.pupil->figures().data_messages > 0; }));
}

TEST(Media, FlowsOverIpv6) {
    if (!net::UdpSocket::open(*net::Address::parse("[::1]:0"), {2, 32})) GTEST_SKIP();
    LessonInProcess lesson("[::1]:0");
    lesson.media_of_clients = "[::1]:0";
    const auto teacher = lesson.join("teacher");
    auto& microphone = teacher->publish({});
    const SyntheticAudio audio(lesson.loop, microphone);
    const auto pupil = lesson.join("pupil");
    EXPECT_TRUE(lesson.run_until([&] { return pupil->figures().packets > 50; }));
    EXPECT_TRUE(pupil->media_socket().local().is_ipv6());
    EXPECT_EQ(pupil->figures().lost, 0);
}

}  // namespace
}  // namespace aula
