// SPDX-License-Identifier: Apache-2.0
#include "sfu/receive_stream.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace aula::sfu {

namespace {
// RFC 3550 appendix A.1: further jumps are taken for a restart once two packets in a row agree on
// it.
constexpr int most_dropout = 3000;
constexpr int most_misorder = 1000;
}  // namespace

std::optional<std::int64_t> ReceiveStream::receive(std::uint16_t number, std::uint32_t timestamp,
                                                   std::size_t size, Time now) {
    const auto before = sequence_.newest();
    if (!before) {
        begin(sequence_.unwrap(number));
    } else if (restarting_) {
        begin(sequence_.restart(number));
    } else if (const auto step = sequence_.peek(number) - *before;
               step > most_dropout || step < -most_misorder) {
        if (stray_ != number) {
            stray_ = static_cast<std::uint16_t>(number + 1);
            return std::nullopt;
        }
        ++figures_.restarts;
        begin(sequence_.restart(number));
    } else if (step > 1 && nacks_ && !nack_.missing(*before + 1, *before + step - 1, now)) {
        unrepairable_ = true;
    }
    stray_.reset();
    restarting_ = false;

    const std::int64_t index = sequence_.unwrap(number);
    if (before && index <= *before) nack_.arrived(index);
    if (!mark(index)) {
        ++figures_.duplicates;
        return std::nullopt;
    }
    ++received_;
    ++figures_.packets;
    figures_.bytes += size;
    rate_.add(size, now);
    update_jitter(timestamp, now);
    return index;
}

std::optional<std::int64_t> ReceiveStream::recover(std::uint16_t number, std::size_t size,
                                                   Time now) {
    const auto newest = sequence_.newest();
    if (!newest) return std::nullopt;
    const std::int64_t index = sequence_.peek(number);
    // What lies ahead of the stream itself cannot have been lost.
    if (index > *newest || index <= *newest - window || index < base_ || !mark(index)) {
        return std::nullopt;
    }
    nack_.arrived(index);
    ++figures_.recovered;
    rate_.add(size, now);
    return index;
}

void ReceiveStream::receive_sender_report(const rtp::rtcp::SenderReport& report, Time now) {
    clock_ = ClockMapping{report.ntp, report.rtp_timestamp, now};
}

void ReceiveStream::restart() {
    restarting_ = true;
    clock_.reset();
}

void ReceiveStream::begin(std::int64_t index) {
    seen_.fill(0);
    nack_.clear();
    base_ = index;
    marked_to_ = index - 1;
    received_ = expected_before_ = received_before_ = 0;
    transit_.reset();
}

/// Remembers the index; false when it was there. Clears the marks of numbers that fell out of the
/// window.
bool ReceiveStream::mark(std::int64_t index) {
    if (index <= marked_to_ - window) return false;
    for (std::int64_t at = std::max(marked_to_ + 1, index - window + 1); at <= index; ++at) {
        seen_[static_cast<std::size_t>(at % window) / 64] &= ~(std::uint64_t{1} << (at % 64));
    }
    marked_to_ = std::max(marked_to_, index);
    std::uint64_t& word = seen_[static_cast<std::size_t>(index % window) / 64];
    const std::uint64_t bit = std::uint64_t{1} << (index % 64);
    if ((word & bit) != 0) return false;
    word |= bit;
    return true;
}

/// RFC 3550 appendix A.8.
void ReceiveStream::update_jitter(std::uint32_t timestamp, Time now) {
    using Seconds = std::chrono::duration<double>;
    const double clock = Seconds(now.time_since_epoch()).count() * clock_rate_;
    const auto arrival = static_cast<std::uint32_t>(static_cast<std::int64_t>(clock));
    const std::uint32_t transit = arrival - timestamp;
    if (transit_) {
        const auto step = static_cast<std::int32_t>(transit - *transit_);
        jitter_ += (std::abs(static_cast<double>(step)) - jitter_) / 16;
    }
    transit_ = transit;
}

rtp::rtcp::ReportBlock ReceiveStream::report(std::uint32_t ssrc, Time now) {
    rtp::rtcp::ReportBlock block;
    block.ssrc = ssrc;
    if (!sequence_.newest()) return block;
    // RFC 3550 appendix A.3. A number of duplicates or recovered packets never makes loss negative
    // here.
    const std::int64_t expected = *sequence_.newest() - base_ + 1;
    const std::int64_t lost = std::max<std::int64_t>(expected - received_, 0);
    const std::int64_t expected_step = expected - expected_before_;
    const std::int64_t lost_step = expected_step - (received_ - received_before_);
    expected_before_ = expected;
    received_before_ = received_;
    block.fraction_lost = static_cast<std::uint8_t>(
        expected_step <= 0 ? 0 : std::clamp<std::int64_t>(256 * lost_step / expected_step, 0, 255));
    block.cumulative_lost = static_cast<std::int32_t>(std::min<std::int64_t>(lost, 0x7fffff));
    // Our indices begin with the second turn; the cycles of the report with zero.
    block.highest_sequence = static_cast<std::uint32_t>(*sequence_.newest() - 65536);
    block.jitter = static_cast<std::uint32_t>(jitter_);
    if (clock_) {
        block.last_sr = clock_->ntp.middle();
        block.delay_since_last_sr = rtp::to_compact_ntp(now - clock_->arrival);
    }
    figures_.lost = lost;
    figures_.fraction_lost = block.fraction_lost;
    return block;
}

Duration ReceiveStream::jitter() const {
    return duration_cast<Duration>(std::chrono::duration<double>(jitter_ / clock_rate_));
}

}  // namespace aula::sfu
