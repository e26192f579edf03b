// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.hpp"

namespace aula::rtp {

/// Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1), read
/// in place.
struct TransportFeedback {
    std::uint32_t sender = 0;
    std::uint32_t media = 0;
    std::uint16_t base_sequence = 0;
    std::uint16_t count = 0;
    std::int32_t reference_time = 0;  // 24 bit, units of 64 ms
    std::uint8_t number = 0;          // of this feedback packet, wraps
    Bytes statuses;                   // chunks, then receive deltas

    /// From the feedback control information (behind the media SSRC); none when it is too short.
    static std::optional<TransportFeedback> parse(std::uint32_t sender, std::uint32_t media,
                                                  Bytes fci);
};

struct FeedbackStatus {
    std::uint16_t sequence = 0;
    bool received = false;
    /// On the receiver's own clock, which is 24 bit of 64 ms and wraps after 12 days.
    std::chrono::microseconds arrival{};
};

/// The statuses of a feedback packet one by one; stops early where it is cut off.
class FeedbackReader {
public:
    explicit FeedbackReader(const TransportFeedback& feedback);
    std::optional<FeedbackStatus> next();

private:
    bool next_chunk();

    Bytes chunks_;
    Bytes deltas_;
    std::uint16_t sequence_;
    std::size_t left_;
    std::uint16_t chunk_ = 0;
    unsigned in_chunk_ = 0;
    unsigned chunk_size_ = 0;
    std::chrono::microseconds arrival_;
};

/// Writes one whole RTCP packet: statuses[i] is that of base + i, its arrivals as microseconds on
/// our clock. Stops before a delta that 16 bits cannot hold. Returns how many statuses were taken
/// and the packet's size (0: no room).
struct FeedbackWritten {
    std::size_t statuses = 0;
    std::size_t size = 0;
};
FeedbackWritten write_transport_feedback(
    MutableBytes out, std::uint32_t sender, std::uint32_t media, std::uint8_t number,
    std::uint16_t base, std::span<const std::optional<std::chrono::microseconds>> statuses);

}  // namespace aula::rtp
