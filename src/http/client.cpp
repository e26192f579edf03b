// SPDX-License-Identifier: Apache-2.0
#include "http/client.hpp"

#include <unordered_map>
#include <utility>

#include "http/transfers.hpp"

namespace aula::http {

/// The callbacks stay on the loop's thread; only ids cross to the transfers and back.
struct Client::State {
    explicit State(net::Loop& on) : loop(on) {}

    net::Loop& loop;
    Transfers::Id last_id = 0;
    std::shared_ptr<std::unordered_map<Transfers::Id, Answered>> waiting =
        std::make_shared<std::unordered_map<Transfers::Id, Answered>>();
    std::unique_ptr<Transfers> transfers;
};

Client::Client(net::Loop& loop) : state_(std::make_unique<State>(loop)) {
    const std::weak_ptr waiting = state_->waiting;
    state_->transfers = std::make_unique<Transfers>(
        [&loop, waiting](Transfers::Id id, Expected<Response, Error> outcome) {
            loop.post([waiting, id, outcome = std::move(outcome)]() mutable {
                const auto calls = waiting.lock();
                if (!calls) return;  // the client has gone
                const auto call = calls->extract(id);
                if (call) call.mapped()(std::move(outcome));
            });
        });
}

Client::~Client() = default;

void Client::start(Call call, Answered answered) {
    const Transfers::Id id = ++state_->last_id;
    state_->waiting->emplace(id, std::move(answered));
    state_->transfers->start(id, std::move(call));
}

}  // namespace aula::http
