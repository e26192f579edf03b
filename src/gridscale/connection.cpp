// SPDX-License-Identifier: Apache-2.0
#include "gridscale/connection.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "crypto/random.hpp"
#include "gridscale/answers.hpp"

namespace aula::gridscale {
namespace {

using Outcome = Expected<http::Response, Error>;

/// Names a request in a path; nothing else comes from the cloud into one unseen.
bool is_request_id(std::string_view text) {
    const auto is_part = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-';
    };
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), is_part);
}

double random_share() { return static_cast<double>(crypto::random32()) / 4294967296.0; }

}  // namespace

struct Connection::State : std::enable_shared_from_this<Connection::State> {
    struct Attempt {
        http::Call call;
        Urgency urgency = Urgency::look;
        unsigned made = 0;
        std::function<void(Outcome)> finished;
        unsigned most = 0;  // tries; 0: as the rules say
    };

    /// A mutation whose request runs in the cloud's background.
    struct Job {
        std::string request_id;
        std::string answer;  // of the mutation itself
        Urgency urgency = Urgency::change;
        Duration pause{};  // before the next look
        Time give_up;
        Connection::Answered answered;
    };

    State(net::Loop& l, http::Client& c, ConnectionOptions o)
        : loop(l), client(c), options(std::move(o)), breaker(options.breaker) {}

    ~State() { loop.cancel(budget_timer); }

    http::Call make_call(const std::string& method, const std::string& path,
                         std::string body) const {
        http::Call call;
        call.method = method;
        call.url = options.base_url + path;
        call.timeout = options.call_timeout;
        call.answer_bytes = std::size_t{64} << 20;  // a list comes as a whole
        call.headers.set("x-auth-userid", options.credentials.user_id);
        call.headers.set("x-auth-token", options.credentials.token);
        call.headers.set("x-api-client", "aula");
        if (!body.empty()) call.headers.set("content-type", "application/json");
        call.body = std::move(body);
        return call;
    }

    void submit(Attempt attempt) {
        const bool refused = attempt.call.method != "GET" && breaker.is_open(loop.now());
        if (refused) return refuse(std::move(attempt));
        waiting[static_cast<std::size_t>(attempt.urgency)].push_back(std::move(attempt));
        pump();
    }

    void refuse(Attempt attempt) {
        // Later: the caller is still in its call.
        loop.post([weak = weak_from_this(), finished = std::move(attempt.finished)] {
            if (const auto self = weak.lock())
                finished(fail(Error{ErrorCode::unavailable,
                                    "the cloud fails again and again, changes rest a while"}));
        });
    }

    /// Sends what may go, the most urgent first.
    void pump() {
        while (under_way < options.most_under_way) {
            const auto first = std::find_if(waiting.begin(), waiting.end(),
                                            [](const auto& queue) { return !queue.empty(); });
            if (first == waiting.end()) return;
            const auto now = WallClock::now();
            // Whoever is less urgent may not go earlier.
            const auto go = budget.may_go(first->front().urgency, now);
            if (go > now) return pump_later(go - now);
            Attempt attempt = std::move(first->front());
            first->pop_front();
            send(std::move(attempt));
        }
    }

    void pump_later(Duration pause) {
        if (budget_timer != net::TimerId::none) return;
        ++counters.limited;
        budget_timer = loop.after(pause + 5ms, [this] {
            budget_timer = net::TimerId::none;
            pump();
        });
    }

    void send(Attempt attempt) {
        ++attempt.made;
        ++under_way;
        ++counters.calls;
        if (attempt.made > 1) ++counters.retries;
        budget.on_sent();
        auto call = attempt.call;
        client.start(std::move(call), [weak = weak_from_this(),
                                       attempt = std::move(attempt)](Outcome outcome) mutable {
            const auto self = weak.lock();
            if (!self) return;
            self->note(outcome);
            self->on_outcome(std::move(attempt), std::move(outcome));
            self->pump();
        });
    }

    void note(const Outcome& outcome) {
        --under_way;
        if (outcome)
            budget.on_answer(*outcome, WallClock::now());
        else
            budget.on_no_answer();
        if (outcome && outcome->status < 500) return breaker.on_success();
        ++counters.failures;
        breaker.on_failure(loop.now());
    }

    void on_outcome(Attempt attempt, Outcome outcome) {
        if (attempt.made == attempt.most) return attempt.finished(std::move(outcome));
        const auto pause = pause_before_retry(attempt.call.method, outcome, attempt.made,
                                              options.retry, random_share(), WallClock::now());
        if (!pause) return attempt.finished(std::move(outcome));
        loop.after(*pause, [weak = weak_from_this(), attempt = std::move(attempt)]() mutable {
            if (const auto self = weak.lock()) self->submit(std::move(attempt));
        });
    }

    /// Looks become rarer the longer the job runs and the more jobs there are, so that they leave
    /// half of the rate limit to others.
    void poll_later(Job job) {
        const auto fair = budget.limit() == 0
                              ? Duration(0)
                              : Duration(120s) * static_cast<long>(jobs) / budget.limit();
        const auto pause = std::max<Duration>(job.pause, fair);
        job.pause = std::min<Duration>(job.pause * 5 / 4, options.poll * 5);
        loop.after(pause, [weak = weak_from_this(), job = std::move(job)]() mutable {
            if (const auto self = weak.lock()) self->poll(std::move(job));
        });
    }

    void poll(Job job) {
        ++counters.polls;
        const auto path = "/requests/" + job.request_id;
        submit({make_call("GET", path, {}), Urgency::look, 0,
                [this, job = std::move(job)](const Outcome& outcome) { on_polled(job, outcome); }});
    }

    void on_polled(const Job& job, const Outcome& outcome) {
        if (!outcome) return finish(job, fail(outcome.error()));
        if (outcome->status / 100 != 2) return finish(job, fail(error_of_poll(*outcome)));
        const auto state = parse_request(outcome->body, job.request_id);
        if (!state) return finish(job, fail(state.error()));
        if (state->status == RequestStatus::done) return finish(job, job.answer);
        if (state->status == RequestStatus::failed) {
            return finish(
                job, fail(Error{ErrorCode::internal, "the cloud's job failed: " + state->message}));
        }
        if (loop.now() > job.give_up)
            return finish(job, fail(Error{ErrorCode::timeout, "the cloud's job does not end"}));
        poll_later(job);
    }

    /// That the request is not there says nothing of the object that it was about.
    static Error error_of_poll(const http::Response& response) {
        auto error = error_of(response);
        if (error.code == ErrorCode::not_found) error.code = ErrorCode::unavailable;
        return error;
    }

    void finish(const Job& job, Expected<std::string, Error> outcome) {
        --jobs;
        job.answered(std::move(outcome));
    }

    void on_mutated(const Outcome& outcome, Urgency urgency, Answered answered) {
        if (!outcome) return answered(fail(outcome.error()));
        if (outcome->status / 100 != 2) return answered(fail(error_of(*outcome)));
        const auto* request_id = outcome->headers.find("x-request-id");
        if (!request_id || !is_request_id(*request_id))
            return answered(fail(Error{ErrorCode::unavailable, "the cloud named no request"}));
        ++jobs;
        poll_later({*request_id, outcome->body, urgency, options.poll,
                    loop.now() + options.longest_job, std::move(answered)});
    }

    net::Loop& loop;
    http::Client& client;
    ConnectionOptions options;
    Breaker breaker;
    RateBudget budget;
    std::array<std::deque<Attempt>, urgencies> waiting;
    unsigned under_way = 0;
    std::size_t jobs = 0;
    net::TimerId budget_timer = net::TimerId::none;
    Counters counters;
};

Connection::Connection(net::Loop& loop, http::Client& client, ConnectionOptions options)
    : state_(std::make_shared<State>(loop, client, std::move(options))) {}

Connection::~Connection() = default;

void Connection::get(const std::string& path, Answered answered, Urgency urgency, unsigned tries) {
    state_->submit({state_->make_call("GET", path, {}), urgency, 0,
                    [answered = std::move(answered)](const Outcome& outcome) {
                        if (!outcome) return answered(fail(outcome.error()));
                        if (outcome->status / 100 != 2) return answered(fail(error_of(*outcome)));
                        answered(outcome->body);
                    },
                    tries});
}

void Connection::mutate(const std::string& method, const std::string& path, std::string body,
                        Answered answered, Urgency urgency) {
    auto* state = state_.get();  // on_outcome holds it while this runs
    state->submit({state->make_call(method, path, std::move(body)), urgency, 0,
                   [state, urgency, answered = std::move(answered)](const Outcome& outcome) {
                       state->on_mutated(outcome, urgency, answered);
                   }});
}

bool Connection::rests() const { return state_->breaker.is_open(state_->loop.now()); }
const Connection::Counters& Connection::counters() const { return state_->counters; }
std::int64_t Connection::calls_a_minute() const { return state_->budget.limit(); }
net::Loop& Connection::loop() { return state_->loop; }
const ConnectionOptions& Connection::options() const { return state_->options; }
std::weak_ptr<const void> Connection::lifetime() const { return state_; }

}  // namespace aula::gridscale
