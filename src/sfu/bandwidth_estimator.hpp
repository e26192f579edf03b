// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "base/units.hpp"
#include "rtp/transport_feedback.hpp"
#include "sfu/delay_detector.hpp"
#include "sfu/rate_window.hpp"

namespace aula::sfu {

/// How much one receiver's line takes, by the transport-wide feedback it sends us (and REMB or loss
/// reports where it sends no such). A simplified Google congestion control: delay gradient, loss,
/// additive and multiplicative steps over the acknowledged rate, and probes with padding.
class BandwidthEstimator {
public:
    static constexpr BitRate start_rate = BitRate::kbps(2000);
    static constexpr BitRate lowest_rate = BitRate::kbps(50);
    static constexpr BitRate highest_rate = BitRate::kbps(20'000);

    explicit BandwidthEstimator(BitRate start = start_rate);

    /// Notes a packet about to be sent; returns the transport-wide number it carries.
    std::uint16_t packet_sent(std::size_t size, Time now);
    void receive_feedback(const rtp::TransportFeedback& feedback, Time now);
    /// From receiver reports, for lines without transport-wide feedback.
    void receive_loss(double fraction, Time now);
    void receive_remb(BitRate rate) { remb_ = rate; }
    void set_round_trip(Duration round_trip) { round_trip_ = round_trip; }

    BitRate estimate() const;
    BitRate acknowledged(Time now) const { return acknowledged_.rate(now); }
    double loss() const { return loss_; }
    Duration round_trip() const { return round_trip_; }

    /// Bytes of padding to send now, so that the estimate may grow to `wanted`; mostly 0. Call it
    /// on every tick (10 to 50 ms) and send what it says with Forwarder::padding().
    std::size_t padding_due(BitRate wanted, Time now);
    bool is_probing() const { return probe_.running; }

private:
    struct Sent {
        std::int64_t at_us = 0;
        std::uint32_t index = 0;  // the low half
        std::uint16_t size = 0;
        bool answered = false;
        bool probe = false;
    };
    struct Probe {
        bool running = false;
        bool awaited = false;  // over, but not all answers are in
        Time began{}, ended{};
        BitRate rate;
        std::size_t bytes = 0;          // media and padding
        std::size_t arrived_bytes = 0;  // all but the first packet that arrived
        std::optional<std::chrono::microseconds> first_arrival, last_arrival;
    };
    static constexpr std::size_t first_history = 256, longest_history = 2048;  // powers of two

    Sent& sent(std::int64_t index) {
        return sent_[static_cast<std::size_t>(index) & (sent_.size() - 1)];
    }
    void lengthen_history(Time now);
    void acknowledge(Sent& packet, std::chrono::microseconds arrival, Time now);
    void update(Time now);
    void decrease(BitRate to, Time now);
    void increase(Duration step, Time now);
    void update_loss(std::size_t lost, std::size_t all, Time now);
    void begin_probe(BitRate wanted, Time now);
    void finish_probe(Time now);

    std::vector<Sent> sent_;  // the newest; longer when much is under way, as every receiver has it
    std::int64_t next_ = 65536;
    std::optional<std::chrono::microseconds> last_arrival_;  // on the receiver's clock, unwrapped
    DelayDetector delay_;
    RateWindow acknowledged_;
    BitRate estimate_;
    std::optional<BitRate> remb_;
    std::optional<BitRate>
        last_good_;  // acknowledged rate at the last overuse: near it steps are small
    Duration round_trip_ = 100ms;
    double loss_ = 0;
    std::size_t loss_lost_ = 0, loss_all_ = 0;
    std::optional<Time> loss_since_, last_update_, last_decrease_;
    Probe probe_;
    std::optional<Time> next_probe_;
    Duration probe_pause_;
};

}  // namespace aula::sfu
