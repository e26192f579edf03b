// SPDX-License-Identifier: Apache-2.0
// What flows once ICE has found a path: DTLS, SRTP in both directions, and SCTP within DTLS.
#include <algorithm>
#include <utility>

#include "transport/demultiplex.hpp"
#include "transport/transport_state.hpp"

namespace aula::transport {

namespace {

constexpr std::size_t early_limit =
    8;  // SCTP packets written before DTLS is up: an INIT and little else

std::optional<srtp::Profile> profile_of(std::uint16_t number) {
    if (number == 0x0007) return srtp::Profile::aead_aes_128_gcm;   // RFC 7714 section 14.2
    if (number == 0x0001) return srtp::Profile::aes128_cm_sha1_80;  // RFC 5764 section 4.1.2
    return std::nullopt;
}

}  // namespace

void Transport::State::make_dtls(const RemoteParameters& remote) {
    dtls::Connection::Handlers handlers;
    handlers.send = [this](Bytes datagram) { send_datagram(datagram); };
    handlers.on_connected = [this](const dtls::SrtpKeys& keys) { on_keys(keys); };
    handlers.on_data = [this](Bytes packet) {
        if (is_closed) return;
        make_association();
        association->receive(packet, port.loop.now());
    };
    handlers.on_closed = [this] {
        finish(sealer ? CloseReason::peer_closed : CloseReason::handshake_failed);
    };
    dtls_role = remote.our_dtls_role;
    dtls = std::make_unique<dtls::Connection>(identity, dtls_role, remote.fingerprint,
                                              std::move(handlers));
    if (agent->selected()) dtls->start();
}

/// Media is taken only from where an authenticated check came from.
bool Transport::State::vouched_for(const ice::Path& from) {
    if (agent->heard(from, port.loop.now())) return true;
    count_unexpected();
    return false;
}

void Transport::State::on_dtls(Bytes datagram, const ice::Path& from) {
    if (is_closed) return;
    if (!dtls) return count_unexpected();
    if (!vouched_for(from)) return;
    dtls->receive(datagram);
    set_timer();
}

void Transport::State::on_keys(const dtls::SrtpKeys& keys) {
    const auto profile = profile_of(keys.profile);
    if (is_closed || !profile) return finish(CloseReason::handshake_failed);
    sealer.emplace(*profile, keys.local_key, keys.local_salt);
    opener.emplace(*profile, keys.remote_key, keys.remote_salt);
    update_flows();
    owner.on_transport_connected();
    for (const Buffer& packet : std::exchange(early_sctp, {})) dtls->send(packet);
}

void Transport::State::on_media(MutableBytes packet, const ice::Path& from) {
    if (is_closed) return;
    if (!opener) return count_unexpected();
    counters.bytes_in += packet.size();
    const bool rtcp = is_rtcp(packet);
    const auto opened = rtcp ? opener->open_rtcp(packet) : opener->open_rtp(packet);
    if (!opened) return count(opened.error());
    if (!vouched_for(from)) return;
    if (rtcp) {
        ++counters.rtcp_in;
        owner.on_rtcp(*opened, port.loop.now());
    } else {
        ++counters.rtp_in;
        owner.on_rtp(*opened, port.loop.now());
    }
}

void Transport::State::count(srtp::OpenError error) {
    switch (error) {
        case srtp::OpenError::malformed:
            ++counters.malformed;
            ++port.counters.malformed;
            return;
        case srtp::OpenError::replayed:
            ++counters.replayed;
            ++port.counters.replayed;
            return;
        case srtp::OpenError::forged:
            ++counters.forged;
            ++port.counters.forged;
            return;
        case srtp::OpenError::too_many_sources:
            return count_unexpected();
    }
}

void Transport::State::count_unexpected() {
    ++counters.unexpected;
    ++port.counters.unexpected;
}

MutableBytes Transport::State::slot() {
    if (is_connected() && connection == nullptr) return port.socket->queue().slot();
    return MutableBytes(port.side_slot).subspan(FramedConnection::prefix_size);
}

bool Transport::State::commit(std::size_t sealed) {
    if (sealed == 0) return false;
    if (connection == nullptr) {
        port.socket->queue().commit(destination, sealed);
    } else if (!connection->send_prefixed(
                   MutableBytes(port.side_slot).first(FramedConnection::prefix_size + sealed))) {
        return false;
    }
    counters.bytes_out += sealed;
    return true;
}

void Transport::State::send_datagram(Bytes datagram) {
    if (!agent->selected()) return;
    if (connection != nullptr) {
        connection->send(datagram);
    } else {
        port.socket->queue().send(destination, datagram);
    }
}

void Transport::State::make_association() {
    if (association) return;
    sctp::Association::Handlers handlers;
    handlers.send = [this](Bytes packet) {
        if (sealer) {
            dtls->send(packet);
        } else if (early_sctp.size() < early_limit) {
            early_sctp.emplace_back(packet.begin(), packet.end());
        }
    };
    handlers.on_open = [this](std::uint16_t channel, const std::string& label) {
        if (!is_closed) owner.on_channel_open(channel, label);
    };
    handlers.on_message = [this](std::uint16_t channel, bool binary, Bytes message) {
        if (!is_closed) owner.on_channel_message(channel, binary, message);
    };
    const auto side =
        dtls_role == dtls::Role::client ? sctp::Side::dtls_client : sctp::Side::dtls_server;
    association = std::make_unique<sctp::Association>(side, std::move(handlers), port.loop.now());
    port.add_ticking(*this);
}

void Transport::State::on_tick() { association->poll(port.loop.now()); }

}  // namespace aula::transport
