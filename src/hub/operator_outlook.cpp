// SPDX-License-Identifier: Apache-2.0
#include "hub/operator_outlook.hpp"

namespace aula::hub {

namespace {

// Of one run: more than a page shows.
constexpr std::size_t most_orders = 2'000;

OutlookRun live_with(const fleet::Policy& policy, const OutlookQuestion& question,
                     const Worker::Stopped& stopped) {
    OutlookRun run;
    simulation::Lessons lessons;
    lessons.from = question.from;
    lessons.days = question.days;
    lessons.of_day = [&](unsigned day) {
        const auto begin = question.from + std::chrono::hours(24) * day;
        std::vector<simulation::Lesson> those;
        for (const auto& lesson : question.lessons) {
            const auto mention = lesson.first_mention();
            if (mention >= begin && mention < begin + std::chrono::hours(24))
                those.push_back(lesson);
        }
        return those;
    };
    simulation::Watch watch;
    watch.is_drawn = [](WallTime) { return true; };
    watch.on_action = [&](WallTime at, const fleet::Action& action) {
        if (run.orders.size() < most_orders) run.orders.push_back({at, action});
    };
    watch.is_stopped = [&] { return stopped.load(); };
    simulation::World world = question.world;
    world.seats_per_node = policy.seats_per_node;
    simulation::AulaScaler scaler(policy);
    run.outcome = simulation::run(lessons, world, scaler, watch);
    return run;
}

}  // namespace

std::optional<std::vector<OutlookRun>> live_through(const OutlookQuestion& question,
                                                    const Worker::Stopped& stopped) {
    std::vector<OutlookRun> runs;
    for (const auto& policy : question.policies)
        runs.push_back(live_with(policy, question, stopped));
    if (stopped) return std::nullopt;
    return runs;
}

}  // namespace aula::hub
