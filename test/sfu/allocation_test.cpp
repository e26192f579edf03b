// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <gtest/gtest.h>

#include "../common/counted_allocations.hpp"
#include "sfu/forwarder.hpp"
#include "simulcast_source.hpp"

namespace aula::sfu {
namespace {

using aula::test::allocations;

TEST(Allocations, NoneForAPacketOnceTheTurnIsWarm) {
    TrackOptions options = test::video_track();
    options.ids.twcc = 3;
    Track track(options);
    ForwarderOptions receiver = test::video_receiver(0);
    receiver.ids.twcc = 5;
    receiver.ids.mid = 1;
    receiver.mid = "12";
    std::vector<Forwarder> forwarders(4, Forwarder(receiver));
    // All, renamed, without the upper temporal layers, and nothing.
    forwarders[0].select(0);
    forwarders[1].select(0);
    forwarders[2].select(0, 0);
    BandwidthEstimator estimator;
    test::LayerSource source(0, 5, 60'000, 0, 4);
    std::array<std::uint8_t, 1500> slot{};

    std::size_t in_turns = 0, forwarded = 0, resent = 0;
    for (int picture = 0; picture < 1200; ++picture) {
        const Time now = Time(10s) + picture * 33ms;
        if (picture == 100) {
            forwarders[1].select(std::nullopt);
            forwarders[1].select(0);
            source.want_key_frame();
        }
        auto packets = source.picture(now);
        if (picture % 10 == 9) packets.erase(packets.begin() + 1);  // a loss: NACK lists work too
        const std::size_t before = allocations;
        for (const Buffer& packet : packets) track.receive(0, *rtp::PacketView::parse(packet), now);
        track.layer(0)->stream.nacks_due(now, 50ms);
        for (auto& forwarder : forwarders) {
            for (const auto& fresh : track.fresh()) {
                const CachedPacket* packet = track.find(fresh);
                forwarded += forwarder.forward(*packet, slot, {track, estimator, now}).has_value();
            }
            const auto number = static_cast<std::uint16_t>(picture * 4);
            resent += forwarder.resend(number, slot, {track, estimator, now}).has_value();
        }
        track.end_turn();
        if (picture >= 200) in_turns += allocations - before;
    }
    EXPECT_EQ(in_turns, 0u);
    EXPECT_GT(forwarded, 1000u * 8);
    EXPECT_GT(resent, 100u);
}

}  // namespace
}  // namespace aula::sfu
