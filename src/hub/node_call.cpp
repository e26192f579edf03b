// SPDX-License-Identifier: Apache-2.0
#include "hub/node_call.hpp"

#include <utility>

namespace aula::hub {

namespace {

/// Shared by the link's callback and the timer: whichever comes first answers.
struct NodeCall {
    NodeAnswered answered;
    net::TimerId timer = net::TimerId::none;
    std::uint32_t stream = 0;
};

Error no_answer(const char* why) { return {ErrorCode::unavailable, why}; }

}  // namespace

void call_node(net::Loop& loop, control::HubLinks& links, const std::string& node,
               control::OpenStream request, Duration patience, NodeAnswered answered) {
    auto call = std::make_shared<NodeCall>();
    call->answered = std::move(answered);
    const auto finish = [&loop, call](Expected<control::StreamAnswered, Error> outcome) {
        loop.cancel(call->timer);
        if (auto handler = std::exchange(call->answered, nullptr)) handler(std::move(outcome));
    };
    request.set_kind(control::OpenStream::REQUEST);
    call->stream = links.open_stream(
        node, std::move(request),
        {.on_accepted = [] {},
         .on_answered = [finish](const control::StreamAnswered& answer) { finish(answer); },
         .on_message = [](bool, Bytes) {},
         .on_closed = [finish](
                          std::uint32_t,
                          const std::string&) { finish(fail(no_answer("the node is gone"))); }});
    if (call->stream == 0) return finish(fail(no_answer("the node is gone")));
    call->timer = loop.after(patience, [&links, node, call, finish, there = links.lifetime()] {
        if (there.expired()) return;  // and so is whoever waits
        links.close_stream(node, call->stream, 1001, "too late");
        finish(fail(no_answer("the node did not answer")));
    });
}

}  // namespace aula::hub
