// SPDX-License-Identifier: Apache-2.0
#include "transport/transport.hpp"

#include <algorithm>

#include "ice/candidate.hpp"
#include "transport/transport_state.hpp"

namespace aula::transport {

Transport::Transport(MediaPort& port, const dtls::Identity& identity, IceRole role,
                     TransportOwner& owner)
    : state_(std::make_unique<State>(*port.state_, identity, role, owner)) {}

Transport::~Transport() = default;

const std::string& Transport::ice_ufrag() const { return state_->agent->local().ufrag; }
const std::string& Transport::ice_password() const { return state_->agent->local().password; }

void Transport::set_remote(const RemoteParameters& remote) {
    if (state_->is_closed) return;
    if (!state_->dtls) state_->make_dtls(remote);
    state_->agent->set_remote({remote.ice_ufrag, remote.ice_password}, state_->port.loop.now());
    state_->set_timer();
}

void Transport::new_ice_credentials() {
    if (state_->is_closed) return;
    state_->agent->restart();
    state_->use_ufrag(ice_ufrag());
}

void Transport::add_remote_candidate(const net::Address& address, const std::string& protocol) {
    if (protocol == "udp" || protocol == "tcp") {
        state_->add_candidate(address, protocol == "tcp");
    }
}

void Transport::add_remote_candidate(const std::string& line) {
    const auto candidate = ice::Candidate::parse(line);
    if (!candidate || candidate->component != 1) return;
    const bool tcp = candidate->protocol == ice::Protocol::tcp;
    if (tcp && candidate->tcp_type != ice::TcpType::passive) return;
    state_->add_candidate(candidate->address, tcp);
}

bool Transport::is_connected() const { return state_->is_connected(); }
bool Transport::uses_tcp() const { return state_->connection != nullptr; }

MutableBytes Transport::rtp_slot() { return state_->slot(); }

std::size_t Transport::send_rtp(std::size_t header_size, Bytes payload) {
    State& state = *state_;
    if (!state.is_connected()) return 0;
    const std::size_t sealed = state.sealer->seal_rtp(state.slot(), header_size, payload);
    if (!state.commit(sealed)) return 0;
    ++state.counters.rtp_out;
    return sealed;
}

void Transport::send_rtcp(Bytes compound) {
    State& state = *state_;
    if (!state.is_connected()) return;
    const MutableBytes slot = state.slot();
    if (compound.size() > slot.size()) return;
    std::copy(compound.begin(), compound.end(), slot.begin());
    if (state.commit(state.sealer->seal_rtcp(slot, compound.size()))) ++state.counters.rtcp_out;
}

std::uint16_t Transport::open_channel(const ChannelOptions& options) {
    if (state_->is_closed || !state_->dtls) return no_channel;
    state_->make_association();
    return state_->association->open_channel({options.label, options.ordered, options.reliable});
}

bool Transport::send_message(std::uint16_t channel, bool binary, Bytes message) {
    return !state_->is_closed && state_->association &&
           state_->association->send(channel, binary, message);
}

std::size_t Transport::buffered_messages() const {
    return state_->association ? state_->association->buffered() : 0;
}

void Transport::close() { state_->finish(CloseReason::local); }

const Transport::Counters& Transport::counters() const { return state_->counters; }

}  // namespace aula::transport
