// SPDX-License-Identifier: Apache-2.0
#include "simulation/chance.hpp"

#include <cmath>
#include <numbers>

namespace aula::simulation {
namespace {

constexpr double z95 = 1.6448536269514722;  // of the normal distribution
constexpr double z99 = 2.3263478740408408;

}  // namespace

Chance::Chance(std::initializer_list<std::uint64_t> what) : state_(0x9e3779b97f4a7c15) {
    for (const auto number : what) {
        state_ ^= number + 0x632be59bd9b4e019;
        state_ = next();
    }
}

std::uint64_t Chance::next() {
    state_ += 0x9e3779b97f4a7c15;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

double Chance::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

std::uint32_t Chance::below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(uniform() * bound);
}

double Chance::normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
}

double Chance::exponential(double mean) { return -mean * std::log(1 - uniform()); }

double Chance::triangle(double low, double mode, double high) {
    const double u = uniform();
    const double split = (mode - low) / (high - low);
    if (u < split) return low + std::sqrt(u * (high - low) * (mode - low));
    return high - std::sqrt((1 - u) * (high - low) * (high - mode));
}

Duration BootTime::draw(Chance& chance) const {
    return seconds(in_seconds(median) * std::exp(std::log(tail) / z99 * chance.normal()));
}

Duration BootTime::quantile95() const {
    return seconds(in_seconds(median) * std::exp(std::log(tail) / z99 * z95));
}

}  // namespace aula::simulation
