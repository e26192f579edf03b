// SPDX-License-Identifier: Apache-2.0
#include "ice/stun.hpp"

#include <cstdint>
#include <cstdlib>

#include "ice/controlling_agent.hpp"
#include "ice/lite_agent.hpp"

/// Reads a message and shows it to both kinds of agent, which must not take it for an authentic
/// check.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aula;
    const auto message = ice::StunMessage::parse({data, size});
    if (!message) return 0;
    message->is_signed_with("password");
    const auto handlers = [] {
        return ice::Agent::Handlers{[](const ice::Path&, Bytes reply) {
                                        if (!ice::StunMessage::parse(reply)) std::abort();
                                    },
                                    {},
                                    {},
                                    {},
                                    {}};
    };
    const Time now{};
    const ice::Path path{*net::Address::parse("192.0.2.1:5000"), 0};
    ice::LiteAgent lite(handlers(), now);
    ice::ControllingAgent controlling(handlers(), now);
    controlling.set_remote({"ufrag", "password"}, now);
    controlling.add_remote(path, now);
    controlling.poll(now);
    if (lite.receive(*message, path, now) == ice::Verdict::accepted) std::abort();
    if (controlling.receive(*message, path, now) == ice::Verdict::accepted) std::abort();
    return 0;
}
