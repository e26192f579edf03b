// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bbb/call.hpp"
#include "http/message.hpp"
#include "hub/bbb_hooks.hpp"

namespace aula::hub {

/// The calls hooks/create, hooks/list and hooks/destroy. Lives on the hub's loop.
class BbbHookCalls {
public:
    explicit BbbHookCalls(BbbHooks& hooks) : hooks_(hooks) {}

    static bool answers(const bbb::Call& call) { return call.name.starts_with("hooks/"); }
    http::Response answer(const bbb::Call& call);

private:
    http::Response create(const bbb::Call& call);
    http::Response list(const bbb::Call& call);
    http::Response destroy(const bbb::Call& call);

    BbbHooks& hooks_;
};

}  // namespace aula::hub
