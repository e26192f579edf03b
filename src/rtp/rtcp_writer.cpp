// SPDX-License-Identifier: Apache-2.0
#include "rtp/rtcp_writer.hpp"

#include <algorithm>

#include "rtp/rtcp_types.hpp"
#include "rtp/sequence.hpp"

namespace aula::rtp::rtcp {

namespace {

constexpr std::size_t most_blocks = 31;  // five bits of count

void store_block(std::uint8_t* at, const ReportBlock& block) {
    store32(at, block.ssrc);
    at[4] = block.fraction_lost;
    store24(at + 5,
            static_cast<std::uint32_t>(std::clamp(block.cumulative_lost, -0x800000, 0x7fffff)));
    store32(at + 8, block.highest_sequence);
    store32(at + 12, block.jitter);
    store32(at + 16, block.last_sr);
    store32(at + 20, block.delay_since_last_sr);
}

void store_blocks(std::uint8_t* at, std::span<const ReportBlock> reports) {
    for (const ReportBlock& block : reports) {
        store_block(at, block);
        at += 24;
    }
}

/// Packs ascending numbers into PID and bitmask pairs; hands each to `item`, returns how many there
/// are.
template <class Item>
std::size_t pack_nack(std::span<const std::uint16_t> lost, Item item) {
    std::size_t items = 0;
    for (std::size_t at = 0; at < lost.size(); ++items) {
        const std::uint16_t first = lost[at++];
        std::uint16_t mask = 0;
        for (; at < lost.size(); ++at) {
            const auto step = static_cast<std::uint16_t>(lost[at] - first);
            if (step == 0 || step > 16) break;
            mask = static_cast<std::uint16_t>(mask | (1u << (step - 1)));
        }
        item(first, mask);
    }
    return items;
}

}  // namespace

std::uint8_t* Writer::packet(std::uint8_t type, std::uint8_t count, std::size_t size) {
    if (out_.size() - size_ < size || size / 4 - 1 > 0xffff) return nullptr;
    std::uint8_t* at = out_.data() + size_;
    at[0] = static_cast<std::uint8_t>(0x80 | count);
    at[1] = type;
    store16(at + 2, static_cast<std::uint16_t>(size / 4 - 1));
    size_ += size;
    return at + 4;
}

bool Writer::sender_report(std::uint32_t ssrc, NtpTime ntp, std::uint32_t rtp_timestamp,
                           std::uint32_t packets, std::uint32_t octets,
                           std::span<const ReportBlock> reports) {
    if (reports.size() > most_blocks) return false;
    std::uint8_t* at =
        packet(type_sr, static_cast<std::uint8_t>(reports.size()), 28 + 24 * reports.size());
    if (!at) return false;
    store32(at, ssrc);
    store64(at + 4, ntp.value());
    store32(at + 12, rtp_timestamp);
    store32(at + 16, packets);
    store32(at + 20, octets);
    store_blocks(at + 24, reports);
    return true;
}

bool Writer::receiver_report(std::uint32_t ssrc, std::span<const ReportBlock> reports) {
    if (reports.size() > most_blocks) return false;
    std::uint8_t* at =
        packet(type_rr, static_cast<std::uint8_t>(reports.size()), 8 + 24 * reports.size());
    if (!at) return false;
    store32(at, ssrc);
    store_blocks(at + 4, reports);
    return true;
}

bool Writer::cname(std::uint32_t ssrc, std::string_view name) {
    const std::string_view cut = name.substr(0, 255);
    // The item list ends with at least one zero octet and is padded to 32 bits (RFC 3550
    // section 6.5).
    const std::size_t chunk = (4 + 2 + cut.size() + 1 + 3) / 4 * 4;
    std::uint8_t* at = packet(type_sdes, 1, 4 + chunk);
    if (!at) return false;
    std::fill_n(at, chunk, std::uint8_t{0});
    store32(at, ssrc);
    at[4] = 1;
    at[5] = static_cast<std::uint8_t>(cut.size());
    std::copy(cut.begin(), cut.end(), at + 6);
    return true;
}

bool Writer::goodbye(std::uint32_t ssrc) {
    std::uint8_t* at = packet(type_bye, 1, 8);
    if (!at) return false;
    store32(at, ssrc);
    return true;
}

bool Writer::nack(std::uint32_t sender, std::uint32_t media, std::span<const std::uint16_t> lost) {
    const std::size_t items = pack_nack(lost, [](std::uint16_t, std::uint16_t) {});
    std::uint8_t* at = packet(type_rtpfb, format_nack, 12 + 4 * items);
    if (!at) return false;
    store32(at, sender);
    store32(at + 4, media);
    at += 8;
    pack_nack(lost, [&at](std::uint16_t first, std::uint16_t mask) {
        store16(at, first);
        store16(at + 2, mask);
        at += 4;
    });
    return true;
}

bool Writer::picture_loss(std::uint32_t sender, std::uint32_t media) {
    std::uint8_t* at = packet(type_psfb, format_pli, 12);
    if (!at) return false;
    store32(at, sender);
    store32(at + 4, media);
    return true;
}

bool Writer::full_intra_request(std::uint32_t sender, std::uint32_t media, std::uint8_t number) {
    std::uint8_t* at = packet(type_psfb, format_fir, 20);
    if (!at) return false;
    store32(at, sender);
    store32(at + 4, 0);  // unused (RFC 5104 section 4.3.1.2)
    store32(at + 8, media);
    store32(at + 12, std::uint32_t{number} << 24);
    return true;
}

bool Writer::remb(std::uint32_t sender, BitRate rate, std::span<const std::uint32_t> ssrcs) {
    if (ssrcs.size() > 255) return false;
    std::uint8_t* at = packet(type_psfb, format_application, 20 + 4 * ssrcs.size());
    if (!at) return false;
    auto mantissa = static_cast<std::uint64_t>(std::max<std::int64_t>(rate.bps(), 0));
    std::uint32_t exponent = 0;
    for (; mantissa > 0x3ffff; mantissa >>= 1) ++exponent;
    store32(at, sender);
    store32(at + 4, 0);
    const Bytes name = bytes_of("REMB");
    std::copy(name.begin(), name.end(), at + 8);
    at[12] = static_cast<std::uint8_t>(ssrcs.size());
    store24(at + 13, (exponent << 18) | static_cast<std::uint32_t>(mantissa));
    for (std::size_t i = 0; i < ssrcs.size(); ++i) store32(at + 16 + 4 * i, ssrcs[i]);
    return true;
}

bool Writer::append(Bytes other) {
    if (out_.size() - size_ < other.size()) return false;
    std::copy(other.begin(), other.end(), out_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += other.size();
    return true;
}

}  // namespace aula::rtp::rtcp
