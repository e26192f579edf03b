// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "base/task.hpp"

namespace aula {

/// Does jobs that would hold up a loop, one after the other, on a thread of its own. Answers come
/// through `post` to the asker's loop, where this object lives and goes.
class Worker {
public:
    /// Brings a task to the asker's loop.
    using Post = std::function<void(Task)>;
    /// Set when the worker goes. A long job looks at it now and then and ends early; its answer is
    /// dropped then.
    using Stopped = std::atomic<bool>;
    static inline const Stopped never_stopped = false;  // where a long job is done without a worker

    /// Jobs beyond `most_waiting` are not taken.
    Worker(std::string name, Post post, std::size_t most_waiting);
    /// What waits is dropped, its answers too; what runs is waited for.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// job(const Stopped&) runs on the thread, answered(its result) on the asker's loop. False: too
    /// many wait already, and nothing is answered.
    template <class Job, class Answered>
    [[nodiscard]] bool ask(Job job, Answered answered) {
        return add([job = std::move(job),
                    answered = std::move(answered)](const Stopped& stopped) mutable -> Task {
            return [answered = std::move(answered), result = job(stopped)]() mutable {
                answered(std::move(result));
            };
        });
    }

private:
    struct State;
    /// Runs on the thread; gives back what is to run on the asker's loop.
    using Work = UniqueFunction<Task(const Stopped&)>;
    bool add(Work work);

    std::unique_ptr<State> state_;
};

}  // namespace aula
