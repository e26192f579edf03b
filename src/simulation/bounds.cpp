// SPDX-License-Identifier: Apache-2.0
#include "simulation/bounds.hpp"

#include <algorithm>

namespace aula::simulation {
namespace {

std::int64_t since_1970(WallTime at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

/// Gathers lessons up to a moment when nothing is on for longer than a boot: what comes then has
/// nothing to do with what was before.
class Days {
public:
    Days(const Lessons& lessons, const PackingTask& task)
        : task_(task), from_(since_1970(lessons.from)), weeks_((lessons.days + 6) / 7) {}

    void add(const Stretch& stretch) {
        if (!part_.empty() && stretch.from > quiet_from_ + task_.boot_seconds) settle();
        part_.push_back(stretch);
        quiet_from_ = std::max(quiet_from_, stretch.until);
    }

    void settle() {
        if (part_.empty()) return;
        constexpr std::int64_t week = 7 * 24 * 3600;
        const auto index = static_cast<std::size_t>((part_.front().from - from_) / week);
        auto& bounds = weeks_[std::min(index, weeks_.size() - 1)];
        bounds.fluid_seconds += fluid_bound(part_, task_.seats_per_node);
        bounds.packing_seconds += best_packing(part_, task_);
        part_.clear();
        quiet_from_ = 0;
    }

    std::vector<WeekBounds> weeks() { return std::move(weeks_); }

private:
    const PackingTask& task_;
    std::int64_t from_;
    std::vector<WeekBounds> weeks_;
    std::vector<Stretch> part_;
    std::int64_t quiet_from_ = 0;
};

bool starts_before(const Stretch& a, const Stretch& b) { return a.from < b.from; }

}  // namespace

std::int64_t fluid_bound(std::span<const Stretch> stretches, std::uint32_t seats_per_node) {
    std::vector<std::pair<std::int64_t, std::int64_t>> changes;
    changes.reserve(stretches.size() * 2);
    for (const auto& one : stretches) {
        changes.emplace_back(one.from, one.seats);
        changes.emplace_back(one.until, -std::int64_t{one.seats});
    }
    std::sort(changes.begin(), changes.end());
    std::int64_t sum = 0;
    std::int64_t seats = 0;
    std::int64_t since = 0;
    for (const auto& [at, change] : changes) {
        sum += (seats + seats_per_node - 1) / seats_per_node * (at - since);
        seats += change;
        since = at;
    }
    return sum;
}

std::vector<WeekBounds> bounds_of(const Lessons& lessons, const PackingTask& task) {
    Days days(lessons, task);
    std::vector<Stretch> later;  // that a day mentions and another sees begin
    for (unsigned day = 0; day < lessons.days; ++day) {
        const auto midnight = since_1970(lessons.from + std::chrono::hours(24) * (day + 1));
        for (const auto& lesson : lessons.of_day(day)) {
            if (!lesson.takes_place()) continue;
            later.push_back({since_1970(lesson.start), since_1970(lesson.end), lesson.seats});
        }
        std::sort(later.begin(), later.end(), starts_before);
        const auto rest = std::find_if(later.begin(), later.end(),
                                       [&](const Stretch& one) { return one.from >= midnight; });
        std::for_each(later.begin(), rest, [&](const Stretch& one) { days.add(one); });
        later.erase(later.begin(), rest);
    }
    for (const auto& one : later) days.add(one);
    days.settle();
    return days.weeks();
}

}  // namespace aula::simulation
