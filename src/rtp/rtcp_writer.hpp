// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/units.hpp"
#include "rtp/rtcp.hpp"

namespace aula::rtp::rtcp {

/// Builds a compound packet in given memory. A packet that does not fit whole is left out and the
/// call returns false; what was written before stays.
class Writer {
public:
    explicit Writer(MutableBytes out) : out_(out) {}

    bool sender_report(std::uint32_t ssrc, NtpTime ntp, std::uint32_t rtp_timestamp,
                       std::uint32_t packets, std::uint32_t octets,
                       std::span<const ReportBlock> reports = {});
    bool receiver_report(std::uint32_t ssrc, std::span<const ReportBlock> reports);  // 31 at most
    bool cname(std::uint32_t ssrc, std::string_view name);
    bool goodbye(std::uint32_t ssrc);
    /// Ascending numbers; packed into PID and bitmask.
    bool nack(std::uint32_t sender, std::uint32_t media, std::span<const std::uint16_t> lost);
    bool picture_loss(std::uint32_t sender, std::uint32_t media);
    bool full_intra_request(std::uint32_t sender, std::uint32_t media, std::uint8_t number);
    bool remb(std::uint32_t sender, BitRate rate, std::span<const std::uint32_t> ssrcs);
    /// A packet made elsewhere (TwccRecorder).
    bool append(Bytes packet);

    Bytes written() const { return out_.first(size_); }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

private:
    std::uint8_t* packet(std::uint8_t type, std::uint8_t count, std::size_t size);

    MutableBytes out_;
    std::size_t size_ = 0;
};

}  // namespace aula::rtp::rtcp
