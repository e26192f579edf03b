// SPDX-License-Identifier: Apache-2.0
#include "http/admission.hpp"

namespace aula::http {

Admission::Admission(std::size_t most, std::size_t most_per_peer)
    : most_(most), most_per_peer_(most_per_peer) {}

std::shared_ptr<void> Admission::admit(const net::Address& peer) {
    const net::Address host = peer.with_port(0);
    if (taken_ >= most_) return nullptr;
    if (!host.is_loopback()) {
        std::size_t& of_peer = by_peer_[host];
        if (of_peer >= most_per_peer_) return nullptr;
        ++of_peer;
    }
    ++taken_;
    return {this, [self = shared_from_this(), host](void*) { self->leave(host); }};
}

void Admission::leave(const net::Address& peer) {
    --taken_;
    const auto at = by_peer_.find(peer);
    if (at != by_peer_.end() && --at->second == 0) by_peer_.erase(at);
}

}  // namespace aula::http
