// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>

#include "base/task.hpp"

namespace aula::test {

/// Stands for a loop: tasks are run when the test asks for them.
struct Mailbox {
    auto poster() {
        return [this](Task task) {
            const std::scoped_lock lock(mutex);
            tasks.push_back(std::move(task));
            came.notify_one();
        };
    }
    void run_one() {
        std::unique_lock lock(mutex);
        came.wait(lock, [this] { return !tasks.empty(); });
        auto task = std::move(tasks.front());
        tasks.pop_front();
        lock.unlock();
        task();
    }
    void run(std::size_t count) {
        while (count-- > 0) run_one();
    }
    std::mutex mutex;
    std::condition_variable came;
    std::deque<Task> tasks;
};

}  // namespace aula::test
