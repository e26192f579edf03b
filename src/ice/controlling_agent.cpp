// SPDX-License-Identifier: Apache-2.0
#include "ice/controlling_agent.hpp"

#include <algorithm>

#include "crypto/random.hpp"
#include "ice/candidate.hpp"
#include "ice/stun_writer.hpp"

namespace aula::ice {

namespace {

constexpr Duration pace =
    20ms;  // between the first checks of two candidates; RFC 8445: 5 ms or more
constexpr Duration first_timeout = 500ms;  // RFC 8489 section 6.2.1
constexpr Duration last_timeout =
    4s;  // a server may come up late, so checks go on until consent ends
constexpr std::size_t text_limit = 256;  // RFC 8839 section 5.4

/// RFC 7675 section 5.1: every 5 s, randomised by a fifth, so that crowds do not march in step.
Duration consent_interval() { return 4s + std::chrono::milliseconds(crypto::random32() % 2000); }

}  // namespace

ControllingAgent::ControllingAgent(Handlers handlers, Time now)
    : Agent(std::move(handlers), now), tie_breaker_(crypto::random64()) {}

void ControllingAgent::set_remote(const Credentials& remote, Time now) {
    if (remote.ufrag.size() > text_limit || remote.password.size() > text_limit) return;
    if (remote.ufrag == remote_.ufrag && remote.password == remote_.password) return;
    remote_ = remote;
    grant_consent(now);
    restart_checks(now);
}

void ControllingAgent::restart_checks(Time now) {
    chosen_.reset();
    Time due = now;
    for (Check& check : checks_) {
        begin(check, false, due);
        due += pace;
    }
}

void ControllingAgent::add_remote(const Path& path, Time now) {
    const bool known = std::any_of(checks_.begin(), checks_.end(),
                                   [&](const Check& check) { return check.path == path; });
    if (known || checks_.size() >= candidate_limit) return;
    checks_.push_back(Check{path});
    begin(checks_.back(), false, now + pace * static_cast<int>(checks_.size() - 1));
}

void ControllingAgent::begin(Check& check, bool nominating, Time due) {
    crypto::random_fill(check.transaction);
    check.nominating = nominating;
    check.answered = false;
    check.due = due;
    check.retransmission = first_timeout;
}

void ControllingAgent::poll(Time now) {
    if (!is_running()) return;
    for (Check& check : checks_) {
        if (check.due > now) continue;
        if (check.answered) {
            // Consent on the chosen path; the others have done their duty.
            if (!chosen_ || !(*chosen_ == check.path)) continue;
            begin(check, true, now);
        }
        send_check(check, now);
    }
}

Time ControllingAgent::next_poll() const {
    Time next = consent_until();
    if (!is_running()) return next;
    for (const Check& check : checks_) {
        const bool idle = check.answered && !(chosen_ && *chosen_ == check.path);
        if (!idle) next = std::min(next, check.due);
    }
    return next;
}

void ControllingAgent::send_check(Check& check, Time now) {
    StunWriter request(StunClass::request, check.transaction);
    request.username(remote_.ufrag + ":" + local().ufrag);
    request.priority(host_priority(check.path.connection == 0 ? Protocol::udp : Protocol::tcp, 0));
    request.ice_controlling(tie_breaker_);
    if (check.nominating) request.use_candidate();
    check.due = now + check.retransmission;
    check.retransmission = std::min<Duration>(2 * check.retransmission, last_timeout);
    const Path to = check.path;
    send(to, request.finish(remote_.password));
}

Verdict ControllingAgent::receive(const StunMessage& message, const Path& from, Time now) {
    if (message.method() != binding_method) return Verdict::ignored;
    switch (message.message_class()) {
        case StunClass::request:
            return answer(message, from, true);
        case StunClass::success:
            return receive_response(message, from, now);
        default:
            return Verdict::ignored;  // an error: the check is repeated until consent ends
    }
}

Verdict ControllingAgent::receive_response(const StunMessage& response, const Path& from,
                                           Time now) {
    const auto at = std::find_if(checks_.begin(), checks_.end(), [&](const Check& check) {
        return check.transaction == response.transaction() && check.path == from;
    });
    if (at == checks_.end() || at->answered) return Verdict::ignored;
    if (!response.is_signed_with(remote_.password)) return Verdict::refused;
    succeed(*at, now);
    return Verdict::accepted;
}

void ControllingAgent::succeed(Check& check, Time now) {
    grant_consent(now);
    check.answered = true;
    Known& known = remember(check.path, now);
    if (check.nominating) {
        check.due = now + consent_interval();
        known.nominated = true;
        select(known, now);
    } else if (!chosen_) {
        chosen_ = check.path;
        begin(check, true, now);
    }
}

void ControllingAgent::forget(const Path& path, Time now) {
    std::erase_if(checks_, [&](const Check& check) { return check.path == path; });
    const bool was_chosen = chosen_ && *chosen_ == path;
    Agent::forget(path, now);
    if (was_chosen) restart_checks(now);
}

}  // namespace aula::ice
