// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <pthread.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "base/expects.hpp"
#include "base/log.hpp"
#include "store/migrations.hpp"

namespace aula::store {

namespace {

// What waits when the disk is slower than the lessons; more is refused at once.
constexpr std::size_t most_waiting = 20'000;
// Of one transaction, so that an answer never waits for an endless one.
constexpr std::size_t most_at_once = 1'000;

Error error_of(const std::exception& exception) {
    // SOCI's what() holds the values that were bound: people's messages, secrets.
    const auto* of_soci = dynamic_cast<const soci::soci_error*>(&exception);
    return {ErrorCode::unavailable,
            "the store failed: " +
                (of_soci != nullptr ? of_soci->get_error_message() : exception.what())};
}

/// SQLite gives up the whole transaction by itself when the disk is full or fails.
bool in_transaction(soci::session& session) {
    const auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
    return sqlite_api::sqlite3_get_autocommit(backend->conn_) == 0;
}

}  // namespace

struct Store::State {
    void run();
    void perform(std::vector<Job>& jobs);
    std::optional<Error> attempt(Job& job);
    std::optional<Error> begin();
    std::optional<Error> commit();

    soci::session session;
    Counters counters;
    Post post;
    // Answers look at it on the asker's loop, where the store is destroyed too.
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);

    std::mutex mutex;
    std::condition_variable wake;
    std::vector<Job> waiting;
    bool stopping = false;
    std::thread thread;
};

Expected<std::unique_ptr<Store>, Error> Store::open(const std::filesystem::path& file) {
    auto state = std::make_unique<State>();
    try {
        state->session.open(soci::sqlite3, "dbname=" + file.string() + " timeout=10");
        state->session << "PRAGMA journal_mode=WAL";
        // What was answered survives a power cut.
        state->session << "PRAGMA synchronous=FULL";
        state->session << "PRAGMA foreign_keys=ON";
        migrate(state->session);
    } catch (const std::exception& exception) {
        return fail(Error{ErrorCode::unavailable, file.string() + ": " + exception.what()});
    }
    return std::unique_ptr<Store>(new Store(std::move(state)));
}

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}

Store::~Store() {
    *state_->alive = false;
    if (!state_->thread.joinable()) return;
    {
        const std::scoped_lock lock(state_->mutex);
        state_->stopping = true;
    }
    state_->wake.notify_one();
    state_->thread.join();
}

void Store::start(Post post) {
    AULA_EXPECTS(!state_->thread.joinable());
    state_->post = std::move(post);
    state_->thread = std::thread([state = state_.get()] {
        pthread_setname_np(pthread_self(), "store");
        state->run();
    });
}

std::optional<Error> Store::perform_now(Job job) {
    AULA_EXPECTS(!state_->thread.joinable());
    if (auto error = state_->begin()) return error;
    if (auto error = state_->attempt(job)) {
        (void)state_->commit();
        return error;
    }
    return state_->commit();
}

void Store::add(Job job) {
    bool first = false;
    bool full = false;
    {
        const std::scoped_lock lock(state_->mutex);
        full = state_->waiting.size() >= most_waiting;
        if (!full) {
            first = state_->waiting.empty();
            state_->waiting.push_back(std::move(job));
        }
    }
    if (first) state_->wake.notify_one();
    if (!full) return;
    ++state_->counters.refused;
    state_->post([answer = std::move(job.answer), alive = state_->alive]() mutable {
        if (*alive) answer(Error{ErrorCode::unavailable, "the store has too much to do"});
    });
}

const Store::Counters& Store::counters() const { return state_->counters; }

void Store::State::run() {
    while (true) {
        std::vector<Job> jobs;
        {
            std::unique_lock lock(mutex);
            wake.wait(lock, [this] { return stopping || !waiting.empty(); });
            if (waiting.empty()) return;
            const std::size_t count = std::min(waiting.size(), most_at_once);
            const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(count);
            jobs.assign(std::move_iterator(waiting.begin()), std::move_iterator(end));
            waiting.erase(waiting.begin(), end);
        }
        perform(jobs);
    }
}

void Store::State::perform(std::vector<Job>& jobs) {
    ++counters.transactions;
    counters.works += jobs.size();
    auto whole = begin();
    std::vector<std::optional<Error>> errors(jobs.size());
    for (std::size_t i = 0; i < jobs.size() && !whole; ++i) {
        errors[i] = attempt(jobs[i]);
        if (errors[i] && !in_transaction(session)) whole = errors[i];
    }
    if (!whole) whole = commit();
    if (whole)
        log::error("the store lost a transaction", {{"works", jobs.size()}, {"why", whole->text}});
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        std::optional<Error> error = whole ? whole : std::move(errors[i]);
        counters.failures += error.has_value();
        post([answer = std::move(jobs[i].answer), error = std::move(error), a = alive]() mutable {
            if (*a) answer(std::move(error));
        });
    }
}

std::optional<Error> Store::State::begin() try {
    session << "BEGIN IMMEDIATE";
    return std::nullopt;
} catch (const std::exception& exception) {
    return error_of(exception);
}

/// A work that fails takes back what it did, and nobody else's.
std::optional<Error> Store::State::attempt(Job& job) {
    std::optional<Error> error;
    try {
        session << "SAVEPOINT work";
        job.run(session);
        session << "RELEASE work";
        return std::nullopt;
    } catch (const std::exception& exception) {
        error = error_of(exception);
    }
    try {
        if (in_transaction(session)) session << "ROLLBACK TO work; RELEASE work";
    } catch (const std::exception& exception) {
        error = error_of(exception);
    }
    return error;
}

std::optional<Error> Store::State::commit() {
    try {
        session << "COMMIT";
        return std::nullopt;
    } catch (const std::exception& exception) {
        auto error = error_of(exception);
        try {
            if (in_transaction(session)) session << "ROLLBACK";
        } catch (const std::exception&) {
            // The first reason is the one to tell.
        }
        return error;
    }
}

}  // namespace aula::store
