// SPDX-License-Identifier: Apache-2.0
#include "ice/agent.hpp"

#include <algorithm>

#include "crypto/random.hpp"
#include "ice/stun_writer.hpp"

namespace aula::ice {

namespace {

/// RFC 8839 section 5.4 wants at least 24 and 128 bits of randomness; the fragment also has to be
/// unlike that of every other transport of the port.
Credentials fresh_credentials() { return {crypto::random_text(12), crypto::random_text(24)}; }

}  // namespace

Agent::Agent(Handlers handlers, Time now)
    : handlers_(std::move(handlers)),
      local_(fresh_credentials()),
      consent_until_(now + consent_life) {}

void Agent::restart() {
    if (local_used_) {
        previous_ = std::move(local_);
    } else if (handlers_.on_retired) {
        handlers_.on_retired(local_.ufrag);  // superseded before anybody used it
    }
    local_ = fresh_credentials();
    local_used_ = false;
}

void Agent::retire_previous() {
    const std::string ufrag = std::move(previous_->ufrag);
    previous_.reset();
    if (handlers_.on_retired) handlers_.on_retired(ufrag);
}

const Credentials* Agent::find_local(std::string_view username) const {
    // "ours:theirs" (RFC 8445 section 7.2.2); the part that counts is ours.
    const std::string_view ufrag = username.substr(0, username.find(':'));
    if (ufrag == local_.ufrag) return &local_;
    return previous_ && ufrag == previous_->ufrag ? &*previous_ : nullptr;
}

void Agent::refuse(const StunMessage& request, const Path& to, StunErrorCode code,
                   std::string_view password) {
    StunWriter reply = refusal_of(request, code);
    send(to, reply.finish(password));
}

Verdict Agent::answer(const StunMessage& request, const Path& from, bool controlling) {
    // The order is that of RFC 8489 section 9.1.3. A wrong name and a wrong password look the same.
    if (!request.has_integrity() || !request.username()) {
        refuse(request, from, StunErrorCode::bad_request);
        return Verdict::refused;
    }
    const Credentials* ours = find_local(*request.username());
    if (ours == nullptr || !request.is_signed_with(ours->password)) {
        refuse(request, from, StunErrorCode::unauthenticated);
        return Verdict::refused;
    }
    if (!request.unknown_required().empty()) {
        refuse(request, from, StunErrorCode::unknown_attribute, ours->password);
        return Verdict::refused;
    }
    // We never change our role: a server stays lite, and our client only calls such servers.
    if (controlling ? request.ice_controlling().has_value()
                    : request.ice_controlled().has_value()) {
        refuse(request, from, StunErrorCode::role_conflict, ours->password);
        return Verdict::refused;
    }
    StunWriter reply(StunClass::success, request.transaction());
    reply.mapped_address(from.remote);
    send(from, reply.finish(ours->password));
    if (ours == &local_) {
        local_used_ = true;
        if (previous_) retire_previous();
    }
    return Verdict::accepted;
}

Agent::Known* Agent::find(const Path& path) {
    const auto at = std::find_if(known_.begin(), known_.end(),
                                 [&](const Known& known) { return known.path == path; });
    return at == known_.end() ? nullptr : &*at;
}

Agent::Known& Agent::remember(const Path& path, Time now) {
    if (Known* known = find(path)) {
        known->last_check = now;
        return *known;
    }
    if (known_.size() >= path_limit) make_room();
    Known& known = known_.emplace_back(Known{path, now});
    if (handlers_.on_validated) handlers_.on_validated(path);
    return known;
}

void Agent::make_room() {
    const auto older = [this](const Known& a, const Known& b) {
        const bool a_stays = selected_ && a.path == *selected_;
        const bool b_stays = selected_ && b.path == *selected_;
        return a_stays != b_stays ? b_stays : a.last_check < b.last_check;
    };
    const auto oldest = std::min_element(known_.begin(), known_.end(), older);
    const Path path = oldest->path;
    known_.erase(oldest);
    if (handlers_.on_forgotten) handlers_.on_forgotten(path);
}

void Agent::select(const Known& known, Time now) {
    if (selected_ && *selected_ == known.path) return;
    quiet_since_ = now;
    selected_ = known.path;
    if (handlers_.on_selected) handlers_.on_selected();
}

bool Agent::heard(const Path& path, Time now) {
    if (selected_ && *selected_ == path) {
        quiet_since_ = now;
        return true;
    }
    const Known* known = find(path);
    if (known == nullptr) return false;
    // A peer that nominates aggressively (RFC 5245 section 8.1.1.2) names several paths and then
    // sends on the one it likes best; after a change of path, packets of the old one still come for
    // a while.
    if (!selected_ || now - quiet_since_ >= quiet_time) select(*known, now);
    return true;
}

void Agent::forget(const Path& path, Time now) {
    const auto at = std::find_if(known_.begin(), known_.end(),
                                 [&](const Known& known) { return known.path == path; });
    if (at == known_.end()) return;
    known_.erase(at);
    if (handlers_.on_forgotten) handlers_.on_forgotten(path);
    if (!selected_ || !(*selected_ == path)) return;
    selected_.reset();
    const auto next = std::find_if(known_.begin(), known_.end(),
                                   [](const Known& known) { return known.nominated; });
    if (next != known_.end()) return select(*next, now);
    if (handlers_.on_selected) handlers_.on_selected();
}

}  // namespace aula::ice
