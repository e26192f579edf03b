// SPDX-License-Identifier: Apache-2.0
#include "hub/keeper_boots.hpp"

#include <algorithm>
#include <vector>

#include <boost/json.hpp>

namespace aula::hub {

namespace {

constexpr std::int64_t longest_boot_ms = 24 * 3'600'000;
constexpr std::size_t believed = 20;  // from so many on the tail is what was measured

}  // namespace

void BootRecord::add(Duration boot) {
    boots_.push_back(std::max<Duration>(boot, 1ms));
    if (boots_.size() > remembered) boots_.pop_front();
}

fleet::BootTimes BootRecord::times() const {
    if (boots_.empty()) return {};
    std::vector<Duration> sorted(boots_.begin(), boots_.end());
    std::sort(sorted.begin(), sorted.end());
    const std::size_t last = sorted.size() - 1;
    const Duration median = sorted[last / 2];
    const Duration tail = sorted[std::min(last, (sorted.size() * 95 + 99) / 100 - 1)];
    // A node that says hello late by a moment has not failed.
    const Duration slack = sorted.size() < believed ? tail : Duration(0);
    return {median, std::max<Duration>(tail + slack, 5s)};
}

std::string BootRecord::to_json() const {
    boost::json::array list;
    for (const Duration boot : boots_)
        list.push_back(duration_cast<std::chrono::milliseconds>(boot).count());
    return boost::json::serialize(list);
}

void BootRecord::read(std::string_view json) {
    boost::system::error_code error;
    const auto value = boost::json::parse({json.data(), json.size()}, error);
    if (error || !value.is_array()) return;
    for (const auto& one : value.get_array()) {
        const auto* boot = one.if_int64();
        if (boot != nullptr && *boot > 0 && *boot <= longest_boot_ms)
            add(std::chrono::milliseconds(*boot));
    }
}

}  // namespace aula::hub
