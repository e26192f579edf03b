// SPDX-License-Identifier: Apache-2.0
#include "sfu/forwarder.hpp"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "rtp/rtx.hpp"
#include "simulcast_source.hpp"

namespace aula::sfu {
namespace {

using test::LayerSource;
using test::PacketNote;

/// One publisher's track and one receiver, without a wire between them.
struct Bench {
    explicit Bench(ForwarderOptions options = video_options())
        : forwarder(options), track(track_options(options.kind)) {}

    static ForwarderOptions video_options() { return test::video_receiver(65'530); }
    static TrackOptions track_options(MediaKind kind) {
        return kind == MediaKind::video ? test::video_track() : TrackOptions{};
    }

    SendContext context() { return {track, estimator, now}; }

    /// What the receiver gets of this packet of a layer.
    std::vector<Buffer> give(std::uint8_t layer, const Buffer& packet) {
        track.receive(layer, *rtp::PacketView::parse(packet), now);
        std::vector<Buffer> out;
        for (const auto& fresh : track.fresh()) {
            const CachedPacket* cached = track.find(fresh);
            if (auto forwarded =
                    cached ? forwarder.forward(*cached, slot, context()) : std::nullopt) {
                out.push_back(whole(*forwarded));
            }
        }
        track.end_turn();
        return out;
    }
    std::vector<Buffer> give_all(std::uint8_t layer, const std::vector<Buffer>& packets) {
        std::vector<Buffer> out;
        for (const Buffer& packet : packets) {
            for (Buffer& got : give(layer, packet)) out.push_back(std::move(got));
        }
        return out;
    }
    Buffer whole(const ForwardedPacket& forwarded) const { return test::whole(forwarded, slot); }

    Forwarder forwarder;
    Track track;
    BandwidthEstimator estimator;
    Time now = Time(100s);
    std::array<std::uint8_t, 1500> slot{};
};

rtp::PacketView view(const Buffer& packet) { return *rtp::PacketView::parse(packet); }
rtp::Vp8Descriptor vp8(const Buffer& packet) {
    return *rtp::Vp8Descriptor::parse(view(packet).payload());
}

TEST(Forwarder, SendsNothingBeforeAKeyFrameAndAsksForOne) {
    Bench bench;
    LayerSource low(0, 5, 100, 0, 2);
    const auto key = low.picture(bench.now);
    const auto inter = low.picture(bench.now);
    EXPECT_TRUE(bench.give_all(0, inter).empty()) << "not selected";
    bench.forwarder.select(0);
    EXPECT_EQ(bench.forwarder.needs_key_frame(), 0);
    EXPECT_TRUE(bench.give_all(0, low.picture(bench.now)).empty());
    low.want_key_frame();
    const auto out = bench.give_all(0, low.picture(bench.now));
    ASSERT_EQ(out.size(), 2u);
    EXPECT_FALSE(bench.forwarder.needs_key_frame());
    EXPECT_EQ(view(out[0]).sequence_number(), 65'530);
    EXPECT_EQ(view(out[0]).ssrc(), 1000u);
    EXPECT_EQ(view(out[0]).payload_type(), 120);
    EXPECT_TRUE(view(out[1]).marker());
}

TEST(Forwarder, SwitchesAtTheKeyFrameOfTheWantedLayerAndNotBefore) {
    Bench bench;
    LayerSource low(0, 5, 100, 7'000'000, 1), high(2, 6, 5000, 900, 3);
    bench.forwarder.select(0);
    bench.give_all(0, low.picture(bench.now));
    bench.give_all(2, high.picture(bench.now));
    bench.forwarder.select(2);
    EXPECT_EQ(bench.forwarder.needs_key_frame(), 2);
    std::vector<Buffer> out;
    for (int i = 0; i < 5; ++i) {
        bench.now += 33ms;
        for (auto& packet : bench.give_all(0, low.picture(bench.now))) out.push_back(packet);
        EXPECT_TRUE(bench.give_all(2, high.picture(bench.now)).empty());
    }
    EXPECT_EQ(out.size(), 5u) << "the old layer goes on";
    bench.now += 33ms;
    high.want_key_frame();
    const auto switched = bench.give_all(2, high.picture(bench.now));
    ASSERT_EQ(switched.size(), 3u);
    EXPECT_EQ(bench.forwarder.current(), 2);
    EXPECT_TRUE(bench.give_all(0, low.picture(bench.now)).empty());
    EXPECT_EQ(view(switched[0]).sequence_number(),
              static_cast<std::uint16_t>(view(out[4]).sequence_number() + 1));
    EXPECT_EQ(vp8(switched[0]).picture_id, (vp8(out[4]).picture_id + 1) & 0x7fff);
    EXPECT_EQ(vp8(switched[0]).tl0picidx, static_cast<std::uint8_t>(vp8(out[4]).tl0picidx + 1));
    EXPECT_EQ(view(switched[0]).timestamp() - view(out[4]).timestamp(), 33u * 90);
    EXPECT_EQ(bench.forwarder.figures().switches, 1u);
}

TEST(Forwarder, BeginsWithTheSmallLayerWhenItsKeyFrameIsThereFirst) {
    Bench bench;
    LayerSource low(0, 5, 100, 7'000'000, 1), high(2, 6, 5000, 900, 3);
    high.picture(bench.now);
    bench.forwarder.select(2, 2, 0);
    EXPECT_EQ(bench.forwarder.needs_key_frame(), 2);
    EXPECT_EQ(bench.forwarder.could_begin_with(), 0);
    EXPECT_TRUE(bench.give_all(2, high.picture(bench.now)).empty());
    EXPECT_EQ(bench.give_all(0, low.picture(bench.now)).size(), 1u);
    EXPECT_EQ(bench.forwarder.current(), 0);
    EXPECT_EQ(bench.forwarder.needs_key_frame(), 2) << "the one wanted is still wanted";
    EXPECT_FALSE(bench.forwarder.could_begin_with());
    bench.now += 33ms;
    high.want_key_frame();
    EXPECT_EQ(bench.give_all(2, high.picture(bench.now)).size(), 3u);
    low.want_key_frame();
    EXPECT_TRUE(bench.give_all(0, low.picture(bench.now)).empty()) << "it only began";
}

TEST(Forwarder, CutOffSendsNothingBeforeAKeyFrameAndNothingAgainOfBefore) {
    Bench bench;
    LayerSource low(0, 5, 100, 7'000'000, 1), high(2, 6, 5000, 900, 3);
    bench.forwarder.select(2);
    const auto before = bench.give_all(2, high.picture(bench.now));
    ASSERT_EQ(before.size(), 3u);
    bench.forwarder.cut_off();
    bench.forwarder.select(0);
    EXPECT_TRUE(bench.give_all(2, high.picture(bench.now)).empty());
    const auto lost = view(before[1]).sequence_number();
    EXPECT_FALSE(bench.forwarder.resend(lost, bench.slot, bench.context()));
    bench.now += 33ms;
    const auto after = bench.give_all(0, low.picture(bench.now));
    ASSERT_EQ(after.size(), 1u);
    EXPECT_EQ(view(after[0]).sequence_number(),
              static_cast<std::uint16_t>(view(before[2]).sequence_number() + 1));
    EXPECT_TRUE(
        bench.forwarder.resend(view(after[0]).sequence_number(), bench.slot, bench.context()));
}

TEST(Forwarder, AlignsTimestampsBySenderReportsNotByArrival) {
    Bench bench;
    LayerSource low(0, 5, 100, 7'000'000, 1), high(2, 6, 5000, 900, 1);
    bench.forwarder.select(0);
    const auto first = bench.give_all(0, low.picture(bench.now));
    high.picture(bench.now);
    for (LayerSource* source : {&low, &high}) {
        bench.give_all(source == &low ? 0 : 2, source->picture(bench.now + 33ms));
        rtp::rtcp::SenderReport report;
        report.ssrc = source->ssrc;
        report.ntp = rtp::NtpTime::from(WallTime(bench.now.time_since_epoch()));
        report.rtp_timestamp = source->timestamp_at(bench.now);
        bench.track.receive_sender_report(report, bench.now);
    }
    bench.forwarder.select(2);
    high.want_key_frame();
    const auto key = high.picture(bench.now + 99ms);
    bench.now += 250ms;  // it was long on its way
    const auto out = bench.give_all(2, key);
    ASSERT_EQ(out.size(), 1u);
    EXPECT_NEAR(static_cast<double>(view(out[0]).timestamp() - view(first[0]).timestamp()), 99 * 90,
                2);
}

TEST(Forwarder, DropsTemporalLayersWithoutAGapInNumbersOrPictureIds) {
    Bench bench;
    LayerSource low(0, 5, 65'500, 0, 2);
    bench.forwarder.select(0, 0);
    std::vector<Buffer> out;
    for (int i = 0; i < 40; ++i) {
        bench.now += 33ms;
        for (auto& packet : bench.give_all(0, low.picture(bench.now))) out.push_back(packet);
    }
    ASSERT_EQ(out.size(), 20u);  // every fourth picture of two packets
    for (std::size_t i = 0; i < out.size(); ++i) {
        EXPECT_EQ(view(out[i]).sequence_number(), static_cast<std::uint16_t>(65'530 + i));
        EXPECT_EQ(vp8(out[i]).picture_id,
                  static_cast<std::uint16_t>((vp8(out[0]).picture_id + i / 2) & 0x7fff));
        EXPECT_EQ(vp8(out[i]).tl0picidx, static_cast<std::uint8_t>(vp8(out[0]).tl0picidx + i / 2));
        EXPECT_EQ(vp8(out[i]).temporal_id, 0);
    }
    // Back up, one layer at a time, at pictures that allow it.
    bench.forwarder.select(0, 2);
    std::vector<PacketNote> notes;
    for (int i = 0; i < 12; ++i) {
        bench.now += 33ms;
        for (auto& packet : bench.give_all(0, low.picture(bench.now))) {
            notes.push_back(PacketNote::read(view(packet).payload(), 6));
        }
    }
    EXPECT_EQ(notes.front().tid, 0);
    EXPECT_EQ(notes[2].tid, 1) << "a TL2 may refer to a TL1 that was left out";
    EXPECT_GT(notes.size(), 18u);
}

TEST(Forwarder, LatePacketsGetTheNumbersKeptForThem) {
    Bench bench;
    LayerSource low(0, 5, 100, 0, 4);
    bench.forwarder.select(0);
    const auto first = bench.give_all(0, low.picture(bench.now));
    const auto picture = low.picture(bench.now + 33ms);
    const auto fourth = bench.give(0, picture[3]);
    const auto third = bench.give(0, picture[2]);
    const auto second = bench.give(0, picture[1]);
    ASSERT_EQ(fourth.size() + third.size() + second.size(), 3u);
    const std::uint16_t base = view(first[3]).sequence_number();
    EXPECT_EQ(view(fourth[0]).sequence_number(), static_cast<std::uint16_t>(base + 4));
    EXPECT_EQ(view(third[0]).sequence_number(), static_cast<std::uint16_t>(base + 3));
    EXPECT_EQ(view(second[0]).sequence_number(), static_cast<std::uint16_t>(base + 2));
    EXPECT_TRUE(bench.give(0, picture[1]).empty()) << "no number goes out twice";
}

TEST(Forwarder, FillsTheNumberOfALatePacketThatIsNotWanted) {
    Bench bench;
    LayerSource low(0, 5, 100, 0, 2);
    bench.forwarder.select(0, 0);
    const auto key = bench.give_all(0, low.picture(bench.now));
    const auto upper = low.picture(bench.now);  // TL2, to be left out
    low.picture(bench.now);                     // and a TL1 that is lost
    low.picture(bench.now);
    const auto base = bench.give_all(0, low.picture(bench.now));
    ASSERT_EQ(base.size(), 2u);
    const auto late = bench.give(0, upper[0]);
    ASSERT_EQ(late.size(), 1u);
    EXPECT_TRUE(view(late[0]).payload().empty()) << "padding only";
    EXPECT_EQ(view(late[0]).sequence_number(),
              static_cast<std::uint16_t>(view(key[1]).sequence_number() + 1));
    EXPECT_EQ(bench.forwarder.figures().filled, 1u);
}

TEST(Forwarder, PaddingFromThePublisherLeavesNoGap) {
    Bench bench;
    LayerSource low(0, 5, 100, 0, 1);
    bench.forwarder.select(0);
    const auto first = bench.give_all(0, low.picture(bench.now));
    Buffer padding = low.picture(bench.now)[0];
    padding.resize(16);
    padding[0] |= 0x20;
    padding[15] = 4;
    EXPECT_TRUE(bench.give(0, padding).empty());
    const auto next = bench.give_all(0, low.picture(bench.now));
    EXPECT_EQ(view(next[0]).sequence_number(),
              static_cast<std::uint16_t>(view(first[0]).sequence_number() + 1));
}

TEST(Forwarder, GoesOnAfterAPauseAtTheNextKeyFrame) {
    Bench bench;
    LayerSource low(0, 5, 100, 0, 1);
    bench.forwarder.select(0);
    const auto before = bench.give_all(0, low.picture(bench.now));
    bench.forwarder.select(std::nullopt);
    EXPECT_FALSE(bench.forwarder.needs_key_frame());
    for (int i = 0; i < 300; ++i)
        EXPECT_TRUE(bench.give_all(0, low.picture(bench.now += 33ms)).empty());
    bench.forwarder.select(0);
    EXPECT_TRUE(bench.give_all(0, low.picture(bench.now += 33ms)).empty());
    low.want_key_frame();
    const auto after = bench.give_all(0, low.picture(bench.now += 33ms));
    ASSERT_EQ(after.size(), 1u);
    EXPECT_EQ(view(after[0]).sequence_number(),
              static_cast<std::uint16_t>(view(before[0]).sequence_number() + 1));
    EXPECT_EQ(view(after[0]).timestamp() - view(before[0]).timestamp(), 302u * 33 * 90);
    EXPECT_EQ(vp8(after[0]).picture_id, (vp8(before[0]).picture_id + 1) & 0x7fff);
}

TEST(Forwarder, ResendsOnItsOwnStreamAndNotTooOften) {
    Bench bench;
    LayerSource low(0, 5, 100, 0, 1), high(1, 6, 900, 0, 1);
    bench.forwarder.select(0);
    bench.give_all(0, low.picture(bench.now));
    bench.forwarder.select(1);
    const auto sent = bench.give_all(1, high.picture(bench.now));  // with renamed picture ids
    const std::uint16_t number = view(sent[0]).sequence_number();
    const auto again = bench.forwarder.resend(number, bench.slot, bench.context());
    ASSERT_TRUE(again);
    Buffer rtx = bench.whole(*again);
    EXPECT_EQ(view(rtx).ssrc(), 1001u);
    EXPECT_EQ(view(rtx).payload_type(), 121);
    const std::uint16_t first_rtx = view(rtx).sequence_number();
    const auto original = rtp::unwrap_rtx(rtx, view(rtx), 1000, 120);
    ASSERT_TRUE(original);
    EXPECT_TRUE(std::equal(original->begin(), original->end(), sent[0].begin(), sent[0].end()))
        << "just what was sent first";
    EXPECT_FALSE(bench.forwarder.resend(number, bench.slot, bench.context()))
        << "within a round trip";
    EXPECT_FALSE(bench.forwarder.resend(static_cast<std::uint16_t>(number + 1), bench.slot,
                                        bench.context()));
    bench.now += 200ms;
    const auto third = bench.forwarder.resend(number, bench.slot, bench.context());
    ASSERT_TRUE(third);
    EXPECT_EQ(view(bench.whole(*third)).sequence_number(),
              static_cast<std::uint16_t>(first_rtx + 1))
        << "a number of its own each time";
    EXPECT_TRUE(bench.forwarder.padding(bench.slot, bench.context()));
}

TEST(Forwarder, WithoutRtxNothingIsSentAgain) {
    auto options = Bench::video_options();
    options.rtx_ssrc = 0;
    Bench bench(options);
    LayerSource low(0, 5, 100, 0, 1);
    bench.forwarder.select(0);
    const auto sent = bench.give_all(0, low.picture(bench.now));
    EXPECT_FALSE(
        bench.forwarder.resend(view(sent[0]).sequence_number(), bench.slot, bench.context()));
    EXPECT_FALSE(bench.forwarder.padding(bench.slot, bench.context()));
    EXPECT_EQ(bench.forwarder.figures().resend_refused, 1u);
}

TEST(Forwarder, AudioFlowsFromAnyPacketWithTheReceiversExtensions) {
    ForwarderOptions options;
    options.ssrc = 1;
    options.payload_types[0] = {111, 109};
    options.payload_types[1] = {63, 65};
    options.ids.audio_level = 3;
    options.ids.mid = 1;
    options.ids.twcc = 5;
    options.ids.abs_send_time = 2;
    options.mid = "4";
    Bench bench(options);
    auto track = Bench::track_options(MediaKind::audio);
    track.ids.audio_level = 1;
    bench.track = Track(track);
    bench.forwarder.select(0);
    Buffer packet(64);
    rtp::HeaderWriter header(packet, {true, 63, 7, 960, 5});
    const std::uint8_t level = 25;
    header.add(1, Bytes(&level, 1));
    packet.resize(header.finish() + 10);
    const auto out = bench.give(0, packet);
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(view(out[0]).payload_type(), 65);
    EXPECT_EQ(view(out[0]).extension(3)->front(), 25);
    EXPECT_EQ(text_of(*view(out[0]).extension(1)), "4");
    EXPECT_EQ(view(out[0]).extension(5)->size(), 2u);
    EXPECT_EQ(view(out[0]).extension(2)->size(), 3u);
    EXPECT_FALSE(bench.forwarder.needs_key_frame());
    rtp::set_payload_type(packet, 126);
    rtp::set_sequence_number(packet, 8);
    EXPECT_TRUE(bench.give(0, packet).empty()) << "a format the receiver did not negotiate";
}

TEST(Forwarder, UnwrapsRedForAReceiverWithoutIt) {
    ForwarderOptions options;
    options.ssrc = 1;
    options.payload_types[0] = {63, 109, true};
    options.payload_types[1] = {111, 109};
    Bench bench(options);
    bench.track = Track(Bench::track_options(MediaKind::audio));
    bench.forwarder.select(0);
    const auto give = [&](std::uint16_t number, std::uint8_t type, const Buffer& payload) {
        Buffer packet(64);
        rtp::HeaderWriter header(packet, {true, type, number, number * 960u, 5});
        packet.resize(header.finish());
        packet.insert(packet.end(), payload.begin(), payload.end());
        return bench.give(0, packet);
    };
    const auto payload_of = [](const Buffer& packet) {
        const Bytes payload = view(packet).payload();
        return Buffer(payload.begin(), payload.end());
    };
    const auto wrapped = give(7, 63, {0x80 | 111, 0x0f, 0, 3, 111, 11, 12, 13, 1, 2});
    ASSERT_EQ(wrapped.size(), 1u);
    EXPECT_EQ(view(wrapped[0]).payload_type(), 109);
    EXPECT_EQ(payload_of(wrapped[0]), (Buffer{1, 2}));
    const auto broken = give(8, 63, {0x80 | 111, 0x0f, 0, 3, 111, 11, 12, 13});
    EXPECT_TRUE(broken.empty()) << "no primary block";
    const auto plain = give(9, 111, {3, 4});
    ASSERT_EQ(plain.size(), 1u);
    EXPECT_EQ(payload_of(plain[0]), (Buffer{3, 4}));
    EXPECT_EQ(view(plain[0]).sequence_number(), view(wrapped[0]).sequence_number() + 1);
}

TEST(Forwarder, TakesTheSecondCopiesOutOfRedForAThinLine) {
    ForwarderOptions options;
    options.ssrc = 1;
    options.payload_types[0] = {63, 63, false, 111};
    Bench bench(options);
    bench.track = Track(Bench::track_options(MediaKind::audio));
    bench.forwarder.select(0);
    const auto give = [&](std::uint16_t number) {
        const Buffer payload{0x80 | 111, 0x0f, 0, 3, 111, 11, 12, 13, 1, 2};
        const auto out =
            bench.give(0, test::rtp_packet(63, number, number * 960u, 5, payload, true));
        return std::pair(view(out.at(0)).payload_type(), view(out.at(0)).payload().size());
    };
    EXPECT_EQ(give(7), std::pair(std::uint8_t{63}, std::size_t{10}));
    bench.forwarder.go_plain(true);
    EXPECT_EQ(give(8), std::pair(std::uint8_t{111}, std::size_t{2}));
    bench.forwarder.go_plain(false);
    EXPECT_EQ(give(9), std::pair(std::uint8_t{63}, std::size_t{10}));
}

TEST(Forwarder, ASlotTooSmallSendsNothing) {
    Bench bench;
    LayerSource low(0, 5, 100, 0, 1);
    bench.forwarder.select(0);
    const Buffer packet = low.picture(bench.now)[0];
    bench.track.receive(0, view(packet), bench.now);
    std::array<std::uint8_t, 100> small{};
    EXPECT_FALSE(
        bench.forwarder.forward(*bench.track.find(bench.track.fresh()[0]), small, bench.context()));
}

TEST(Forwarder, SenderReportsRunOnThePublishersClockAndGiveTheRoundTrip) {
    Bench bench;
    LayerSource low(0, 5, 100, 0, 1);
    bench.forwarder.select(0);
    bench.give_all(0, low.picture(bench.now));
    EXPECT_FALSE(bench.forwarder.sender_report(bench.context()));
    rtp::rtcp::SenderReport source;
    source.ssrc = 5;
    source.ntp = rtp::NtpTime(0x00000010'00000000);
    source.rtp_timestamp = 123'456;
    bench.track.receive_sender_report(source, bench.now);
    bench.now += 500ms;
    const auto report = bench.forwarder.sender_report(bench.context());
    ASSERT_TRUE(report);
    EXPECT_EQ(report->ntp.value(), 0x00000010'80000000u);
    EXPECT_EQ(report->rtp_timestamp, 123'456u + 45'000);
    EXPECT_EQ(report->packets, 1u);
    rtp::rtcp::ReportBlock block;
    block.last_sr = report->ntp.middle();
    block.delay_since_last_sr = 65536 / 10;
    const auto round_trip = bench.forwarder.receive_report(block, bench.now + 180ms);
    ASSERT_TRUE(round_trip);
    EXPECT_NEAR(std::chrono::duration<double>(*round_trip).count(), 0.080, 0.001);
    block.last_sr += 99;
    EXPECT_FALSE(bench.forwarder.receive_report(block, bench.now));
}

}  // namespace
}  // namespace aula::sfu
