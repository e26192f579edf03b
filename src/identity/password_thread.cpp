// SPDX-License-Identifier: Apache-2.0
#include "identity/password_thread.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include <pthread.h>

namespace aula::identity {

struct PasswordThread::State {
    /// Runs on the thread; gives back what is to run on the asker's loop.
    using Work = UniqueFunction<Task()>;

    void run();
    bool add(Work work);

    Post post;
    PasswordCost cost;
    std::size_t most_waiting = 0;
    std::optional<std::string> decoy;  // the thread's own; made when it is first needed
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);  // the asker's loop's own

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Work> waiting;
    bool stopping = false;
    std::thread thread;
};

PasswordThread::PasswordThread(Post post, PasswordCost cost, std::size_t most_waiting)
    : state_(std::make_unique<State>()) {
    state_->post = std::move(post);
    state_->cost = cost;
    state_->most_waiting = most_waiting;
    state_->thread = std::thread([state = state_.get()] {
        pthread_setname_np(pthread_self(), "passwords");
        state->run();
    });
}

PasswordThread::~PasswordThread() {
    *state_->alive = false;
    {
        const std::scoped_lock lock(state_->mutex);
        state_->stopping = true;
    }
    state_->wake.notify_one();
    state_->thread.join();
}

bool PasswordThread::hash(std::string password, Hashed hashed) {
    return state_->add([state = state_.get(), password = std::move(password),
                        hashed = std::move(hashed)]() mutable -> Task {
        return [hashed = std::move(hashed), alive = state->alive,
                hash = hash_password(password, state->cost)]() mutable {
            if (*alive) hashed(std::move(hash));
        };
    });
}

bool PasswordThread::check(std::optional<std::string> stored, std::string password,
                           Checked checked) {
    return state_->add([state = state_.get(), stored = std::move(stored),
                        password = std::move(password),
                        checked = std::move(checked)]() mutable -> Task {
        if (!state->decoy) state->decoy = hash_password("nobody's password", state->cost);
        auto outcome =
            check_password(stored ? *stored : state->decoy.value_or(""), password, state->cost);
        if (!stored) outcome = PasswordCheck::wrong;
        return [checked = std::move(checked), alive = state->alive, outcome]() mutable {
            if (*alive) checked(outcome);
        };
    });
}

bool PasswordThread::State::add(Work work) {
    {
        const std::scoped_lock lock(mutex);
        if (waiting.size() >= most_waiting) return false;
        waiting.push_back(std::move(work));
    }
    wake.notify_one();
    return true;
}

void PasswordThread::State::run() {
    while (true) {
        Work work;
        {
            std::unique_lock lock(mutex);
            wake.wait(lock, [this] { return stopping || !waiting.empty(); });
            if (stopping) return;
            work = std::move(waiting.front());
            waiting.pop_front();
        }
        post(work());
    }
}

}  // namespace aula::identity
