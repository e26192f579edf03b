// SPDX-License-Identifier: Apache-2.0
#include "sfu/bandwidth_estimator.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace aula::sfu {

namespace {

using Seconds = std::chrono::duration<double>;

constexpr double decrease_factor = 0.85;  // draft-ietf-rmcat-gcc-02 section 5.5
constexpr double growth_a_second = 1.08;
constexpr Duration cautious_time = 8s;  // after a decrease, growth stays near what was acknowledged
constexpr double much_loss = 0.1;       // draft-ietf-rmcat-gcc-02 section 6
constexpr Duration loss_watch = 1500ms;
// A probe proves itself, so a line that loses packets whatever is sent may have it.
constexpr double probing_loss = 0.08;
constexpr Duration first_probe_pause = 1s;
constexpr Duration longest_probe_pause = 15s;
constexpr Duration probe_length = 200ms;
constexpr Duration longest_answer = 1s;
constexpr std::chrono::microseconds feedback_turn{(std::int64_t{1} << 24) * 64'000};

std::int64_t microseconds_of(Time time) {
    return duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

}  // namespace

BandwidthEstimator::BandwidthEstimator(BitRate start)
    : sent_(first_history), estimate_(start), probe_pause_(first_probe_pause) {}

std::uint16_t BandwidthEstimator::packet_sent(std::size_t size, Time now) {
    lengthen_history(now);
    const std::int64_t index = next_++;
    const bool probe = probe_.running && now - probe_.began < probe_length;
    sent(index) =
        Sent{microseconds_of(now), static_cast<std::uint32_t>(index),
             static_cast<std::uint16_t>(std::min<std::size_t>(size, 0xffff)), false, probe};
    if (probe) probe_.bytes += size;
    return static_cast<std::uint16_t>(index);
}

/// Twice as long when the packet about to be forgotten may still be answered.
void BandwidthEstimator::lengthen_history(Time now) {
    const Sent& oldest = sent(next_);
    const bool awaited = oldest.size != 0 && !oldest.answered &&
                         microseconds_of(now - longest_answer) < oldest.at_us;
    if (!awaited || sent_.size() == longest_history) return;
    std::vector<Sent> longer(2 * sent_.size());
    const auto length = static_cast<std::int64_t>(sent_.size());
    for (std::int64_t index = next_ - length; index < next_; ++index) {
        longer[static_cast<std::size_t>(index) & (longer.size() - 1)] = sent(index);
    }
    sent_.swap(longer);
}

void BandwidthEstimator::receive_feedback(const rtp::TransportFeedback& feedback, Time now) {
    std::size_t lost = 0, all = 0;
    rtp::FeedbackReader reader(feedback);
    while (const auto status = reader.next()) {
        const auto back = static_cast<std::uint16_t>(next_ - 1 - status->sequence);
        const std::int64_t index = next_ - 1 - back;
        Sent& packet = sent(index);
        if (back >= sent_.size() || packet.index != static_cast<std::uint32_t>(index) ||
            packet.answered)
            continue;
        ++all;
        if (status->received) {
            acknowledge(packet, status->arrival, now);
        } else {
            ++lost;
        }
    }
    if (all == 0) return;
    update_loss(lost, all, now);
    update(now);
}

void BandwidthEstimator::acknowledge(Sent& packet, std::chrono::microseconds arrival, Time now) {
    packet.answered = true;
    if (last_arrival_) {  // the receiver's 24 bit clock wraps; take the turn nearest to the last
                          // arrival
        const double turns = static_cast<double>((*last_arrival_ - arrival).count()) /
                             static_cast<double>(feedback_turn.count());
        arrival += static_cast<std::int64_t>(std::round(turns)) * feedback_turn;
    }
    last_arrival_ = arrival;
    acknowledged_.add(packet.size, now);
    delay_.packet(Time(std::chrono::microseconds(packet.at_us)), arrival);
    if (!packet.probe) return;
    if (probe_.first_arrival) probe_.arrived_bytes += packet.size;
    if (!probe_.first_arrival) probe_.first_arrival = arrival;
    probe_.last_arrival = std::max(probe_.last_arrival.value_or(arrival), arrival);
}

void BandwidthEstimator::update_loss(std::size_t lost, std::size_t all, Time now) {
    loss_lost_ += lost;
    loss_all_ += all;
    if (!loss_since_) loss_since_ = now;
    // Enough packets to speak of a rate, in the time in which an earlier step can have shown.
    const Duration watched = now - *loss_since_;
    if (loss_all_ < 20 || watched < std::max<Duration>(round_trip_ + 100ms, 300ms)) return;
    const double fraction = static_cast<double>(loss_lost_) / static_cast<double>(loss_all_);
    // So few packets may by chance lose double of what the line does: two standard deviations above
    // the limit is clear, anything else is watched for longer.
    const double chance =
        2 * std::sqrt(much_loss * (1 - much_loss) / static_cast<double>(loss_all_));
    if (fraction < much_loss + chance && watched < loss_watch) return;
    loss_lost_ = loss_all_ = 0;
    loss_since_ = now;
    loss_ = fraction;
    if (fraction > much_loss) decrease(estimate_.scaled(1 - fraction / 2), now);
}

void BandwidthEstimator::update(Time now) {
    const Duration step =
        last_update_ ? std::min<Duration>(now - *last_update_, 1s) : Duration::zero();
    last_update_ = now;
    if (delay_.state() == DelayDetector::State::overuse) {
        // A queue grows because the line is full now: what came through lately is what it takes.
        // Less than half of before is a cut; smaller differences in so short a time are chance.
        const BitRate all = acknowledged_.rate(now), lately = acknowledged_.recent(now);
        const BitRate acked = lately < all.scaled(0.5) ? lately : std::max(all, lately);
        if (!last_decrease_ ||
            now - *last_decrease_ > std::max<Duration>(round_trip_ + 100ms, 300ms)) {
            last_good_ = acked;
            decrease(acked.scaled(decrease_factor), now);
        }
        if (probe_.running || probe_.awaited) {
            probe_ = Probe{};
            probe_pause_ = std::min(2 * probe_pause_, longest_probe_pause);
            next_probe_ = now + probe_pause_;
        }
        return;
    }
    if (delay_.state() == DelayDetector::State::normal && loss_ < 0.02) increase(step, now);
    if (probe_.awaited && now - probe_.ended > round_trip_ + 200ms) finish_probe(now);
}

void BandwidthEstimator::decrease(BitRate to, Time now) {
    estimate_ = std::clamp(std::min(estimate_, to), lowest_rate, highest_rate);
    last_decrease_ = now;
}

void BandwidthEstimator::increase(Duration step, Time now) {
    const BitRate acked = acknowledged_.rate(now);
    const double seconds = Seconds(step).count();
    BitRate next = estimate_.scaled(std::pow(growth_a_second, seconds));
    const bool near_the_limit =
        last_good_ && acked > last_good_->scaled(0.85) && acked < last_good_->scaled(1.15);
    if (near_the_limit) {
        // About one packet a round trip (section 5.5: additive near convergence).
        const double response = Seconds(round_trip_ + 100ms).count();
        next = estimate_ + BitRate::bps(static_cast<std::int64_t>(1200 * 8 * seconds / response));
    } else if (last_good_ && acked >= last_good_->scaled(1.15)) {
        last_good_.reset();
    }
    // What little flows proves little: soon after a decrease the estimate stays near it.
    const bool cautious = last_decrease_ && now - *last_decrease_ < cautious_time;
    if (cautious) next = std::min(next, acked.scaled(1.5) + BitRate::kbps(100));
    estimate_ = std::min(std::max(estimate_, next), highest_rate);
}

void BandwidthEstimator::receive_loss(double fraction, Time now) {
    loss_ = fraction;
    if (fraction > much_loss) {
        decrease(estimate_.scaled(1 - fraction / 2), now);
    } else if (fraction < 0.02 && !last_arrival_) {
        estimate_ = std::min(estimate_.scaled(growth_a_second),
                             highest_rate);  // reports come once a second
    }
}

BitRate BandwidthEstimator::estimate() const {
    return remb_ ? std::min(estimate_, *remb_) : estimate_;
}

std::size_t BandwidthEstimator::padding_due(BitRate wanted, Time now) {
    if (probe_.awaited && now - probe_.ended > round_trip_ + 1s) finish_probe(now);
    if (!probe_.running) {
        const bool may = last_arrival_ && wanted > estimate_ && !probe_.awaited &&
                         loss_ < probing_loss && delay_.state() == DelayDetector::State::normal &&
                         (!next_probe_ || now >= *next_probe_);
        if (!may) return 0;
        begin_probe(wanted, now);
    }
    if (now - probe_.began >= probe_length) {
        probe_.running = false;
        probe_.awaited = true;
        probe_.ended = now;
        return 0;
    }
    // What should have gone out by the next call, less what did.
    const Duration until = now - probe_.began + 10ms;
    const auto due = static_cast<std::size_t>(Seconds(until).count() *
                                              static_cast<double>(probe_.rate.bps()) / 8);
    return due > probe_.bytes ? due - probe_.bytes : 0;
}

void BandwidthEstimator::begin_probe(BitRate wanted, Time now) {
    probe_ = Probe{};
    probe_.running = true;
    probe_.began = now;
    probe_.rate = std::min({wanted.scaled(1.2), estimate_.scaled(1.5), highest_rate});
}

void BandwidthEstimator::finish_probe(Time now) {
    const Probe probe = std::exchange(probe_, Probe{});
    const auto span = probe.first_arrival ? *probe.last_arrival - *probe.first_arrival
                                          : std::chrono::microseconds{};
    // Less than half of it seen says nothing.
    const bool conclusive = span > probe_length / 2 && probe.arrived_bytes > probe.bytes / 2;
    const auto arrived = BitRate::bps(static_cast<std::int64_t>(
        conclusive ? 8 * static_cast<double>(probe.arrived_bytes) / Seconds(span).count() : 0));
    const bool passed = conclusive && arrived > probe.rate.scaled(0.8);
    estimate_ = std::min(std::max(estimate_, arrived.scaled(passed ? 0.95 : decrease_factor)),
                         highest_rate);
    probe_pause_ = passed ? first_probe_pause : std::min(2 * probe_pause_, longest_probe_pause);
    next_probe_ = now + (passed ? Duration(300ms) : probe_pause_);
}

}  // namespace aula::sfu
