// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/result.hpp"
#include "base/task.hpp"

namespace soci {
class session;
}

namespace aula::store {

/// Brings a task to the asker's loop.
using Post = std::function<void(Task)>;

/// The SQLite file of the data folder, on a thread of its own. What waits is carried out in the
/// order asked and in one transaction, so that many small writes share one fsync; nothing is
/// answered before it is on disk. Used from one loop's thread; the functions of tables.hpp are what
/// a work calls.
class Store {
public:
    struct Counters {
        std::atomic<std::uint64_t> works = 0, transactions = 0, failures = 0, refused = 0;
    };

    /// Opens or makes the file and brings its tables up to date.
    static Expected<std::unique_ptr<Store>, Error> open(const std::filesystem::path& file);
    /// Carries out what still waits; its answers are dropped.
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// At start-up, before start(): on the calling thread.
    template <class Work>
    auto run_now(Work work) -> Expected<std::invoke_result_t<Work&, soci::session&>, Error>;

    /// Starts the thread; answers come through post.
    void start(Post post);

    /// work(session) runs on the store's thread and may throw what the store's functions throw;
    /// answered(Expected<its result, Error>) runs on the asker's loop.
    template <class Work, class Answered>
    void ask(Work work, Answered answered);

    const Counters& counters() const;

private:
    struct Job {
        UniqueFunction<void(soci::session&)> run;           // throws
        UniqueFunction<void(std::optional<Error>)> answer;  // what hindered it, if anything
    };
    struct State;

    explicit Store(std::unique_ptr<State> state);
    std::optional<Error> perform_now(Job job);
    void add(Job job);

    std::unique_ptr<State> state_;
};

template <class Work>
auto Store::run_now(Work work) -> Expected<std::invoke_result_t<Work&, soci::session&>, Error> {
    using Result = std::invoke_result_t<Work&, soci::session&>;
    Expected<Result, Error> result = fail(Error{ErrorCode::internal, "not run"});
    Job job;
    job.run = [&](soci::session& session) {
        if constexpr (std::is_void_v<Result>) {
            work(session);
            result = {};
        } else {
            result = work(session);
        }
    };
    if (auto hindered = perform_now(std::move(job))) return fail(std::move(*hindered));
    return result;
}

template <class Work, class Answered>
void Store::ask(Work work, Answered answered) {
    using Result = std::invoke_result_t<Work&, soci::session&>;
    if constexpr (std::is_void_v<Result>) {
        add({std::move(work),
             [answered = std::move(answered)](std::optional<Error> hindered) mutable {
                 if (hindered) return answered(Expected<void, Error>(fail(std::move(*hindered))));
                 answered(Expected<void, Error>());
             }});
    } else {
        auto result = std::make_shared<std::optional<Result>>();
        add({[work = std::move(work), result](soci::session& session) mutable {
                 *result = work(session);
             },
             [answered = std::move(answered), result](std::optional<Error> hindered) mutable {
                 if (hindered) return answered(Expected<Result, Error>(fail(std::move(*hindered))));
                 answered(Expected<Result, Error>(std::move(**result)));
             }});
    }
}

}  // namespace aula::store
