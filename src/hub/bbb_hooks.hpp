// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "bbb/event.hpp"
#include "bbb/hook_queue.hpp"
#include "http/client.hpp"
#include "hub/lessons.hpp"
#include "net/loop.hpp"

namespace aula::hub {

/// Tells platforms what happens: hooks in order, each event until it is taken, and single
/// callbacks. Hooks outlive the hub's process. Lives on the hub's loop.
class BbbHooks {
public:
    struct Options {
        std::string secret;
        std::string domain;
    };

    BbbHooks(net::Loop& loop, http::Client& client, store::Store& store, Options options);
    ~BbbHooks();
    BbbHooks(const BbbHooks&) = delete;
    BbbHooks& operator=(const BbbHooks&) = delete;

    const bbb::HookQueue& queue() const;
    const bbb::Hook* add(bbb::Hook hook);
    bool remove(const std::string& id);

    void publish(const bbb::Event& event, const bbb::Meeting& meeting);
    /// A GET of this URL, tried a few times.
    void call(const std::string& url);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace aula::hub
