// SPDX-License-Identifier: Apache-2.0
#include "base/city_clock.hpp"

#include <charconv>

namespace aula {
namespace {

constexpr double top_speed = 3600;
constexpr long long last_second = 7'258'118'399;  // of the year 2199; nanoseconds end in 2262

template <class T>
bool take_number(std::string_view& text, T& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

bool take_comma(std::string_view& text) {
    if (!text.starts_with(',')) return false;
    text.remove_prefix(1);
    return true;
}

template <class Rep, class Period>
Duration scaled(std::chrono::duration<Rep, Period> span, double factor) {
    return duration_cast<Duration>(std::chrono::duration<double, Period>(span) * factor);
}

}  // namespace

std::optional<CityClock> CityClock::parse(std::string_view text) {
    long long real = 0, shown = 0;
    double speed = 0;
    const bool read = take_number(text, real) && take_comma(text) && take_number(text, shown) &&
                      take_comma(text) && take_number(text, speed) && text.empty();
    const auto is_time = [](long long second) { return second >= 0 && second <= last_second; };
    if (!read || !is_time(real) || !is_time(shown) || !(speed > 0 && speed <= top_speed))
        return std::nullopt;
    CityClock clock;
    clock.real_origin_ = WallTime(std::chrono::seconds(real));
    clock.shown_origin_ = WallTime(std::chrono::seconds(shown));
    clock.speed_ = speed;
    return clock;
}

WallTime CityClock::at(WallTime real) const {
    if (speed_ == 1) return shown_origin_ + (real - real_origin_);
    return shown_origin_ + duration_cast<WallClock::duration>(scaled(real - real_origin_, speed_));
}

Duration CityClock::real(Duration shown) const {
    return speed_ == 1 ? shown : scaled(shown, 1 / speed_);
}

}  // namespace aula
