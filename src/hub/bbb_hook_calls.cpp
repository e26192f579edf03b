// SPDX-License-Identifier: Apache-2.0
#include "hub/bbb_hook_calls.hpp"

#include <utility>

#include "base/encoding.hpp"
#include "bbb/reply.hpp"
#include "crypto/random.hpp"
#include "hub/bbb_answer.hpp"

namespace aula::hub {
namespace {

std::string random_hook_id() {
    Buffer bytes(16);
    crypto::random_fill(bytes);
    auto text = hex(bytes);
    for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, "-");
    return text;
}

}  // namespace

http::Response BbbHookCalls::answer(const bbb::Call& call) {
    if (call.name == "hooks/create") return create(call);
    return call.name == "hooks/list" ? list(call) : destroy(call);
}

http::Response BbbHookCalls::create(const bbb::Call& call) {
    auto hook = bbb::read_hook(call.parameters, random_hook_id());
    if (!hook) return refusal_answer(hook.error());
    if (const auto* same = hooks_.queue().find_url(hook->callback_url)) {
        return xml_answer(bbb::hook_created_reply(*same, true));
    }
    const auto* added = hooks_.add(std::move(*hook));
    if (!added) return refusal_answer({"createHookError", "There are too many hooks."});
    return xml_answer(bbb::hook_created_reply(*added, false));
}

http::Response BbbHookCalls::list(const bbb::Call& call) {
    return xml_answer(bbb::hooks_reply(hooks_.queue().list(call.parameters.text("meetingID"))));
}

http::Response BbbHookCalls::destroy(const bbb::Call& call) {
    const auto id = call.parameters.text("hookID");
    if (id.empty())
        return refusal_answer(
            {"missingParamHookID", "You must specify a hookID in the parameters."});
    if (!hooks_.remove(id))
        return refusal_answer({"destroyMissingHook", "The hook informed was not found."});
    return xml_answer(bbb::hook_removed_reply());
}

}  // namespace aula::hub
