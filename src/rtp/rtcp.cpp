// SPDX-License-Identifier: Apache-2.0
#include "rtp/rtcp.hpp"

#include <limits>

#include "rtp/rtcp_types.hpp"

namespace aula::rtp::rtcp {

namespace {

/// One packet's bytes behind the common header, padding removed.
struct Body {
    std::uint8_t count;
    std::uint8_t type;
    Bytes bytes;
};

std::optional<Packet> parse_sender_report(const Body& body) {
    constexpr std::size_t fixed = 24;
    if (body.bytes.size() < fixed + 24u * body.count) return std::nullopt;
    const std::uint8_t* at = body.bytes.data();
    return SenderReport{load32(at),      NtpTime(load64(at + 4)),
                        load32(at + 12), load32(at + 16),
                        load32(at + 20), ReportBlocks(body.bytes.subspan(fixed, 24u * body.count))};
}

std::optional<Packet> parse_receiver_report(const Body& body) {
    if (body.bytes.size() < 4 + 24u * body.count) return std::nullopt;
    return ReceiverReport{load32(body.bytes.data()),
                          ReportBlocks(body.bytes.subspan(4, 24u * body.count))};
}

std::optional<Packet> parse_source_description(const Body& body) {
    SourceDescription description;
    if (body.count == 0) return description;
    if (body.bytes.size() < 4) return std::nullopt;
    description.ssrc = load32(body.bytes.data());
    Bytes items = body.bytes.subspan(4);
    while (!items.empty() && items[0] != 0) {
        if (items.size() < 2 || items.size() - 2 < items[1]) return std::nullopt;
        constexpr std::uint8_t cname = 1;
        if (items[0] == cname) {
            description.cname = items.subspan(2, items[1]);
            break;
        }
        items = items.subspan(std::size_t{2} + items[1]);
    }
    return description;
}

std::optional<Packet> parse_goodbye(const Body& body) {
    if (body.bytes.size() < 4u * body.count) return std::nullopt;
    return Goodbye(body.bytes.first(4u * body.count));
}

std::optional<Packet> parse_transport(const Body& body) {
    const std::uint32_t sender = load32(body.bytes.data()), media = load32(&body.bytes[4]);
    const Bytes control = body.bytes.subspan(8);
    if (body.count == format_nack) return Nack{sender, media, control};
    if (body.count == format_transport_feedback) {
        if (auto feedback = TransportFeedback::parse(sender, media, control)) return *feedback;
    }
    return std::nullopt;
}

std::optional<Packet> parse_remb(std::uint32_t sender, Bytes control) {
    if (control.size() < 8 || text_of(control.first(4)) != "REMB") return std::nullopt;
    const unsigned exponent = control[5] >> 2;
    const std::uint64_t mantissa = load24(&control[5]) & 0x3ffff;
    // 18 bits shifted by more than 44 leave the positive numbers.
    const auto rate = exponent > 44 ? std::numeric_limits<std::int64_t>::max()
                                    : static_cast<std::int64_t>(mantissa << exponent);
    return Remb{sender, BitRate::bps(rate)};
}

std::optional<Packet> parse_payload_specific(const Body& body) {
    const std::uint32_t sender = load32(body.bytes.data()), media = load32(&body.bytes[4]);
    const Bytes control = body.bytes.subspan(8);
    switch (body.count) {
        case format_pli:
            return PictureLossIndication{sender, media};
        case format_fir:
            return FullIntraRequest{sender, control};
        case format_application:
            return parse_remb(sender, control);
        default:
            return std::nullopt;
    }
}

std::optional<Packet> parse_body(const Body& body) {
    switch (body.type) {
        case type_sr:
            return parse_sender_report(body);
        case type_rr:
            return parse_receiver_report(body);
        case type_sdes:
            return parse_source_description(body);
        case type_bye:
            return parse_goodbye(body);
        case type_rtpfb:
        case type_psfb:
            if (body.bytes.size() < 8) return std::nullopt;
            return body.type == type_rtpfb ? parse_transport(body) : parse_payload_specific(body);
        default:
            return std::nullopt;
    }
}

/// Takes the first packet off the compound; none when it does not fit.
std::optional<Body> take_body(Bytes& rest) {
    if (rest.size() < 4 || rest[0] >> 6 != 2) return std::nullopt;
    const std::size_t size = 4 * (std::size_t{load16(&rest[2])} + 1);
    if (size > rest.size()) return std::nullopt;
    Body body{static_cast<std::uint8_t>(rest[0] & 0x1f), rest[1], rest.subspan(4, size - 4)};
    if ((rest[0] & 0x20) != 0) {
        if (body.bytes.empty() || body.bytes.back() == 0 || body.bytes.back() > body.bytes.size()) {
            return std::nullopt;
        }
        body.bytes = body.bytes.first(body.bytes.size() - body.bytes.back());
    }
    rest = rest.subspan(size);
    return body;
}

}  // namespace

ReportBlock ReportBlocks::operator[](std::size_t at) const {
    const std::uint8_t* block = &blocks_[24 * at];
    const std::uint32_t lost = load24(block + 5);
    const auto signed_lost =
        static_cast<std::int32_t>(lost) - ((lost & 0x800000) != 0 ? 0x1000000 : 0);
    return {load32(block),      block[4],           signed_lost,       load32(block + 8),
            load32(block + 12), load32(block + 16), load32(block + 20)};
}

std::optional<Packet> Reader::next() {
    while (!rest_.empty()) {
        const auto body = take_body(rest_);
        if (!body) {
            malformed_ = true;
            rest_ = {};
            return std::nullopt;
        }
        if (auto packet = parse_body(*body)) return packet;
    }
    return std::nullopt;
}

}  // namespace aula::rtp::rtcp
