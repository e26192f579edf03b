// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "base/bytes.hpp"
#include "base/units.hpp"
#include "rtp/ntp_time.hpp"
#include "rtp/transport_feedback.hpp"

/// RTCP read in place: RFC 3550 section 6, RFC 4585, RFC 5104, REMB, transport-wide feedback.
/// Everything borrows the compound packet.
namespace aula::rtp::rtcp {

struct ReportBlock {
    std::uint32_t ssrc = 0;
    std::uint8_t fraction_lost = 0;      // of 256, since the last report
    std::int32_t cumulative_lost = 0;    // 24 bit signed
    std::uint32_t highest_sequence = 0;  // with cycles
    std::uint32_t jitter = 0;            // in clock units
    std::uint32_t last_sr = 0;           // NtpTime::middle() of the last SR, 0: none
    std::uint32_t delay_since_last_sr = 0;
};

/// A bounds-checked list of report blocks.
class ReportBlocks {
public:
    ReportBlocks() = default;
    explicit ReportBlocks(Bytes blocks) : blocks_(blocks) {}
    std::size_t size() const { return blocks_.size() / 24; }
    ReportBlock operator[](std::size_t at) const;

private:
    Bytes blocks_;
};

struct SenderReport {
    std::uint32_t ssrc = 0;
    NtpTime ntp;
    std::uint32_t rtp_timestamp = 0;
    std::uint32_t packets = 0;
    std::uint32_t octets = 0;
    ReportBlocks reports;
};

struct ReceiverReport {
    std::uint32_t ssrc = 0;
    ReportBlocks reports;
};

/// The first CNAME of an SDES packet.
struct SourceDescription {
    std::uint32_t ssrc = 0;
    Bytes cname;
};

class Goodbye {
public:
    explicit Goodbye(Bytes sources) : sources_(sources) {}
    std::size_t size() const { return sources_.size() / 4; }
    std::uint32_t operator[](std::size_t at) const { return load32(&sources_[4 * at]); }

private:
    Bytes sources_;
};

/// Generic NACK (RFC 4585 section 6.2.1).
struct Nack {
    std::uint32_t sender = 0;
    std::uint32_t media = 0;
    Bytes items;  // of four bytes: PID and the bitmask of the 16 numbers behind it

    template <class F>
    void for_each(F&& lost) const {
        for (std::size_t at = 0; at + 4 <= items.size(); at += 4) {
            const std::uint16_t first = load16(&items[at]);
            const std::uint16_t mask = load16(&items[at + 2]);
            lost(first);
            for (unsigned bit = 0; bit < 16; ++bit) {
                if ((mask >> bit) & 1) lost(static_cast<std::uint16_t>(first + bit + 1));
            }
        }
    }
};

struct PictureLossIndication {
    std::uint32_t sender = 0;
    std::uint32_t media = 0;
};

/// RFC 5104 section 4.3.1; entries of eight bytes: SSRC, command number, reserved.
struct FullIntraRequest {
    std::uint32_t sender = 0;
    Bytes entries;
    std::size_t size() const { return entries.size() / 8; }
    std::uint32_t ssrc(std::size_t at) const { return load32(&entries[8 * at]); }
};

struct Remb {
    std::uint32_t sender = 0;
    BitRate rate;
};

using Packet = std::variant<SenderReport, ReceiverReport, SourceDescription, Goodbye, Nack,
                            PictureLossIndication, FullIntraRequest, Remb, TransportFeedback>;

/// The packets of a compound (or reduced-size) RTCP packet, one after another; kinds we do not know
/// are skipped. Stops at the first that does not fit, and then malformed() is true.
class Reader {
public:
    explicit Reader(Bytes compound) : rest_(compound) {}
    std::optional<Packet> next();
    bool malformed() const { return malformed_; }

private:
    Bytes rest_;
    bool malformed_ = false;
};

}  // namespace aula::rtp::rtcp
