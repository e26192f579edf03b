// SPDX-License-Identifier: Apache-2.0
#include "hub/bbb_hooks.hpp"

#include <array>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {
namespace {

constexpr const char* hook_documents = "bbb_hook";
constexpr std::chrono::milliseconds delivery_timeout = 5s;
constexpr std::size_t longest_answer = 64 * 1024;
constexpr std::array<std::chrono::milliseconds, 5> callback_pauses = {1s, 5s, 30s, 120s, 600s};
constexpr std::size_t most_callbacks = 10'000;  // under way or waiting for another try

bool is_taken(const Expected<http::Response, Error>& answer) {
    // bbb-webhooks counts 401 as delivered.
    return answer && (answer->status / 100 == 2 || answer->status == 401);
}

}  // namespace

struct BbbHooks::State : std::enable_shared_from_this<BbbHooks::State> {
    State(net::Loop& l, http::Client& c, store::Store& s, Options o)
        : loop(l), client(c), store(s), options(std::move(o)) {}

    void load() {
        using Documents = std::vector<std::pair<std::string, std::string>>;
        store.ask(
            [](soci::session& session) { return store::load_documents(session, hook_documents); },
            [weak = weak_from_this()](const Expected<Documents, Error>& documents) {
                const auto self = weak.lock();
                if (!self || !documents) return;
                for (const auto& [id, json] : *documents) {
                    if (auto hook = bbb::hook_from_json(json)) self->queue.add(std::move(*hook));
                }
            });
    }

    void save(const bbb::Hook& hook) {
        store.ask(
            [id = hook.id, json = bbb::to_json(hook)](soci::session& session) {
                store::save_document(session, hook_documents, id, json);
            },
            [](const Expected<void, Error>& saved) {
                if (!saved) log::warning("hook not stored", {{"why", saved.error().text}});
            });
    }

    void forget(const std::string& id) {
        store.ask(
            [id](soci::session& session) { store::delete_document(session, hook_documents, id); },
            [](const Expected<void, Error>&) {});
    }

    void pump() {
        for (auto& delivery : queue.due(loop.now())) deliver(std::move(delivery));
        loop.cancel(timer);
        if (const auto next = queue.next_due()) {
            timer =
                loop.after(std::max<Duration>(*next - loop.now(), 1ms), [weak = weak_from_this()] {
                    if (const auto self = weak.lock()) self->pump();
                });
        }
    }

    void deliver(bbb::HookQueue::Delivery delivery) {
        const auto* hook = queue.find(delivery.hook_id);
        http::Call call;
        call.method = "POST";
        call.url = bbb::delivery_url(*hook, delivery.body, options.secret, crypto::HashKind::sha1);
        call.headers.set("content-type", "application/x-www-form-urlencoded");
        call.body = std::move(delivery.body);
        call.timeout = delivery_timeout;
        call.answer_bytes = longest_answer;
        client.start(std::move(call), [weak = weak_from_this(), id = delivery.hook_id](
                                          const Expected<http::Response, Error>& answer) {
            if (const auto self = weak.lock()) self->on_delivered(id, is_taken(answer));
        });
    }

    void on_delivered(const std::string& id, bool taken) {
        if (queue.finished(id, taken, loop.now()) == bbb::HookQueue::Outcome::removed) {
            log::warning("hook given up", {{"hook", id}});
            forget(id);
        }
        pump();
    }

    void call_back(const std::string& url, std::size_t tries_made) {
        http::Call call;
        call.url = url;
        call.timeout = delivery_timeout;
        call.answer_bytes = longest_answer;
        client.start(std::move(call), [weak = weak_from_this(), url,
                                       tries_made](const Expected<http::Response, Error>& answer) {
            if (const auto self = weak.lock()) self->on_called_back(url, tries_made, answer);
        });
    }

    void on_called_back(const std::string& url, std::size_t tries_made,
                        const Expected<http::Response, Error>& answer) {
        // A redirect or a refusal is an answer too; only a server that is down is asked again.
        const bool answered = answer && answer->status < 500;
        if (answered || tries_made == callback_pauses.size()) {
            --callbacks;
            if (!answered) log::warning("callback given up");
            return;
        }
        loop.after(callback_pauses[tries_made], [weak = weak_from_this(), url, tries_made] {
            if (const auto self = weak.lock()) self->call_back(url, tries_made + 1);
        });
    }

    net::Loop& loop;
    http::Client& client;
    store::Store& store;
    Options options;
    bbb::HookQueue queue;
    net::TimerId timer = net::TimerId::none;
    std::size_t callbacks = 0;
};

BbbHooks::BbbHooks(net::Loop& loop, http::Client& client, store::Store& store, Options options)
    : state_(std::make_shared<State>(loop, client, store, std::move(options))) {
    state_->load();
}

BbbHooks::~BbbHooks() { state_->loop.cancel(state_->timer); }

const bbb::HookQueue& BbbHooks::queue() const { return state_->queue; }

const bbb::Hook* BbbHooks::add(bbb::Hook hook) {
    const auto* added = state_->queue.add(std::move(hook));
    if (added) state_->save(*added);
    return added;
}

bool BbbHooks::remove(const std::string& id) {
    if (!state_->queue.remove(id)) return false;
    state_->forget(id);
    return true;
}

void BbbHooks::publish(const bbb::Event& event, const bbb::Meeting& meeting) {
    const auto body =
        bbb::delivery_body(state_->options.domain, event.json, unix_ms(WallClock::now()));
    state_->queue.publish(event.id, meeting.meeting_id, body);
    state_->pump();
}

void BbbHooks::call(const std::string& url) {
    if (!bbb::is_callback_url(url) || state_->callbacks == most_callbacks) return;
    ++state_->callbacks;
    state_->call_back(url, 0);
}

}  // namespace aula::hub
