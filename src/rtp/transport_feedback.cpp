// SPDX-License-Identifier: Apache-2.0
#include "rtp/transport_feedback.hpp"

#include <algorithm>
#include <array>

#include "rtp/rtcp_types.hpp"

namespace aula::rtp {

namespace {

constexpr std::chrono::microseconds delta_unit{250};
constexpr std::chrono::microseconds reference_unit{64'000};
enum Symbol : std::uint8_t { symbol_lost = 0, symbol_small = 1, symbol_large = 2 };

/// A status chunk: a run of one symbol, or 14 symbols of one bit, or 7 of two (sections 3.1.3
/// and 3.1.4).
unsigned symbols_of(std::uint16_t chunk) {
    if ((chunk & 0x8000) == 0) return chunk & 0x1fffu;
    return (chunk & 0x4000) == 0 ? 14 : 7;
}
unsigned symbol_at(std::uint16_t chunk, unsigned place) {
    if ((chunk & 0x8000) == 0) return (chunk >> 13) & 3u;
    if ((chunk & 0x4000) == 0) return (chunk >> (13 - place)) & 1u;
    return (chunk >> (12 - 2 * place)) & 3u;
}

}  // namespace

std::optional<TransportFeedback> TransportFeedback::parse(std::uint32_t sender, std::uint32_t media,
                                                          Bytes fci) {
    if (fci.size() < 8) return std::nullopt;
    const std::uint32_t reference = load24(&fci[4]);
    TransportFeedback feedback;
    feedback.sender = sender;
    feedback.media = media;
    feedback.base_sequence = load16(fci.data());
    feedback.count = load16(&fci[2]);
    feedback.reference_time =
        static_cast<std::int32_t>(reference) - ((reference & 0x800000) != 0 ? 0x1000000 : 0);
    feedback.number = fci[7];
    feedback.statuses = fci.subspan(8);
    return feedback;
}

FeedbackReader::FeedbackReader(const TransportFeedback& feedback)
    : sequence_(feedback.base_sequence),
      left_(feedback.count),
      arrival_(feedback.reference_time * reference_unit) {
    // The deltas stand behind the chunks: walk the chunks once to find them.
    std::size_t chunks = 0, covered = 0;
    while (covered < feedback.count && 2 * chunks + 2 <= feedback.statuses.size()) {
        covered += symbols_of(load16(&feedback.statuses[2 * chunks]));
        ++chunks;
    }
    chunks_ = feedback.statuses.first(2 * chunks);
    deltas_ = feedback.statuses.subspan(2 * chunks);
}

bool FeedbackReader::next_chunk() {
    do {
        if (chunks_.empty()) return false;
        chunk_ = load16(chunks_.data());
        chunks_ = chunks_.subspan(2);
        in_chunk_ = 0;
        chunk_size_ = symbols_of(chunk_);
    } while (chunk_size_ == 0);
    return true;
}

std::optional<FeedbackStatus> FeedbackReader::next() {
    if (left_ == 0 || (in_chunk_ == chunk_size_ && !next_chunk())) return std::nullopt;
    const unsigned symbol = symbol_at(chunk_, in_chunk_++);
    --left_;
    FeedbackStatus status{sequence_++, false, {}};
    if (symbol == symbol_lost) return status;
    const std::size_t size = symbol == symbol_small ? 1 : 2;
    if (symbol > symbol_large || deltas_.size() < size) {
        left_ = 0;
        return std::nullopt;
    }
    const int delta = size == 1 ? deltas_[0] : static_cast<std::int16_t>(load16(deltas_.data()));
    deltas_ = deltas_.subspan(size);
    arrival_ += delta * delta_unit;
    status.received = true;
    status.arrival = arrival_;
    return status;
}

namespace {

using Arrival = std::optional<std::chrono::microseconds>;

/// How the arrivals become deltas from the reference time on. A delta too wide for 16 bits ends the
/// packet.
struct DeltaPlan {
    std::int64_t reference = 0;  // in 64 ms
    std::size_t statuses = 0;
    std::size_t delta_bytes = 0;
};

class DeltaWalk {
public:
    explicit DeltaWalk(std::int64_t reference)
        : units_(reference * (reference_unit / delta_unit)) {}
    std::int64_t step(std::chrono::microseconds arrival) {
        const std::int64_t at = floor_units(arrival);
        const std::int64_t delta = at - units_;
        units_ = at;
        return delta;
    }
    /// Arrivals before the clock's zero round down as well.
    static std::int64_t floor_units(std::chrono::microseconds arrival) {
        return std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<1, 4000>>>(arrival)
            .count();
    }

private:
    std::int64_t units_;
};

constexpr bool is_small(std::int64_t delta) { return delta >= 0 && delta <= 255; }
constexpr bool is_encodable(std::int64_t delta) { return delta >= -32768 && delta <= 32767; }

DeltaPlan plan_deltas(std::span<const Arrival> statuses, std::size_t room) {
    DeltaPlan plan;
    const auto first = std::find_if(statuses.begin(), statuses.end(),
                                    [](const Arrival& a) { return a.has_value(); });
    // 256 units of 250 us make one of 64 ms; the shift rounds down.
    if (first != statuses.end()) plan.reference = DeltaWalk::floor_units(**first) >> 8;
    DeltaWalk walk(plan.reference);
    for (const Arrival& arrival : statuses) {
        std::size_t bytes = 0;
        if (arrival) {
            const std::int64_t delta = walk.step(*arrival);
            if (!is_encodable(delta)) break;
            bytes = is_small(delta) ? 1 : 2;
        }
        // Two-bit chunks: seven statuses in two bytes; and up to three of padding.
        const std::size_t chunk_bytes = 2 * ((plan.statuses + 1 + 6) / 7);
        if (20 + chunk_bytes + plan.delta_bytes + bytes + 3 > room || plan.statuses == 0xffff)
            break;
        ++plan.statuses;
        plan.delta_bytes += bytes;
    }
    return plan;
}

}  // namespace

FeedbackWritten write_transport_feedback(MutableBytes out, std::uint32_t sender,
                                         std::uint32_t media, std::uint8_t number,
                                         std::uint16_t base, std::span<const Arrival> statuses) {
    const DeltaPlan plan = plan_deltas(statuses, out.size());
    if (plan.statuses == 0) return {};
    const std::size_t chunk_bytes = 2 * ((plan.statuses + 6) / 7);
    const std::size_t unpadded = 20 + chunk_bytes + plan.delta_bytes;
    const std::size_t size = (unpadded + 3) / 4 * 4;
    std::fill_n(out.begin(), size, std::uint8_t{0});
    out[0] = 0x80 | rtcp::format_transport_feedback;
    if (size != unpadded) {
        out[0] |= 0x20;
        out[size - 1] = static_cast<std::uint8_t>(size - unpadded);
    }
    out[1] = rtcp::type_rtpfb;
    store16(&out[2], static_cast<std::uint16_t>(size / 4 - 1));
    store32(&out[4], sender);
    store32(&out[8], media);
    store16(&out[12], base);
    store16(&out[14], static_cast<std::uint16_t>(plan.statuses));
    store24(&out[16], static_cast<std::uint32_t>(plan.reference) & 0xffffff);
    out[19] = number;

    DeltaWalk walk(plan.reference);
    std::uint8_t* chunk = &out[20];
    std::uint8_t* delta_at = chunk + chunk_bytes;
    for (std::size_t i = 0; i < plan.statuses; ++i) {
        unsigned symbol = symbol_lost;
        if (statuses[i]) {
            const std::int64_t delta = walk.step(*statuses[i]);
            symbol = is_small(delta) ? symbol_small : symbol_large;
            if (symbol == symbol_small) {
                *delta_at++ = static_cast<std::uint8_t>(delta);
            } else {
                store16(delta_at, static_cast<std::uint16_t>(delta));
                delta_at += 2;
            }
        }
        std::uint8_t* word = chunk + 2 * (i / 7);
        const auto shift = static_cast<unsigned>(12 - 2 * (i % 7));
        store16(word, static_cast<std::uint16_t>(load16(word) | 0xc000 | (symbol << shift)));
    }
    return {plan.statuses, size};
}

}  // namespace aula::rtp
