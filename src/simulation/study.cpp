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
    void forget() { lessons_ = {}; }

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

namespace {

/// Which weeks are drawn, and in which the lockdown lies.
void choose_weeks(Study& study, const StudyTask& task, const Lessons& lessons) {
    const auto begin = [&](unsigned week) { return lessons.from + hours(24 * 7) * week; };
    study.days = lessons.days;
    study.drawn_from = begin(week_to_draw(task, lessons));
    for (unsigned week = 0; week * 7 < lessons.days; ++week) {
        if (lessons.is_lockdown(week)) study.lockdown_from = begin(week);
    }
}

/// Goes through all settings and all seeds.
class Studying {
public:
    Studying(const StudyTask& task, const Settings& settings) : task_(task) {
        benches_.reserve(task.seeds);
        for (unsigned n = 0; n < task.seeds; ++n) benches_.emplace_back(task, task.first_seed + n);
        const auto& lessons = benches_.front().lessons();
        const auto peak = peak_nodes(lessons, task);
        standby_ = peak + peak / 4 + 2;
        candidates_ = settings(peak);
        choose_weeks(study_, task, lessons);
        study_.tuning_seeds = std::max(1u, std::min(task.seeds, task.tuning_seeds));
    }

    Study done() {
        for (std::size_t i = 0; i < candidates_.size(); ++i) try_setting(i);
        for (const auto& [name, best] : best_) study_.tried[best.setting].is_chosen = true;
        for (unsigned n = 0; n < task_.seeds; ++n) bound_and_judge(n);
        return std::move(study_);
    }

private:
    struct Best {
        std::size_t setting;
        std::size_t report;
    };

    Watch watch() const {
        Watch watch;
        watch.is_drawn = [this](WallTime at) {
            const auto lies_in = [at](WallTime week) {
                return at >= week && at < week + hours(24 * 7);
            };
            return lies_in(study_.drawn_from) ||
                   (study_.lockdown_from && lies_in(*study_.lockdown_from));
        };
        return watch;
    }

    /// Of each family that setting is kept which was best on the weeks for tuning.
    void try_setting(std::size_t index) {
        const auto& candidate = candidates_[index];
        task_.progress(fmt::format("setting {} of {}: {}, {}", index + 1, candidates_.size(),
                                   candidate.family, candidate.knobs));
        TriedSetting tried;
        tried.family = candidate.family;
        tried.knobs = candidate.knobs;
        tried.frontier_knob = candidate.frontier_knob;
        PolicyReport report;
        report.name = candidate.family;
        report.knobs = candidate.knobs;
        report.pays_disks = candidate.pays_disks;
        for (unsigned n = 0; n < study_.tuning_seeds; ++n) {
            Figures tuned_on;
            report.trials.push_back(
                benches_[n].trial(candidate, standby_, n == 0 ? watch() : Watch{},
                                  n == 0 ? &report.samples : nullptr, &tuned_on));
            tried.tuned_on.add(tuned_on);
            tried.ordinary.add(report.trials.back().ordinary);
        }
        const auto [best, is_new] =
            best_.try_emplace(candidate.family, Best{index, study_.policies.size()});
        if (is_new) {
            study_.policies.push_back(std::move(report));
        } else if (badness(tried.tuned_on) < badness(study_.tried[best->second.setting].tuned_on)) {
            best->second.setting = index;
            study_.policies[best->second.report] = std::move(report);
        }
        study_.tried.push_back(std::move(tried));
    }

    void bound_and_judge(unsigned n) {
        task_.progress(fmt::format("seed {} of {}", n + 1, task_.seeds));
        study_.bounds.push_back(benches_[n].bounds());
        if (n >= study_.tuning_seeds) {
            for (const auto& [name, best] : best_) {
                study_.policies[best.report].trials.push_back(
                    benches_[n].trial(candidates_[best.setting], standby_, {}, nullptr, nullptr));
            }
        }
        benches_[n].forget();
    }

    const StudyTask& task_;
    Study study_;
    std::vector<Bench> benches_;
    std::vector<Candidate> candidates_;
    std::map<std::string, Best> best_;
    unsigned standby_ = 0;
};

}  // namespace

Study study(const StudyTask& task, const Settings& settings) {
    const auto began = Clock::now();
    auto result = Studying(task, settings).done();
    result.took = Clock::now() - began;
    return result;
}

}  // namespace aula::simulation
