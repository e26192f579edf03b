// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ice/agent.hpp"
#include "sctp/association.hpp"
#include "srtp/session.hpp"
#include "transport/media_port_state.hpp"
#include "transport/transport.hpp"

namespace aula::transport {

struct Transport::State {
    State(MediaPort::State& own_port, const dtls::Identity& own_identity, IceRole ice_role,
          TransportOwner& own_owner);
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    // From the port.
    ice::Verdict on_stun(const ice::StunMessage& message, const ice::Path& from);
    void on_dtls(Bytes datagram, const ice::Path& from);
    void on_media(MutableBytes packet, const ice::Path& from);
    void on_connection_open(std::uint32_t id, const net::Address& server);
    void on_connection_lost(std::uint32_t id, const net::Address& peer);
    void on_tick();

    // From ICE, DTLS and SCTP.
    void on_path_validated(const ice::Path& path);
    void on_path_forgotten(const ice::Path& path);
    void on_path_selected();
    void on_keys(const dtls::SrtpKeys& keys);
    void on_timer();

    void make_agent();
    void use_ufrag(const std::string& ufrag);
    void make_dtls(const RemoteParameters& remote);
    void make_association();
    void add_candidate(const net::Address& address, bool tcp);
    void begin_tcp();
    void connect_waiting();
    void use_peer_address(const net::Address& address);
    bool vouched_for(const ice::Path& from);
    void count(srtp::OpenError error);
    void count_unexpected();
    void send_datagram(Bytes datagram);
    MutableBytes slot();
    bool commit(std::size_t sealed);
    void set_timer();
    void leave_port();
    void finish(CloseReason reason);

    bool is_connected() const { return flows; }
    void update_flows() { flows = sealer.has_value() && agent->selected() && !is_closed; }

    MediaPort::State& port;
    const dtls::Identity& identity;
    TransportOwner& owner;
    IceRole role;
    bool is_closed = false;
    bool flows = false;  // media may go out: asked for every packet, so kept
    dtls::Role dtls_role = dtls::Role::server;
    std::unique_ptr<ice::Agent> agent;
    std::unique_ptr<dtls::Connection> dtls;
    std::optional<srtp::Sealer> sealer;
    std::optional<srtp::Opener> opener;
    std::unique_ptr<sctp::Association> association;
    std::vector<Buffer> early_sctp;  // written before DTLS was up
    Counters counters;

    net::Destination destination;            // the selected path, if it is UDP
    FramedConnection* connection = nullptr;  // the selected path, if it is TCP
    std::vector<std::string> ufrags;
    std::vector<net::Address> peer_addresses;
    std::vector<net::Address> waiting_tcp;
    net::TimerId tcp_timer = net::TimerId::none;
    net::TimerId timer = net::TimerId::none;
    Time timer_due{};
};

}  // namespace aula::transport
