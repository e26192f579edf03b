// SPDX-License-Identifier: Apache-2.0
#include "simulation/figures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace aula::simulation {

void Waits::add(Duration wait) {
    // Upwards: a wait of 30.1 s is longer than 30 s.
    const auto second = static_cast<std::size_t>(
        std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(wait).count()));
    if (by_second_.size() <= second) by_second_.resize(second + 1);
    ++by_second_[second];
    ++count_;
}

void Waits::add(const Waits& other) {
    if (by_second_.size() < other.by_second_.size()) by_second_.resize(other.by_second_.size());
    for (std::size_t i = 0; i < other.by_second_.size(); ++i) by_second_[i] += other.by_second_[i];
    count_ += other.count_;
}

std::uint64_t Waits::longer_than(Duration wait) const {
    const auto first =
        static_cast<std::size_t>(duration_cast<std::chrono::seconds>(wait).count()) + 1;
    if (first >= by_second_.size()) return 0;
    return std::accumulate(by_second_.begin() + static_cast<std::ptrdiff_t>(first),
                           by_second_.end(), std::uint64_t{0});
}

double Waits::quantile(double share) const {
    const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t second = 0; second < by_second_.size(); ++second) {
        seen += by_second_[second];
        if (seen >= rank) return static_cast<double>(second);
    }
    return 0;
}

double Waits::longest() const {
    for (auto second = by_second_.size(); second > 0; --second) {
        if (by_second_[second - 1] != 0) return static_cast<double>(second - 1);
    }
    return 0;
}

void Figures::add(const Figures& other) {
    node_time += other.node_time;
    server_time += other.server_time;
    lessons += other.lessons;
    refused += other.refused;
    power_ons += other.power_ons;
    delayed_announced += other.delayed_announced;
    waits.add(other.waits);
}

void Stopwatch::add(Duration one) {
    ++count;
    total += one;
    longest = std::max(longest, one);
}

void Stopwatch::add(const Stopwatch& other) {
    count += other.count;
    total += other.total;
    longest = std::max(longest, other.longest);
}

}  // namespace aula::simulation
