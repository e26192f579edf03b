// SPDX-License-Identifier: Apache-2.0
#include "hub/operator_outlook.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include <pthread.h>

namespace aula::hub {

namespace {

// Of one run: more than a page shows.
constexpr std::size_t most_orders = 2'000;

OutlookRun live_through(const OutlookQuestion& question, const fleet::Policy& policy) {
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
    simulation::World world = question.world;
    world.seats_per_node = policy.seats_per_node;
    simulation::AulaScaler scaler(policy);
    run.outcome = simulation::run(lessons, world, scaler, watch);
    return run;
}

}  // namespace

struct Outlook::State {
    void run();

    net::Loop* loop = nullptr;
    std::size_t most_waiting = 0;
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);  // the asker's loop's own

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::pair<OutlookQuestion, Answered>> waiting;
    bool stopping = false;
    std::thread thread;
};

Outlook::Outlook(net::Loop& loop, std::size_t most_waiting) : state_(std::make_unique<State>()) {
    state_->loop = &loop;
    state_->most_waiting = most_waiting;
    state_->thread = std::thread([state = state_.get()] {
        pthread_setname_np(pthread_self(), "outlook");
        state->run();
    });
}

Outlook::~Outlook() {
    *state_->alive = false;
    {
        const std::scoped_lock lock(state_->mutex);
        state_->stopping = true;
    }
    state_->wake.notify_one();
    state_->thread.join();
}

bool Outlook::ask(OutlookQuestion question, Answered answered) {
    {
        const std::scoped_lock lock(state_->mutex);
        if (state_->waiting.size() >= state_->most_waiting) return false;
        state_->waiting.emplace_back(std::move(question), std::move(answered));
    }
    state_->wake.notify_one();
    return true;
}

void Outlook::State::run() {
    while (true) {
        std::pair<OutlookQuestion, Answered> next;
        {
            std::unique_lock lock(mutex);
            wake.wait(lock, [this] { return stopping || !waiting.empty(); });
            if (stopping) return;
            next = std::move(waiting.front());
            waiting.pop_front();
        }
        std::vector<OutlookRun> runs;
        for (const auto& policy : next.first.policies)
            runs.push_back(live_through(next.first, policy));
        loop->post(
            [answered = std::move(next.second), runs = std::move(runs), alive = alive]() mutable {
                if (*alive) answered(std::move(runs));
            });
    }
}

}  // namespace aula::hub
