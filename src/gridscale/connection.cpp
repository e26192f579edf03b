// SPDX-License-Identifier: Apache-2.0
#include "gridscale/connection.hpp"

#include <utility>

#include "crypto/random.hpp"
#include "gridscale/answers.hpp"

namespace aula::gridscale {
namespace {

using Outcome = Expected<http::Response, Error>;

struct Attempt {
    http::Call call;
    unsigned made = 0;
    std::function<void(Outcome)> finished;
};

/// A mutation whose request runs in the cloud's background.
struct Job {
    std::string request_id;
    std::string answer;  // of the mutation itself
    Time give_up;
    Connection::Answered answered;
};

double random_share() { return static_cast<double>(crypto::random32()) / 4294967296.0; }

}  // namespace

struct Connection::State : std::enable_shared_from_this<Connection::State> {
    State(net::Loop& l, http::Client& c, ConnectionOptions o)
        : loop(l), client(c), options(std::move(o)) {}

    http::Call make_call(const std::string& method, const std::string& path,
                         std::string body) const {
        http::Call call;
        call.method = method;
        call.url = options.base_url + path;
        call.headers.set("x-auth-userid", options.credentials.user_id);
        call.headers.set("x-auth-token", options.credentials.token);
        if (!body.empty()) call.headers.set("content-type", "application/json");
        call.body = std::move(body);
        return call;
    }

    void attempt(Attempt attempt) {
        ++attempt.made;
        auto call = attempt.call;
        client.start(std::move(call), [weak = weak_from_this(), attempt](Outcome outcome) {
            if (const auto self = weak.lock()) self->on_outcome(attempt, std::move(outcome));
        });
    }

    void on_outcome(const Attempt& attempt, Outcome outcome) {
        const auto pause = pause_before_retry(attempt.call.method, outcome, attempt.made,
                                              options.retry, random_share(), WallClock::now());
        if (!pause) return attempt.finished(std::move(outcome));
        loop.after(*pause, [weak = weak_from_this(), attempt] {
            if (const auto self = weak.lock()) self->attempt(attempt);
        });
    }

    void poll_later(Job job) {
        loop.after(options.poll, [weak = weak_from_this(), job = std::move(job)] {
            if (const auto self = weak.lock()) self->poll(job);
        });
    }

    void poll(const Job& job) {
        attempt({make_call("GET", "/requests/" + job.request_id, {}), 0,
                 [this, job](const Outcome& outcome) { on_polled(job, outcome); }});
    }

    void on_polled(const Job& job, const Outcome& outcome) {
        if (!outcome) return job.answered(fail(outcome.error()));
        if (outcome->status / 100 != 2) return job.answered(fail(error_of(*outcome)));
        const auto state = parse_request(outcome->body, job.request_id);
        if (!state) return job.answered(fail(state.error()));
        if (state->status == RequestStatus::done) return job.answered(job.answer);
        if (state->status == RequestStatus::failed) {
            return job.answered(
                fail(Error{ErrorCode::internal, "the cloud's job failed: " + state->message}));
        }
        if (loop.now() > job.give_up) {
            return job.answered(fail(Error{ErrorCode::timeout, "the cloud's job does not end"}));
        }
        poll_later(job);
    }

    void on_mutated(const Outcome& outcome, Answered answered) {
        if (!outcome) return answered(fail(outcome.error()));
        if (outcome->status / 100 != 2) return answered(fail(error_of(*outcome)));
        const auto* request_id = outcome->headers.find("x-request-id");
        if (!request_id)
            return answered(fail(Error{ErrorCode::internal, "the cloud named no request"}));
        poll({*request_id, outcome->body, loop.now() + options.longest_job, std::move(answered)});
    }

    net::Loop& loop;
    http::Client& client;
    ConnectionOptions options;
};

Connection::Connection(net::Loop& loop, http::Client& client, ConnectionOptions options)
    : state_(std::make_shared<State>(loop, client, std::move(options))) {}

Connection::~Connection() = default;

void Connection::get(const std::string& path, Answered answered) {
    state_->attempt({state_->make_call("GET", path, {}), 0,
                     [answered = std::move(answered)](const Outcome& outcome) {
                         if (!outcome) return answered(fail(outcome.error()));
                         if (outcome->status / 100 != 2) return answered(fail(error_of(*outcome)));
                         answered(outcome->body);
                     }});
}

void Connection::mutate(const std::string& method, const std::string& path, std::string body,
                        Answered answered) {
    auto* state = state_.get();  // on_outcome holds it while this runs
    state->attempt({state->make_call(method, path, std::move(body)), 0,
                    [state, answered = std::move(answered)](const Outcome& outcome) {
                        state->on_mutated(outcome, answered);
                    }});
}

}  // namespace aula::gridscale
