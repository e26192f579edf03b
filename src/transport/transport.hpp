// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "dtls/connection.hpp"
#include "net/loop.hpp"
#include "transport/media_port.hpp"

namespace aula::transport {

/// What the other side said in its SDP.
struct RemoteParameters {
    std::string ice_ufrag;
    std::string ice_password;
    std::string fingerprint;  // sha-256, "AB:CD:..."
    dtls::Role our_dtls_role = dtls::Role::server;
};

enum class CloseReason : std::uint8_t { local, peer_closed, consent_expired, handshake_failed };

/// Who owns a transport and hears from it; all calls come on the shard's thread.
/// The owner may close the transport in any of them, but destroys it at the end of the turn.
class TransportOwner {
public:
    virtual ~TransportOwner() = default;
    virtual void on_transport_connected() = 0;               // ICE and DTLS are up, media may flow
    virtual void on_rtp(MutableBytes packet, Time now) = 0;  // opened; dies with the call
    virtual void on_rtcp(Bytes compound, Time now) = 0;
    virtual void on_channel_open(std::uint16_t channel, const std::string& label) = 0;
    virtual void on_channel_message(std::uint16_t channel, bool binary, Bytes message) = 0;
    virtual void on_transport_closed(CloseReason reason) = 0;  // at most once, never after close()
};

/// How a data channel is opened by us (RFC 8832).
struct ChannelOptions {
    std::string label;
    bool ordered = true;
    bool reliable = true;  // false: no retransmission
};

/// One peer connection on a shard: ICE, DTLS, SRTP and SCTP over one UDP flow (or one TCP
/// connection). Not movable; lives and dies on the shard's thread.
class Transport {
public:
    enum class IceRole : std::uint8_t {
        lite,
        controlling
    };  // a server answers checks, a client sends them

    Transport(MediaPort& port, const dtls::Identity& identity, IceRole role, TransportOwner& owner);
    ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    const std::string& ice_ufrag() const;
    const std::string& ice_password() const;

    /// Starts (first call) or restarts ICE (later calls with another ufrag; DTLS goes on).
    void set_remote(const RemoteParameters& remote);
    /// New local ufrag and password for an ICE restart; the old ones stay valid until the new are
    /// used.
    void new_ice_credentials();
    /// Only for IceRole::controlling: where the server may be. protocol is "udp" or "tcp".
    void add_remote_candidate(const net::Address& address, const std::string& protocol);
    /// The same from a line of RFC 8839; names, other transports and broken lines are ignored.
    void add_remote_candidate(const std::string& line);

    bool is_connected() const;
    bool uses_tcp() const;

    /// The next packet's slot in the shard's send queue: write the RTP header (and the payload
    /// behind it, if it changed), then send_rtp(). Between the two nothing else may be sent on this
    /// shard.
    MutableBytes rtp_slot();
    /// payload: behind the header in the slot, or anywhere else. Returns the sealed size, 0 when it
    /// was not sent.
    std::size_t send_rtp(std::size_t header_size, Bytes payload);
    /// A compound packet (RFC 3550 section 6.1), or reduced-size (RFC 5506); copied.
    void send_rtcp(Bytes compound);

    static constexpr std::uint16_t no_channel = 0xffff;
    /// After set_remote(). no_channel when all are taken or the association was lost.
    std::uint16_t open_channel(const ChannelOptions& options);
    /// False when more than a bound is buffered towards this peer (nothing was queued then).
    bool send_message(std::uint16_t channel, bool binary, Bytes message);
    std::size_t buffered_messages() const;  // bytes not yet acknowledged or sent

    /// Sends close_notify; no callback follows.
    void close();

    struct Counters {
        std::uint64_t rtp_in = 0, rtp_out = 0, rtcp_in = 0, rtcp_out = 0, bytes_in = 0,
                      bytes_out = 0;
        std::uint64_t malformed = 0, forged = 0, replayed = 0;
        std::uint64_t unexpected = 0;  // before the keys, or from a path that no check vouched for
    };
    const Counters& counters() const;

private:
    friend class MediaPort;
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::transport
