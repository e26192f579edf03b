// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "rtp/rtcp_writer.hpp"
#include "rtp/rtx.hpp"
#include "sfu/forwarder.hpp"
#include "simulcast_source.hpp"

namespace aula::sfu {
namespace {

using test::LayerSource;
using test::PacketNote;

struct WireOptions {
    double loss = 0, reorder = 0;
    Duration delay = 20ms;
};

/// A wire with loss, delay and reordering, on the test's clock.
class Wire {
public:
    Wire(WireOptions options, unsigned seed) : options_(options), random_(seed) {}

    void send(Buffer packet, Time now) {
        if (chance() < options_.loss) return;
        const Duration extra = chance() < options_.reorder ? Duration(15ms) : Duration(0ms);
        flying_.emplace(now + options_.delay + extra, std::move(packet));
    }
    template <class F>
    void deliver(Time now, F&& take) {
        while (!flying_.empty() && flying_.begin()->first <= now) {
            Buffer packet = std::move(flying_.begin()->second);
            flying_.erase(flying_.begin());
            take(packet);
        }
    }

private:
    double chance() { return std::uniform_real_distribution(0.0, 1.0)(random_); }
    WireOptions options_;
    std::mt19937 random_;
    std::multimap<Time, Buffer> flying_;
};

/// A browser in three layers: answers NACKs by RTX and PLIs by key frames.
class Publisher {
public:
    void take_pictures(Wire& up, Time now) {
        for (auto& layer : layers_) {
            for (Buffer& packet : layer.picture(now)) {
                const auto number = rtp::PacketView::parse(packet)->sequence_number();
                sent_[{layer.ssrc, number}] = packet;
                up.send(std::move(packet), now);
            }
        }
    }
    void receive(Bytes compound, Wire& up, Time now) {
        rtp::rtcp::Reader reader(compound);
        while (const auto packet = reader.next()) {
            if (const auto* loss = std::get_if<rtp::rtcp::PictureLossIndication>(&*packet)) {
                layers_[loss->media - 100].want_key_frame();
            } else if (const auto* nack = std::get_if<rtp::rtcp::Nack>(&*packet)) {
                nack->for_each([&](std::uint16_t number) { resend(nack->media, number, up, now); });
            }
        }
    }
    std::uint32_t key_frames() const {
        return layers_[0].key_frames() + layers_[1].key_frames() + layers_[2].key_frames();
    }

private:
    void resend(std::uint32_t ssrc, std::uint16_t number, Wire& up, Time now) {
        const auto found = sent_.find({ssrc, number});
        if (found == sent_.end()) return;
        Buffer rtx(found->second.size() + 2);
        std::copy_n(found->second.begin(), 12, rtx.begin());
        rtp::wrap_rtx(rtx, 12, number, Bytes(found->second).subspan(12));
        rtp::set_ssrc(rtx, ssrc + 100);
        rtp::set_payload_type(rtx, test::rtx_type);
        rtp::set_sequence_number(rtx, rtx_number_++);
        up.send(std::move(rtx), now);
    }

    std::array<LayerSource, 3> layers_{LayerSource(0, 100, 65'000, 1'000'000, 2),
                                       LayerSource(1, 101, 300, 4'000'000'000, 4),
                                       LayerSource(2, 102, 40'000, 5, 9)};
    std::map<std::pair<std::uint32_t, std::uint16_t>, Buffer> sent_;
    std::uint16_t rtx_number_ = 0;
};

/// A receiver that holds us to the rules: one number, one packet; pictures whole, in order, with
/// ids that go on, and decodable.
class Viewer {
public:
    int pictures = 0, undecodable = 0, torn = 0, id_gaps = 0, skips = 0;
    Duration longest_freeze{};
    std::array<int, 3> of_layer{};
    std::array<int, 3> of_tid{};

    void receive(Buffer packet, Time now) {
        auto view = rtp::PacketView::parse(packet);
        ASSERT_TRUE(view);
        const bool rtx = view->ssrc() == 1001;
        if (rtx) {
            const auto original = rtp::unwrap_rtx(packet, *view, 1000, 120);
            ASSERT_TRUE(original);
            packet = Buffer(original->begin(), original->end());
            view = rtp::PacketView::parse(packet);
        }
        ASSERT_EQ(view->ssrc(), 1000u);
        const auto index =
            rtx ? stream_.recover(view->sequence_number(), packet.size(), now)
                : stream_.receive(view->sequence_number(), view->timestamp(), packet.size(), now);
        if (!rtx) {
            ASSERT_TRUE(numbers_.insert(sequence_.unwrap(view->sequence_number())).second)
                << "a number was sent twice";
        }
        if (!index) return;
        if (next_ < 0) next_ = *index;
        packets_[*index] = std::move(packet);
        play(now);
    }

    /// The numbers it asks for again, and whether it needs a key frame.
    void feedback(Wire& back, Time now) {
        std::array<std::uint8_t, 1400> out{};
        rtp::rtcp::Writer writer(out);
        const auto lost = stream_.nacks_due(now, 80ms);
        if (!lost.empty()) writer.nack(1, 1000, lost);
        if (stream_.take_unrepairable()) writer.picture_loss(1, 1000);
        // What does not come within half a second is skipped, up to the next key frame.
        if (!packets_.empty() && next_ <= packets_.rbegin()->first && waiting_since_ &&
            now - *waiting_since_ > 500ms) {
            skip_to_key_frame(now);
            if (waiting_since_) writer.picture_loss(1, 1000);
        }
        if (!writer.empty())
            back.send(Buffer(writer.written().begin(), writer.written().end()), now);
    }

private:
    void play(Time now) {
        for (auto at = packets_.find(next_); at != packets_.end(); at = packets_.find(next_)) {
            take(at->second, now);
            packets_.erase(at);
            ++next_;
            waiting_since_.reset();
        }
        packets_.erase(packets_.begin(), packets_.lower_bound(next_));
        if (!packets_.empty() && !waiting_since_) waiting_since_ = now;
    }
    void skip_to_key_frame(Time now) {
        for (const auto& [index, packet] : packets_) {
            const Bytes payload = rtp::PacketView::parse(packet)->payload();
            if (index <= next_ || payload.empty() || !rtp::Vp8Descriptor::parse(payload)->key_frame)
                continue;
            ++skips;
            next_ = index;
            picture_.reset();
            last_id_.reset();
            waiting_since_.reset();
            play(now);
            return;
        }
    }
    void take(const Buffer& packet, Time now) {
        const auto view = rtp::PacketView::parse(packet);
        if (view->payload().empty()) return;
        const auto descriptor = rtp::Vp8Descriptor::parse(view->payload());
        ASSERT_TRUE(descriptor);
        const auto note = PacketNote::read(view->payload(), descriptor->size);
        if (note.part == 0) {
            if (picture_) {
                // Only a change of layers may leave a picture behind unfinished.
                torn += note.key ? 0 : 1;
            }
            picture_ = note;
            parts_ = 0;
        }
        ASSERT_TRUE(picture_ && picture_->frame == note.frame && picture_->layer == note.layer &&
                    parts_ == note.part);
        if (++parts_ < note.parts) return;
        ASSERT_TRUE(view->marker());
        finish(note, *descriptor, view->timestamp(), now);
        picture_.reset();
    }
    void finish(const PacketNote& note, const rtp::Vp8Descriptor& descriptor,
                std::uint32_t timestamp, Time now) {
        if (last_id_ && ((*last_id_ + 1) & 0x7fff) != descriptor.picture_id) ++id_gaps;
        last_id_ = descriptor.picture_id;
        if (last_timestamp_) {
            EXPECT_TRUE(rtp::is_newer_timestamp(timestamp, *last_timestamp_));
        }
        last_timestamp_ = timestamp;
        if (note.key) decoded_.clear();
        for (const std::uint32_t need : note.needs) {
            if (need != 0 && decoded_.count({note.layer, need}) == 0) {
                ++undecodable;
                return;
            }
        }
        decoded_.insert({note.layer, note.frame});
        if (last_shown_) longest_freeze = std::max<Duration>(longest_freeze, now - *last_shown_);
        last_shown_ = now;
        ++pictures;
        ++of_layer[note.layer];
        ++of_tid[note.tid];
    }

    ReceiveStream stream_{90'000, true};
    std::map<std::int64_t, Buffer> packets_;
    rtp::SequenceUnwrapper sequence_;
    std::set<std::int64_t> numbers_;  // that came on the stream itself
    std::int64_t next_ = -1;
    std::optional<Time> waiting_since_, last_shown_;
    std::optional<PacketNote> picture_;
    unsigned parts_ = 0;
    std::optional<std::uint16_t> last_id_;
    std::optional<std::uint32_t> last_timestamp_;
    std::set<std::pair<std::uint8_t, std::uint32_t>> decoded_;
};

/// Publisher, our forwarding turn, and a viewer, with a wire to each side.
class Lesson {
public:
    explicit Lesson(WireOptions wire)
        : up_(wire, 1),
          up_back_({0, 0, wire.delay}, 2),
          down_(wire, 3),
          down_back_({0, 0, wire.delay}, 4),
          track(test::video_track()),
          forwarder(test::video_receiver(65'000)) {}

    void run(Duration span) {
        for (const Time end = now + span; now < end; now += 1ms) step();
    }

    Publisher publisher;
    Viewer viewer;

private:
    Wire up_, up_back_, down_, down_back_;

public:
    Track track;
    Forwarder forwarder;
    BandwidthEstimator estimator;
    Time now = Time(50s);

private:
    void step() {
        if (now.time_since_epoch() % 33ms < 1ms) publisher.take_pictures(up_, now);
        up_.deliver(now, [&](Buffer& packet) { take_up(packet); });
        forward();
        down_.deliver(now, [&](Buffer& packet) { viewer.receive(std::move(packet), now); });
        if (now.time_since_epoch() % 5ms < 1ms) {
            viewer.feedback(down_back_, now);
            ask_publisher();
        }
        down_back_.deliver(now, [&](Buffer& packet) { take_back(packet); });
        up_back_.deliver(now, [&](Buffer& packet) { publisher.receive(packet, up_, now); });
    }
    void take_up(Buffer& packet) {
        const auto view = rtp::PacketView::parse(packet);
        const std::uint32_t ssrc = view->ssrc();
        if (ssrc >= 200) {
            track.receive_rtx(static_cast<std::uint8_t>(ssrc - 200), packet, *view, test::vp8_type,
                              now);
        } else {
            track.receive(static_cast<std::uint8_t>(ssrc - 100), *view, now);
        }
    }
    void forward() {
        std::array<std::uint8_t, 1500> slot{};
        for (const auto& fresh : track.fresh()) {
            const CachedPacket* packet = track.find(fresh);
            if (!packet) continue;
            if (const auto out = forwarder.forward(*packet, slot, {track, estimator, now}))
                send(*out, slot);
        }
        track.end_turn();
        if (const auto layer = forwarder.needs_key_frame()) track.want_key_frame(*layer);
    }
    void send(const ForwardedPacket& out, Bytes slot) { down_.send(test::whole(out, slot), now); }
    void ask_publisher() {
        std::array<std::uint8_t, 1400> out{};
        rtp::rtcp::Writer writer(out);
        for (std::uint8_t i = 0; i < most_layers; ++i) {
            Layer* layer = track.layer(i);
            if (!layer) continue;
            const auto lost = layer->stream.nacks_due(now, 80ms);
            if (!lost.empty()) writer.nack(1, layer->ssrc, lost);
            if (layer->key_frames.take(now)) writer.picture_loss(1, layer->ssrc);
        }
        if (!writer.empty())
            up_back_.send(Buffer(writer.written().begin(), writer.written().end()), now);
    }
    void take_back(Bytes compound) {
        std::array<std::uint8_t, 1500> slot{};
        rtp::rtcp::Reader reader(compound);
        while (const auto packet = reader.next()) {
            if (const auto* nack = std::get_if<rtp::rtcp::Nack>(&*packet)) {
                nack->for_each([&](std::uint16_t number) {
                    if (const auto out = forwarder.resend(number, slot, {track, estimator, now}))
                        send(*out, slot);
                });
            } else if (std::holds_alternative<rtp::rtcp::PictureLossIndication>(*packet) &&
                       forwarder.current()) {
                track.want_key_frame(*forwarder.current());
            }
        }
    }
};

TEST(SimulatedNetwork, LayersChangeWithoutAGapOnACleanLine) {
    Lesson lesson({});
    lesson.forwarder.select(0);
    lesson.run(3s);
    for (const auto layer : std::array<std::uint8_t, 5>{2, 1, 0, 2, 0}) {
        lesson.forwarder.select(layer);
        lesson.run(3s);
        EXPECT_EQ(lesson.forwarder.current(), layer);
    }
    EXPECT_EQ(lesson.viewer.undecodable, 0);
    EXPECT_EQ(lesson.viewer.torn, 0);
    EXPECT_EQ(lesson.viewer.id_gaps, 0);
    EXPECT_EQ(lesson.viewer.skips, 0);
    EXPECT_GT(lesson.viewer.pictures, 18 * 30 - 10);
    EXPECT_LE(lesson.viewer.longest_freeze, 67ms);
    EXPECT_GT(lesson.viewer.of_layer[1], 80);
    EXPECT_LE(lesson.publisher.key_frames(), 3u + 6) << "one a change, and the first ones";
}

TEST(SimulatedNetwork, TemporalLayersGoAndComeWithoutAnUndecodablePicture) {
    Lesson lesson({});
    lesson.forwarder.select(1);
    lesson.run(2s);
    for (const auto temporal : std::array<std::uint8_t, 6>{0, 2, 1, 0, 1, 2}) {
        lesson.forwarder.select(1, temporal);
        lesson.run(2s);
    }
    EXPECT_EQ(lesson.viewer.undecodable, 0);
    EXPECT_EQ(lesson.viewer.torn, 0);
    EXPECT_EQ(lesson.viewer.id_gaps, 0);
    EXPECT_LE(lesson.viewer.longest_freeze, 140ms);
    EXPECT_GT(lesson.viewer.of_tid[2], 70);
    EXPECT_LT(lesson.viewer.of_tid[2], 110);
}

TEST(SimulatedNetwork, LossAndReorderingAreRepairedOnBothSides) {
    Lesson lesson({0.05, 0.02, 40ms});
    lesson.forwarder.select(1);
    lesson.run(20s);
    EXPECT_EQ(lesson.viewer.undecodable, 0);
    EXPECT_EQ(lesson.viewer.torn, 0);
    EXPECT_EQ(lesson.viewer.id_gaps, 0);
    EXPECT_EQ(lesson.viewer.skips, 0);
    EXPECT_GT(lesson.viewer.pictures, 20 * 30 - 30);
    EXPECT_LE(lesson.viewer.longest_freeze, 500ms);
    EXPECT_GT(lesson.forwarder.figures().resent, 50u);
    EXPECT_GT(lesson.track.layer(1)->stream.figures().recovered, 50u);
}

TEST(SimulatedNetwork, SwitchingUnderLossFreezesNoPicture) {
    Lesson lesson({0.05, 0.05, 40ms});
    lesson.forwarder.select(0);
    lesson.run(3s);
    for (int i = 0; i < 20; ++i) {
        lesson.forwarder.select(static_cast<std::uint8_t>(i % 3),
                                static_cast<std::uint8_t>(i % 2 + 1));
        lesson.run(2s);
    }
    EXPECT_EQ(lesson.viewer.torn, 0);
    EXPECT_LE(lesson.viewer.longest_freeze, 1200ms);
    EXPECT_GT(lesson.viewer.pictures, 43 * 15);
}

TEST(SimulatedNetwork, APauseEndsWithAPictureSoonAfterResume) {
    Lesson lesson({0.02, 0, 20ms});
    for (int i = 0; i < 5; ++i) {
        lesson.forwarder.select(2);
        const int before = lesson.viewer.pictures;
        lesson.run(1500ms);
        EXPECT_GT(lesson.viewer.pictures, before + 10);
        lesson.forwarder.select(std::nullopt);
        lesson.run(1s);
    }
    EXPECT_EQ(lesson.viewer.torn, 0);
    EXPECT_EQ(lesson.viewer.undecodable, 0);
}

}  // namespace
}  // namespace aula::sfu
