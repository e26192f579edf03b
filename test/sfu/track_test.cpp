// SPDX-License-Identifier: Apache-2.0
#include "sfu/track.hpp"

#include <gtest/gtest.h>

#include "sfu/stream_table.hpp"
#include "simulcast_source.hpp"

namespace aula::sfu {
namespace {

using test::rtp_packet;

Track vp8_track() {
    TrackOptions options;
    options.kind = MediaKind::video;
    options.codec = rtp::Codec::vp8;
    options.clock_rate = 90'000;
    return Track(options);
}

Track::Receipt give(Track& track, std::uint8_t layer, const Buffer& packet, Time now) {
    return track.receive(layer, *rtp::PacketView::parse(packet), now);
}

TEST(Track, KeepsEachPacketOnceAndOffersItOnce) {
    Track track = vp8_track();
    test::LayerSource source(1, 77, 65'535, 0, 3);
    const auto picture = source.picture(Time(1s));
    for (const Buffer& packet : picture)
        EXPECT_EQ(give(track, 1, packet, Time(1s)), Track::Receipt::stored);
    EXPECT_EQ(give(track, 1, picture[0], Time(1s)), Track::Receipt::duplicate);
    ASSERT_EQ(track.fresh().size(), 3u);
    const CachedPacket* first = track.find(track.fresh()[0]);
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->key_frame);
    EXPECT_EQ(first->layer, 1);
    EXPECT_EQ(track.find(track.fresh()[2])->index, first->index + 2);
    EXPECT_TRUE(track.find(track.fresh()[2])->marker);
    EXPECT_TRUE(track.shapes(Time(1s))[1].live);
    EXPECT_EQ(track.shapes(Time(1s))[1].width, 128u);
    EXPECT_FALSE(track.shapes(Time(5s))[1].live);
    EXPECT_FALSE(track.layer(0));
    track.end_turn();
    EXPECT_TRUE(track.fresh().empty());
}

TEST(Track, AKeyFrameWhoseStartComesLateIsOfferedAgain) {
    Track track = vp8_track();
    test::LayerSource source(0, 77, 10, 0, 4);
    const auto picture = source.picture(Time(1s));
    track.want_key_frame(0);
    for (const int part : {1, 2, 3})
        give(track, 0, picture[static_cast<std::size_t>(part)], Time(1s));
    track.want_key_frame(0);
    EXPECT_TRUE(track.layer(0)->key_frames.wanted());
    track.end_turn();
    give(track, 0, picture[0], Time(1s));
    EXPECT_FALSE(track.layer(0)->key_frames.wanted());
    ASSERT_EQ(track.fresh().size(), 4u);
    for (std::size_t i = 1; i < 4; ++i)
        EXPECT_EQ(track.fresh()[i].index, track.fresh()[0].index + static_cast<int>(i));
}

TEST(Track, TakesARetransmissionIntoTheSameStream) {
    Track track = vp8_track();
    test::LayerSource source(0, 77, 10, 0, 3);
    const auto picture = source.picture(Time(1s));
    give(track, 0, picture[0], Time(1s));
    give(track, 0, picture[2], Time(1s));
    Buffer rtx = rtp_packet(test::rtx_type, 500, 0, 78, {});
    rtx.resize(14);
    store16(&rtx[12], 11);
    rtx.insert(rtx.end(), picture[1].begin() + 12, picture[1].end());
    Buffer again = rtx;
    EXPECT_EQ(track.receive_rtx(0, rtx, *rtp::PacketView::parse(rtx), test::vp8_type, Time(1s)),
              Track::Receipt::stored);
    const CachedPacket* repaired = track.find(track.fresh().back());
    ASSERT_TRUE(repaired);
    EXPECT_EQ(repaired->index % 65536, 11);
    EXPECT_EQ(repaired->payload_type, test::vp8_type);
    EXPECT_TRUE(std::equal(repaired->payload().begin(), repaired->payload().end(),
                           picture[1].begin() + 12));
    EXPECT_EQ(track.receive_rtx(0, again, *rtp::PacketView::parse(again), test::vp8_type, Time(1s)),
              Track::Receipt::duplicate);
    EXPECT_EQ(track.receive_rtx(1, again, *rtp::PacketView::parse(again), test::vp8_type, Time(1s)),
              Track::Receipt::refused);
}

TEST(Track, ReadsTheAudioLevelAndRefusesGiants) {
    TrackOptions options;
    options.ids.audio_level = 1;
    Track track(options);
    Buffer packet(64);
    rtp::HeaderWriter header(packet, {false, test::opus_type, 1, 0, 5});
    const std::uint8_t level = 0x80 | 30;
    header.add(1, Bytes(&level, 1));
    packet.resize(header.finish() + 20);
    EXPECT_EQ(give(track, 0, packet, Time(1s)), Track::Receipt::stored);
    EXPECT_EQ(track.audio_level()->level, 30);
    EXPECT_EQ(track.find(track.fresh()[0])->extension(0)[0], level);
    EXPECT_EQ(give(track, 0, rtp_packet(111, 2, 0, 5, Buffer(4000)), Time(1s)),
              Track::Receipt::refused);
}

TEST(Track, ANewSsrcOfALayerGoesOnFarAhead) {
    Track track = vp8_track();
    test::LayerSource before(0, 77, 10, 0, 1), after(0, 99, 11, 0, 1);
    give(track, 0, before.picture(Time(1s))[0], Time(1s));
    give(track, 0, after.picture(Time(1s))[0], Time(1s));
    EXPECT_GT(track.fresh()[1].index, track.fresh()[0].index + 60'000);
    EXPECT_EQ(track.layer(0)->ssrc, 99u);
}

Buffer tagged(std::uint32_t ssrc, std::uint8_t type, std::string_view mid, std::uint8_t rid_id,
              std::string_view rid) {
    Buffer packet(64);
    rtp::HeaderWriter header(packet, {false, type, 1, 0, ssrc});
    if (!mid.empty()) header.add(4, bytes_of(mid));
    if (!rid.empty()) header.add(rid_id, bytes_of(rid));
    packet.resize(header.finish() + 8);
    return packet;
}

StreamTable simulcast_table() {
    StreamTable table;
    rtp::ExtensionIds ids;
    ids.mid = 4;
    ids.rid = 10;
    ids.repaired_rid = 11;
    table.set_extension_ids(ids);
    table.declare({"0", 1, {}, {111}, {}, 0, 0});
    table.declare({"1", 2, {"f", "h", "q"}, {96}, {{97, 96}}, 0, 0});
    table.declare({"2", 3, {}, {96}, {{97, 96}}, 0, 0});
    return table;
}

const StreamTable::Stream* find(StreamTable& table, const Buffer& packet) {
    return table.find(*rtp::PacketView::parse(packet));
}

TEST(StreamTable, LearnsLayersByTheNameOfTheRid) {
    StreamTable table = simulcast_table();
    const auto* stream = find(table, tagged(500, 96, "1", 10, "q"));
    ASSERT_TRUE(stream);
    EXPECT_EQ(stream->track, 2u);
    EXPECT_EQ(stream->layer, 0);
    EXPECT_EQ(find(table, tagged(501, 96, "1", 10, "f"))->layer, 2);
    const auto* rtx = find(table, tagged(502, 97, "1", 11, "h"));
    ASSERT_TRUE(rtx && rtx->rtx);
    EXPECT_EQ(rtx->layer, 1);
    EXPECT_EQ(rtx->original_type(97), 96);
    EXPECT_EQ(rtx->original_type(98), 0);
    // Later packets come without the extensions.
    EXPECT_EQ(find(table, tagged(500, 96, "", 0, ""))->layer, 0);
}

TEST(StreamTable, KnowsWhatItCannotTell) {
    StreamTable table = simulcast_table();
    EXPECT_FALSE(find(table, tagged(600, 96, "1", 10, "x"))) << "a rid nobody declared";
    EXPECT_FALSE(find(table, tagged(600, 96, "1", 0, ""))) << "simulcast without a rid";
    EXPECT_FALSE(find(table, tagged(600, 96, "9", 0, ""))) << "an unknown section";
    EXPECT_FALSE(find(table, tagged(600, 96, "", 0, ""))) << "two sections have this type";
    EXPECT_EQ(find(table, tagged(600, 111, "", 0, ""))->track, 1u) << "only one has this";
    EXPECT_TRUE(find(table, tagged(601, 97, "2", 0, ""))->rtx);
}

TEST(StreamTable, TakesSsrcsFromSdpAndForgetsTracks) {
    StreamTable table;
    table.declare({"0", 1, {}, {96}, {{97, 96}}, 700, 701});
    EXPECT_FALSE(table.find(700)->rtx);
    EXPECT_TRUE(table.find(701)->rtx);
    table.declare({"0", 1, {}, {96}, {{97, 96}}, 0, 0});
    EXPECT_TRUE(table.find(700)) << "renegotiation keeps what is known";
    table.declare({"0", 5, {}, {96}, {}, 0, 0});
    EXPECT_FALSE(table.find(700)) << "another track in the section";
    table.declare({"1", 6, {}, {100}, {}, 800, 0});
    table.remove_track(6);
    EXPECT_FALSE(table.find(800));
}

TEST(StreamTable, IsBounded) {
    StreamTable table = simulcast_table();
    for (std::uint32_t ssrc = 1; ssrc < 2000; ++ssrc) find(table, tagged(ssrc, 111, "0", 0, ""));
    EXPECT_TRUE(table.find(1));
    EXPECT_FALSE(table.find(1999));
}

}  // namespace
}  // namespace aula::sfu
