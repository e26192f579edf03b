// SPDX-License-Identifier: Apache-2.0
#include "ice/lite_agent.hpp"

namespace aula::ice {

Verdict LiteAgent::receive(const StunMessage& message, const Path& from, Time now) {
    if (message.message_class() != StunClass::request || message.method() != binding_method) {
        return Verdict::ignored;
    }
    const Verdict verdict = answer(message, from, false);
    if (verdict != Verdict::accepted) return verdict;
    grant_consent(now);
    Known& known = remember(from, now);
    if (message.use_candidate()) {
        known.nominated = true;
        select(known, now);
    }
    return verdict;
}

}  // namespace aula::ice
