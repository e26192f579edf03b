// SPDX-License-Identifier: Apache-2.0
#include "base/worker.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <pthread.h>

namespace aula {

struct Worker::State {
    void run();

    Post post;
    std::size_t most_waiting = 0;
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);  // the asker's loop's own
    Stopped stopped = false;

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Work> waiting;
    std::thread thread;
};

Worker::Worker(std::string name, Post post, std::size_t most_waiting)
    : state_(std::make_unique<State>()) {
    state_->post = std::move(post);
    state_->most_waiting = most_waiting;
    state_->thread = std::thread([state = state_.get(), name = std::move(name)] {
        pthread_setname_np(pthread_self(), name.c_str());
        state->run();
    });
}

Worker::~Worker() {
    *state_->alive = false;
    {
        const std::scoped_lock lock(state_->mutex);
        state_->stopped = true;
    }
    state_->wake.notify_one();
    state_->thread.join();
}

bool Worker::add(Work work) {
    {
        const std::scoped_lock lock(state_->mutex);
        if (state_->waiting.size() >= state_->most_waiting) return false;
        state_->waiting.push_back(std::move(work));
    }
    state_->wake.notify_one();
    return true;
}

void Worker::State::run() {
    while (true) {
        Work work;
        {
            std::unique_lock lock(mutex);
            wake.wait(lock, [this] { return stopped || !waiting.empty(); });
            if (stopped) return;
            work = std::move(waiting.front());
            waiting.pop_front();
        }
        post([answer = work(stopped), alive = alive]() mutable {
            if (*alive) answer();
        });
    }
}

}  // namespace aula
