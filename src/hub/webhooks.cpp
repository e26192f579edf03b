// SPDX-License-Identifier: Apache-2.0
#include "hub/webhooks.hpp"

#include <array>

#include "base/encoding.hpp"
#include "crypto/hash.hpp"

namespace aula::hub {

namespace {

constexpr std::size_t most_queued = 1'000;
constexpr std::array retry_pauses{std::chrono::seconds(1), std::chrono::seconds(5),
                                  std::chrono::seconds(30)};
constexpr auto signature_life = std::chrono::minutes(5);

std::string sign_webhook(const std::string& body, const Keys& keys, WallTime now) {
    signal::AccessToken token;
    token.key_id = keys.begin()->first;
    token.sha256 = base64(crypto::hash(crypto::HashKind::sha256, bytes_of(body)));
    token.not_before = now;
    token.expires = now + signature_life;
    return signal::mint(token, keys.begin()->second);
}

}  // namespace

Webhooks::Webhooks(net::Loop& loop, http::Client& client, const Keys& keys,
                   const std::vector<std::string>& urls)
    : loop_(loop), client_(client), keys_(keys) {
    for (const std::string& url : urls) {
        targets_.push_back(std::make_unique<Target>());
        targets_.back()->url = url;
    }
}

Webhooks::~Webhooks() {
    for (const auto& target : targets_) loop_.cancel(target->retry);
}

void Webhooks::send(const std::string& event_json) {
    for (const auto& target : targets_) {
        if (target->queue.size() >= most_queued) {
            ++counters_.dropped;
            continue;
        }
        target->queue.push_back(event_json);
        if (!target->busy) deliver(*target);
    }
}

void Webhooks::deliver(Target& target) {
    target.busy = true;
    http::Call call;
    call.method = "POST";
    call.url = target.url;
    call.body = target.queue.front();
    call.headers.set("content-type", "application/webhook+json");
    // Without "Bearer", as LiveKit sends it.
    call.headers.set("authorization", sign_webhook(call.body, keys_, WallClock::now()));
    call.answer_bytes = 64 << 10;
    client_.start(std::move(call), [this, &target](const Expected<http::Response, Error>& answer) {
        on_answer(target, answer && answer->status >= 200 && answer->status < 300);
    });
}

void Webhooks::on_answer(Target& target, bool taken) {
    if (!taken && target.attempts < retry_pauses.size()) {
        target.retry =
            loop_.after(retry_pauses[target.attempts++], [this, &target] { deliver(target); });
        return;
    }
    ++(taken ? counters_.delivered : counters_.failed);
    target.attempts = 0;
    target.queue.pop_front();
    target.busy = false;
    if (!target.queue.empty()) deliver(target);
}

}  // namespace aula::hub
