// SPDX-License-Identifier: Apache-2.0
#include "fleet/timing.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <boost/json.hpp>

namespace aula::fleet {

namespace {

constexpr std::size_t last_point = Spread::points - 1;
// Fewer cases than this say less than what is usual.
constexpr std::size_t enough_cases = 30;
// What is usual counts as much as so many rooms; of older rooms these many count.
constexpr std::uint32_t usual_rooms = 20;
constexpr std::uint32_t most_rooms = 1000;
constexpr std::int64_t half_a_day = 12 * 3600;

// People come from about five minutes before the bell on, a room opens with the first of them.
constexpr Spread::Points usual_opening{-300s, -285s, -275s, -265s, -255s, -245s, -235s,
                                       -225s, -215s, -205s, -195s, -185s, -175s, -165s,
                                       -150s, -135s, -120s, -95s,  -60s,  0s,    240s};
// Most lessons end with the bell or shortly after, about one in twelve runs over.
constexpr Spread::Points usual_ending{-60s, 0s,   10s,  20s,  30s,  40s,  50s,
                                      60s,  70s,  80s,  90s,  100s, 110s, 120s,
                                      130s, 140s, 150s, 165s, 180s, 360s, 900s};

}  // namespace

Duration Spread::at(double share) const {
    const double position = std::clamp(share, 0.0, 1.0) * double(last_point);
    const auto below = std::min(std::size_t(position), last_point - 1);
    const double part = position - double(below);
    const auto step = duration_cast<Duration>(points_[below + 1] - points_[below]);
    return points_[below] + Duration(Duration::rep(double(step.count()) * part));
}

double Spread::share_before(Duration offset) const {
    if (offset <= points_.front()) return 0;
    if (offset > points_.back()) return 1;
    const auto above = std::lower_bound(points_.begin() + 1, points_.end(), offset);
    const auto below = above - 1;
    const double part = std::chrono::duration<double>(offset - *below) /
                        std::chrono::duration<double>(*above - *below);
    return (double(below - points_.begin()) + part) / double(last_point);
}

Timing::Timing() : opening(usual_opening), ending(usual_ending) {}

void TimingRecord::Offsets::add(Duration offset) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(offset).count();
    seconds_[next_] = std::int32_t(std::clamp<std::int64_t>(seconds, -half_a_day, half_a_day));
    next_ = (next_ + 1) % remembered;
    count_ = std::min(count_ + 1, remembered);
}

std::vector<std::int32_t> TimingRecord::Offsets::in_order() const {
    std::vector<std::int32_t> all;
    const std::size_t first = count_ < remembered ? 0 : next_;
    for (std::size_t i = 0; i < count_; ++i) all.push_back(seconds_[(first + i) % remembered]);
    return all;
}

Spread TimingRecord::Offsets::spread(const Spread& otherwise) const {
    if (count_ < enough_cases) return otherwise;
    std::vector<std::int32_t> sorted(seconds_.begin(), seconds_.begin() + std::ptrdiff_t(count_));
    std::sort(sorted.begin(), sorted.end());
    Spread::Points quantiles{};
    for (std::size_t i = 0; i < Spread::points; ++i)
        quantiles[i] = std::chrono::seconds(sorted[i * (count_ - 1) / last_point]);
    return Spread(quantiles);
}

void TimingRecord::opened(WallTime announced, WallTime really) { opening_.add(really - announced); }

void TimingRecord::ended(WallTime announced, WallTime really) {
    ending_.add(really - announced);
    count_room(true);
}

void TimingRecord::ended_unannounced(Duration length) {
    length_.add(length);
    count_room(false);
}

void TimingRecord::count_room(bool is_announced) {
    rooms_ = std::min(rooms_ + 1, most_rooms);
    const float one = is_announced ? 0 : 1;
    unannounced_rooms_ += (one - unannounced_rooms_) / float(rooms_ + usual_rooms);
}

Timing TimingRecord::timing() const {
    Timing timing;
    timing.opening = opening_.spread(timing.opening);
    timing.ending = ending_.spread(timing.ending);
    if (length_.size() >= enough_cases) timing.unannounced_length = length_.spread({}).at(0.5);
    timing.unannounced_rooms = double(unannounced_rooms_);
    return timing;
}

std::string TimingRecord::to_json() const {
    const auto list = [](const Offsets& offsets) {
        return boost::json::value_from(offsets.in_order());
    };
    return boost::json::serialize(boost::json::object{{"opening", list(opening_)},
                                                      {"ending", list(ending_)},
                                                      {"length", list(length_)},
                                                      {"rooms", rooms_},
                                                      {"unannounced", unannounced_rooms_}});
}

Expected<TimingRecord, Error> TimingRecord::from_json(std::string_view json) {
    const Error broken{ErrorCode::invalid, "what was learnt of openings and ends cannot be read"};
    boost::json::error_code error;
    const auto value = boost::json::parse({json.data(), json.size()}, error);
    if (error || !value.is_object()) return fail(broken);
    TimingRecord record;
    const auto read = [&](const char* name, Offsets& offsets) {
        const auto* list = value.get_object().if_contains(name);
        if (list == nullptr || !list->is_array()) return false;
        for (const auto& one : list->get_array()) {
            const auto* seconds = one.if_int64();
            if (seconds == nullptr || *seconds < -half_a_day || *seconds > half_a_day) return false;
            offsets.add(std::chrono::seconds(*seconds));
        }
        return true;
    };
    const auto number = [&](const char* name, double otherwise) {
        const auto* found = value.get_object().if_contains(name);
        return found != nullptr && found->is_number() ? found->to_number<double>() : otherwise;
    };
    const double rooms = number("rooms", 0);
    const double unannounced = number("unannounced", double(record.unannounced_rooms_));
    if (!(rooms >= 0 && rooms <= most_rooms && unannounced >= 0 && unannounced <= 1))
        return fail(broken);
    record.rooms_ = std::uint32_t(rooms);
    record.unannounced_rooms_ = float(unannounced);
    const bool is_whole = read("opening", record.opening_) && read("ending", record.ending_) &&
                          read("length", record.length_);
    if (!is_whole) return fail(broken);
    return record;
}

}  // namespace aula::fleet
