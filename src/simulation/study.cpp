// SPDX-License-Identifier: Apache-2.0
#include "simulation/study.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace aula::simulation {
namespace {

using std::chrono::hours;

bool is_judged_week(const StudyTask& task, unsigned week) {
    return !task.is_tuned || week % 2 == 1;
}

Reference sum(const std::vector<WeekBounds>& weeks,
              const std::function<bool(unsigned week)>& chosen) {
    Reference result;
    for (unsigned week = 0; week < weeks.size(); ++week) {
        if (!chosen(week)) continue;
        result.fluid_minutes += static_cast<double>(weeks[week].fluid_seconds) / 60;
        result.packing_minutes += static_cast<double>(weeks[week].packing_seconds) / 60;
    }
    return result;
}

/// Highest load of an ordinary day in the weeks that are tuned on, in full nodes.
unsigned peak_nodes(const Lessons& lessons, const StudyTask& task) {
    std::int64_t highest = 0;
    for (unsigned day = 0; day < lessons.days; ++day) {
        const auto week = day / 7;
        if (task.is_tuned && (is_judged_week(task, week) || lessons.is_lockdown(week))) continue;
        std::vector<std::pair<WallTime, std::int64_t>> changes;
        for (const auto& lesson : lessons.of_day(day)) {
            if (!lesson.takes_place()) continue;
            changes.emplace_back(lesson.start, lesson.seats);
            changes.emplace_back(lesson.end, -std::int64_t{lesson.seats});
        }
        std::sort(changes.begin(), changes.end());
        std::int64_t seats = 0;
        for (const auto& [at, change] : changes) highest = std::max(highest, seats += change);
    }
    const auto of_one = std::int64_t{task.world.seats_per_node};
    return static_cast<unsigned>(std::max<std::int64_t>(1, (highest + of_one - 1) / of_one));
}

/// Keeps the days once they are made, as far as that is no burden: many runs ask for the same ones.
Lessons remembered(Lessons lessons) {
    struct Memory {
        std::map<unsigned, std::vector<Lesson>> days;
        std::size_t lessons = 0;
    };
    constexpr std::size_t most_lessons = 1'000'000;
    lessons.of_day = [of_day = std::move(lessons.of_day),
                      memory = std::make_shared<Memory>()](unsigned day) {
        const auto known = memory->days.find(day);
        if (known != memory->days.end()) return known->second;
        auto made = of_day(day);
        if (memory->lessons + made.size() <= most_lessons) {
            memory->lessons += made.size();
            memory->days.emplace(day, made);
        }
        return made;
    };
    return lessons;
}

class Bench {
public:
    Bench(const StudyTask& task, std::uint64_t seed)
        : task_(task), lessons_(remembered(task.lessons(seed))), seed_(seed) {}

    const Lessons& lessons() const { return lessons_; }

    SeedBounds bounds() const {
        const PackingTask packing{
            task_.world.seats_per_node,
            duration_cast<std::chrono::seconds>(task_.world.standby_boot.median).count(),
            task_.search_rounds, seed_};
        const auto weeks = bounds_of(lessons_, packing);
        SeedBounds bounds;
        bounds.judged = sum(weeks, [&](unsigned week) { return judged(week); });
        bounds.ordinary =
            sum(weeks, [&](unsigned week) { return judged(week) && !lessons_.is_lockdown(week); });
        bounds.lockdown = sum(weeks, lessons_.is_lockdown);
        bounds.all = sum(weeks, [](unsigned) { return true; });
        return bounds;
    }

    Trial trial(const Candidate& candidate, unsigned standby, const Watch& watch,
                std::vector<Sample>* samples, Figures* tuned_on) const {
        auto world = task_.world;
        world.seed = seed_;
        world.standby_servers = candidate.pays_disks ? standby : 0;
        // Others make a server as fast as they would start one that stands by, and pay no disk.
        if (!candidate.pays_disks) world.template_boot = world.standby_boot;
        const auto scaler = candidate.make();
        auto outcome = run(lessons_, world, *scaler, watch);
        Trial trial;
        trial.judged = outcome.sum([&](unsigned week) { return judged(week); });
        trial.ordinary =
            outcome.sum([&](unsigned week) { return judged(week) && !lessons_.is_lockdown(week); });
        trial.lockdown = outcome.sum(lessons_.is_lockdown);
        trial.all = outcome.sum([](unsigned) { return true; });
        if (tuned_on != nullptr) {
            *tuned_on = outcome.sum([&](unsigned week) {
                return (!task_.is_tuned || !judged(week)) && !lessons_.is_lockdown(week);
            });
        }
        trial.api_calls_max_per_min = outcome.api_calls_max_per_min;
        trial.most_nodes = outcome.most_nodes;
        trial.orders_refused_by_us = outcome.orders_refused_by_us;
        trial.ledger = outcome.ledger;
        trial.meter = outcome.meter;
        trial.planning = outcome.planning;
        if (samples != nullptr) *samples = std::move(outcome.samples);
        return trial;
    }

private:
    bool judged(unsigned week) const { return is_judged_week(task_, week); }

    const StudyTask& task_;
    Lessons lessons_;
    std::uint64_t seed_;
};

/// The week that is drawn: the judged, ordinary one with the most lessons.
unsigned week_to_draw(const StudyTask& task, const Lessons& lessons) {
    std::map<unsigned, std::size_t> counts;
    for (unsigned day = 0; day < lessons.days; ++day) {
        const auto week = day / 7;
        if (is_judged_week(task, week) && !lessons.is_lockdown(week)) {
            counts[week] += lessons.of_day(day).size();
        }
    }
    unsigned best = 0;
    std::size_t most = 0;
    for (const auto& [week, count] : counts) {
        if (count <= most) continue;
        most = count;
        best = week;
    }
    return best;
}

}  // namespace

double badness(const Figures& figures) {
    return std::chrono::duration<double, std::ratio<60>>(figures.node_time).count() +
           600.0 * static_cast<double>(figures.delayed()) +
           6000.0 * static_cast<double>(figures.refused);
}

Study study(const StudyTask& task, const Settings& settings) {
    const auto began = Clock::now();
    Study result;
    const Bench first(task, task.first_seed);
    const auto peak = peak_nodes(first.lessons(), task);
    const auto standby = peak + peak / 4 + 2;
    const auto week_begin = [from = first.lessons().from](unsigned week) {
        return from + hours(24 * 7) * week;
    };
    result.days = first.lessons().days;
    result.drawn_from = week_begin(week_to_draw(task, first.lessons()));
    for (unsigned week = 0; week * 7 < result.days; ++week) {
        if (first.lessons().is_lockdown(week)) result.lockdown_from = week_begin(week);
    }
    Watch watch;
    watch.is_drawn = [&](WallTime at) {
        const auto lies_in = [at](WallTime week) {
            return at >= week && at < week + hours(24 * 7);
        };
        return lies_in(result.drawn_from) ||
               (result.lockdown_from && lies_in(*result.lockdown_from));
    };

    // Every setting on the first seed; of each family that is kept which was best on the even
    // weeks.
    const auto candidates = settings(peak);
    std::vector<std::size_t> chosen;
    std::map<std::string, std::size_t> place_of_family;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        task.progress(fmt::format("setting {} of {}: {}, {}", i + 1, candidates.size(),
                                  candidates[i].family, candidates[i].knobs));
        TriedSetting tried{
            candidates[i].family, candidates[i].knobs, candidates[i].frontier_knob, {}, {}, false};
        PolicyReport report{
            candidates[i].family, candidates[i].knobs, candidates[i].pays_disks, {}, {}};
        auto trial = first.trial(candidates[i], standby, watch, &report.samples, &tried.tuned_on);
        tried.ordinary = trial.ordinary;
        report.trials.push_back(std::move(trial));
        const auto [place, is_new] =
            place_of_family.try_emplace(candidates[i].family, chosen.size());
        if (is_new) {
            chosen.push_back(i);
            result.policies.push_back(std::move(report));
        } else if (badness(tried.tuned_on) <
                   badness(result.tried[chosen[place->second]].tuned_on)) {
            chosen[place->second] = i;
            result.policies[place->second] = std::move(report);
        }
        result.tried.push_back(std::move(tried));
    }
    for (const auto i : chosen) result.tried[i].is_chosen = true;

    for (unsigned n = 0; n < task.seeds; ++n) {
        const auto seed = task.first_seed + n;
        task.progress(fmt::format("seed {} of {}: packing with full knowledge", n + 1, task.seeds));
        const Bench bench(task, seed);
        result.bounds.push_back(bench.bounds());
        if (n == 0) continue;
        for (std::size_t p = 0; p < chosen.size(); ++p) {
            task.progress(
                fmt::format("seed {} of {}: {}", n + 1, task.seeds, result.policies[p].name));
            result.policies[p].trials.push_back(
                bench.trial(candidates[chosen[p]], standby, {}, nullptr, nullptr));
        }
    }
    result.took = Clock::now() - began;
    return result;
}

}  // namespace aula::simulation
