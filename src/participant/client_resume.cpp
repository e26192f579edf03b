// SPDX-License-Identifier: Apache-2.0
// A lost socket: the media goes on, and the client asks to go on where it was.
#include "participant/client.hpp"

namespace aula::participant {

namespace {

constexpr Duration between_tries = 300ms;

/// Asking again will not help.
bool is_final(int status) {
    return status >= 400 && status < 500 && status != 408 && status != 429;
}

}  // namespace

std::string Client::url_to_resume() {
    livekit::JoinRequest request;
    request.set_reconnect(true);
    request.set_reconnect_reason(livekit::RR_SIGNAL_DISCONNECTED);
    request.set_participant_sid(sid_);
    return url_with(request);
}

void Client::on_refused(int status, const std::string& body) {
    const std::string why = std::to_string(status) + " " + body;
    if (!is_joined() || is_final(status)) return end(Ending::refused, why);
    resume_or_end(Ending::refused, why);
}

void Client::resume_or_end(Ending ending, const std::string& why) {
    if (ended_ || next_try_ != net::TimerId::none) return;
    const Time now = loop_.now();
    if (!resume_until_) resume_until_ = now + options_.patience;
    if (!is_joined() || now >= *resume_until_) return end(ending, why);
    next_try_ = loop_.after(between_tries, [this] {
        next_try_ = net::TimerId::none;
        open_socket();
    });
}

void Client::on_resumed() {
    resume_until_.reset();
    ++resumes_;
    // What was on its way when the socket broke may be lost.
    for (const auto& publication : publications_) {
        if (!publication->sid().empty()) continue;
        livekit::SignalRequest request;
        *request.mutable_add_track() = publication->announcement();
        send(request);
    }
    if (std::exchange(offer_pending_, false)) negotiate();
}

}  // namespace aula::participant
