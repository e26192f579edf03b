// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "base/time.hpp"
#include "rtp/rtcp.hpp"
#include "rtp/sequence.hpp"
#include "sfu/nack_generator.hpp"
#include "sfu/rate_window.hpp"

namespace aula::sfu {

/// The relation of a stream's RTP clock to its sender's wall clock, from its last sender report.
struct ClockMapping {
    rtp::NtpTime ntp;
    std::uint32_t rtp_timestamp = 0;
    Time arrival;
};

/// Receive statistics of one SSRC (RFC 3550 appendix A): sequence, loss, jitter, rate, what to
/// NACK.
class ReceiveStream {
public:
    struct Figures {
        std::uint64_t packets = 0, bytes = 0, duplicates = 0, recovered = 0, restarts = 0;
        std::int64_t lost = 0;  // as of the last report()
        std::uint8_t fraction_lost = 0;
    };

    ReceiveStream(std::uint32_t clock_rate, bool nacks) : clock_rate_(clock_rate), nacks_(nacks) {}

    /// A packet of the stream itself; its index, or none for a duplicate.
    std::optional<std::int64_t> receive(std::uint16_t number, std::uint32_t timestamp,
                                        std::size_t size, Time now);
    /// A packet that came back by retransmission; its index, or none for one we had or that is too
    /// old.
    std::optional<std::int64_t> recover(std::uint16_t number, std::size_t size, Time now);
    void key_frame_at(std::int64_t index) { nack_.forget_before(index); }
    void receive_sender_report(const rtp::rtcp::SenderReport& report, Time now);
    /// Another SSRC took the stream over; indices jump far ahead.
    void restart();

    /// The report block for our next RR; starts the next interval of fraction_lost.
    rtp::rtcp::ReportBlock report(std::uint32_t ssrc, Time now);
    std::span<const std::uint16_t> nacks_due(Time now, Duration round_trip) {
        return nack_.due(now, round_trip);
    }
    /// Once after a gap that NACKs cannot repair.
    bool take_unrepairable() { return std::exchange(unrepairable_, false); }

    BitRate rate(Time now) const { return rate_.rate(now); }
    Duration jitter() const;
    const std::optional<ClockMapping>& clock() const { return clock_; }
    std::optional<std::int64_t> newest() const { return sequence_.newest(); }
    const Figures& figures() const { return figures_; }

private:
    static constexpr std::int64_t window = 1024;  // of indices in which duplicates are told
    bool mark(std::int64_t index);
    void begin(std::int64_t index);
    void update_jitter(std::uint32_t timestamp, Time now);

    std::uint32_t clock_rate_;
    bool nacks_;
    bool unrepairable_ = false;
    bool restarting_ = false;
    rtp::SequenceUnwrapper sequence_;
    std::array<std::uint64_t, window / 64> seen_{};
    std::optional<std::uint16_t> stray_;  // a number far off, waiting for its successor (A.1)
    std::int64_t base_ = 0;
    std::int64_t marked_to_ = 0;
    std::int64_t received_ = 0, expected_before_ = 0, received_before_ = 0;
    double jitter_ = 0;
    std::optional<std::uint32_t> transit_;
    NackGenerator nack_;
    RateWindow rate_;
    std::optional<ClockMapping> clock_;
    Figures figures_;
};

}  // namespace aula::sfu
