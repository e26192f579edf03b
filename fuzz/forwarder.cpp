// SPDX-License-Identifier: Apache-2.0
#include "sfu/forwarder.hpp"

#include <array>
#include <cstdlib>
#include <set>

#include "rtp/rtx.hpp"

using namespace aula;

namespace {

/// The fuzzer's bytes as choices; zeros at the end.
class Choices {
public:
    explicit Choices(Bytes bytes) : rest_(bytes) {}
    bool done() const { return rest_.empty(); }
    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const std::uint8_t value = rest_[0];
        rest_ = rest_.subspan(1);
        return value;
    }

private:
    Bytes rest_;
};

sfu::ForwarderOptions receiver() {
    sfu::ForwarderOptions options;
    options.kind = sfu::MediaKind::video;
    options.clock_rate = 90'000;
    options.ssrc = 1000;
    options.rtx_ssrc = 1001;
    options.rtx_payload_type = 121;
    options.payload_types[0] = {96, 120};
    options.payload_types[1] = {98, 119, true};
    options.ids.twcc = 5;
    options.ids.mid = 1;
    options.ids.dependency_descriptor = 4;
    options.mid = "0";
    options.first_sequence_number = 65'500;
    return options;
}

sfu::TrackOptions publisher() {
    sfu::TrackOptions options;
    options.kind = sfu::MediaKind::video;
    options.codec = rtp::Codec::vp8;
    options.clock_rate = 90'000;
    options.ids.dependency_descriptor = 7;
    return options;
}

Buffer packet_of(Choices& choices, std::uint8_t layer, std::uint16_t number,
                 std::uint16_t picture) {
    Buffer packet(64, 0);
    const std::uint8_t kind = choices.byte();
    const auto type = static_cast<std::uint8_t>(kind % 16 == 15 ? 97 : kind % 16 == 14 ? 98 : 96);
    rtp::HeaderWriter header(packet, {(kind & 1) != 0, type, number, picture * 3000u, 10u + layer},
                             rtp::ExtensionForm::two_byte);
    if ((kind & 2) != 0) header.add(7, Bytes(packet).first(kind % 20));
    std::size_t at = header.finish();
    if (kind % 32 != 31) {
        const std::uint8_t flags = choices.byte();
        packet[at] = static_cast<std::uint8_t>(0x80 | (flags & 0x17));
        packet[at + 1] = 0xe0;
        store16(&packet[at + 2], static_cast<std::uint16_t>(0x8000 | picture));
        packet[at + 4] = static_cast<std::uint8_t>(picture / 4);
        packet[at + 5] = static_cast<std::uint8_t>((flags & 0xc0) | (flags & 0x20));
        packet[at + 6] = (flags & 0x08) != 0 ? 0 : 1;
        at += 20;
    }
    packet.resize(at);
    return packet;
}

}  // namespace

/// Random packets of three layers, choices of layers, NACKs and time. However they come: no number
/// goes out twice, numbers stay near one another, and what comes out is a packet of ours.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Choices choices(Bytes(data, std::min<std::size_t>(size, 4096)));
    sfu::Track track(publisher());
    sfu::Forwarder forwarder(receiver());
    sfu::BandwidthEstimator estimator;
    Time now(100s);
    std::array<std::uint16_t, 3> numbers{100, 65'530, 40'000};
    std::array<std::uint16_t, 3> pictures{0, 0x7ffe, 500};
    std::set<std::int64_t> media, rtx;
    rtp::SequenceUnwrapper media_sequence, rtx_sequence;
    std::array<std::uint8_t, 1500> slot{};

    const auto check = [&](const std::optional<sfu::ForwardedPacket>& out) {
        if (!out) return;
        Buffer packet(slot.begin(), slot.begin() + static_cast<std::ptrdiff_t>(out->header_size));
        packet.insert(packet.end(), out->payload.begin(), out->payload.end());
        const auto view = rtp::PacketView::parse(packet);
        if (!view || (view->ssrc() != 1000 && view->ssrc() != 1001)) std::abort();
        auto& sequence = view->ssrc() == 1000 ? media_sequence : rtx_sequence;
        auto& seen = view->ssrc() == 1000 ? media : rtx;
        if (!seen.insert(sequence.unwrap(view->sequence_number())).second) std::abort();
        if (!view->extension(5)) std::abort();
    };
    while (!choices.done()) {
        const std::uint8_t what = choices.byte();
        const auto layer = static_cast<std::uint8_t>(what % 3);
        now += std::chrono::milliseconds(what % 7);
        switch (what >> 5) {
            case 0:
                forwarder.select(what % 4 == 3 ? std::optional<std::uint8_t>() : layer,
                                 choices.byte() % 3);
                break;
            case 1:
                check(forwarder.resend(static_cast<std::uint16_t>(65'500 + choices.byte()), slot,
                                       {track, estimator, now}));
                break;
            case 2:
                numbers[layer] = static_cast<std::uint16_t>(numbers[layer] +
                                                            choices.byte() * (what & 8 ? 50 : 1));
                break;
            case 3:
                numbers[layer] = static_cast<std::uint16_t>(numbers[layer] - choices.byte() % 16);
                break;
            case 4:
                check(forwarder.padding(slot, {track, estimator, now}));
                break;
            default: {
                if ((what & 16) != 0)
                    pictures[layer] = static_cast<std::uint16_t>((pictures[layer] + 1) & 0x7fff);
                const Buffer packet = packet_of(choices, layer, numbers[layer]++, pictures[layer]);
                const auto view = rtp::PacketView::parse(packet);
                if (!view) std::abort();
                track.receive(layer, *view, now);
                for (const auto& fresh : track.fresh()) {
                    const auto* cached = track.find(fresh);
                    if (cached) check(forwarder.forward(*cached, slot, {track, estimator, now}));
                }
                track.end_turn();
                track.layer(layer)->stream.nacks_due(now, 20ms);
            }
        }
    }
    return 0;
}
