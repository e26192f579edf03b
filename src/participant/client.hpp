// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "dtls/connection.hpp"
#include "http/web_socket.hpp"
#include "net/loop.hpp"
#include "net/udp_socket.hpp"
#include "participant/incoming_stream.hpp"
#include "participant/publication.hpp"
#include "sdp/session.hpp"
#include "sfu/twcc_recorder.hpp"
#include "signal/livekit.pb.h"
#include "transport/media_port.hpp"
#include "transport/transport.hpp"

namespace aula::participant {

struct ClientOptions {
    std::string url;  // ws://HOST:PORT of a server that speaks LiveKit's protocol
    std::string token;
    bool auto_subscribe = true;
    net::Address media;  // where to bind; port 0. Of the family of the server's candidates
    net::UdpSocketOptions socket{2, 32};
    /// How long it tries to come back after its socket broke, while the media goes on.
    Duration patience = std::chrono::seconds(30);
};

enum class Ending : std::uint8_t { refused, left_by_server, socket_closed, media_lost, local };

/// A native participant of a room: LiveKit's /rtc/v1 over one WebSocket and one peer connection,
/// without a media engine. It publishes the packets it is given and counts what it receives. It
/// lives on one loop, and dies at the end of a turn, not within its own handlers.
class Client final : public transport::TransportOwner {
public:
    struct Handlers {
        std::function<void()> on_joined = [] {};     // the server's first message came
        std::function<void()> on_connected = [] {};  // media and data may flow
        /// A track begins to come in.
        std::function<void(const IncomingStream& stream)> on_stream = [](const IncomingStream&) {};
        /// The sender's identity is what the server vouches for.
        std::function<void(const livekit::DataPacket& packet, bool reliable)> on_data =
            [](const livekit::DataPacket&, bool) {};
        std::function<void(Ending ending, const std::string& why)> on_ended =
            [](Ending, const std::string&) {};
    };

    static Expected<std::unique_ptr<Client>, Error> join(net::Loop& loop,
                                                         const dtls::Identity& identity,
                                                         ClientOptions options, Handlers handlers);
    ~Client() override;

    /// Announces a track and offers a section for it; before the join too. Lives as long as the
    /// client.
    Publication& publish(PublishOptions options);
    void mute(Publication& publication, bool muted);
    /// False while the channel is not open, or when too much is waiting.
    bool send_data(bool reliable, const std::string& topic, Bytes payload);
    /// What of a track we would like to see (LiveKit's track_setting).
    void set_wish(const livekit::UpdateTrackSettings& wish);
    /// Says goodbye; on_ended does not follow.
    void leave();

    bool is_joined() const { return joined_at_.has_value(); }
    bool is_connected() const { return transport_ && transport_->is_connected(); }
    bool is_ended() const { return ended_; }
    const std::string& sid() const { return sid_; }
    /// Everybody the server told of, by identity, also those who left.
    const std::map<std::string, livekit::ParticipantInfo>& roster() const { return roster_; }
    const std::map<std::uint32_t, IncomingStream>& incoming() const { return incoming_; }
    const IncomingStream* incoming_of_track(const std::string& track_sid) const;

    /// For benchmarks, which flush it early or make the kernel drop what comes.
    net::UdpSocket& media_socket() { return port_->socket(); }

    struct Figures {
        std::uint64_t packets = 0, bytes = 0;  // received media, without padding
        std::uint64_t padding = 0;
        std::uint64_t packets_sent = 0, packets_resent = 0;
        std::int64_t lost = 0;    // gaps that nothing filled, of all streams ever received
        std::uint64_t early = 0;  // before the answer that would name their stream
        std::uint64_t unknown = 0, malformed = 0;
        std::uint64_t data_messages = 0;
    };
    Figures figures() const;
    /// How often it came back after its socket broke.
    std::uint32_t resumes() const { return resumes_; }
    Time started_at() const { return started_at_; }
    std::optional<Time> joined_at() const { return joined_at_; }
    std::optional<Time> connected_at() const { return connected_at_; }
    std::optional<Time> first_media_at() const { return first_media_at_; }
    std::optional<Time> first_picture_at() const { return first_picture_at_; }

    void on_transport_connected() override;
    void on_rtp(MutableBytes packet, Time now) override;
    void on_rtcp(Bytes compound, Time now) override;
    void on_channel_open(std::uint16_t channel, const std::string& label) override;
    void on_channel_message(std::uint16_t channel, bool binary, Bytes message) override;
    void on_transport_closed(transport::CloseReason reason) override;

private:
    /// An m= section of our offers, in order.
    struct Section {
        std::string mid;
        sdp::MediaKind kind;
        Publication* publication = nullptr;  // null: it receives
    };

    Client(net::Loop& loop, const dtls::Identity& identity, ClientOptions options,
           Handlers handlers);
    void open_socket();
    std::string url_with_offer();
    std::string url_with(livekit::JoinRequest& request);
    void end(Ending ending, const std::string& why);
    void send(const livekit::SignalRequest& request);

    // client_resume.cpp: a lost socket.
    std::string url_to_resume();
    void on_refused(int status, const std::string& body);
    void resume_or_end(Ending ending, const std::string& why);
    void on_resumed();

    // client_signals.cpp: the server's messages.
    void on_signal(Bytes frame);
    void on_join(const livekit::JoinResponse& join);
    void on_update(const livekit::ParticipantUpdate& update);
    void on_track_published(const livekit::TrackPublishedResponse& published);
    void on_quality_wanted(const livekit::SubscribedQualityUpdate& update);
    void on_muted_by_server(const livekit::MuteTrackRequest& mute);
    Publication* publication_of(const std::string& track_sid);

    // client_negotiation.cpp: offers and answers.
    Section& add_section(sdp::MediaKind kind, Publication* publication = nullptr);
    livekit::SessionDescription make_offer();
    void negotiate();
    void on_answer(const livekit::SessionDescription& answer);
    void start_transport(const sdp::Session& answer);
    void use_receiving(const sdp::Media& answered, const livekit::SessionDescription& description);

    // client_media.cpp: what is said by the clock.
    void tick();
    void send_feedback(Time now);
    void send_reports(Time now);
    void receive_media(IncomingStream& stream, const rtp::PacketView& view, Time now);

    net::Loop& loop_;
    const dtls::Identity& identity_;
    ClientOptions options_;
    Handlers handlers_;
    std::unique_ptr<transport::MediaPort> port_;
    std::unique_ptr<transport::Transport> transport_;
    std::unique_ptr<http::WebSocket> socket_;
    bool socket_open_ = false;
    bool ended_ = false;

    std::vector<Section> sections_;
    std::vector<std::unique_ptr<Publication>> publications_;
    std::optional<sdp::Session> own_offer_;  // the one not answered yet, else the last
    bool offer_pending_ = false;
    bool offer_again_ = false;
    std::uint32_t offer_id_ = 0;
    std::uint64_t session_id_;

    std::string sid_;
    std::map<std::string, livekit::ParticipantInfo> roster_;
    std::map<std::uint32_t, IncomingStream> incoming_;        // by SSRC
    std::map<std::uint32_t, std::uint32_t> retransmissions_;  // RTX SSRC to that of the stream
    std::uint8_t twcc_id_ = 0;
    std::uint32_t twcc_media_ssrc_ = 0;
    sfu::TwccRecorder twcc_;
    const std::uint32_t feedback_ssrc_;
    std::uint16_t transport_number_ = 0;
    std::uint16_t reliable_channel_ = transport::Transport::no_channel;
    std::uint16_t lossy_channel_ = transport::Transport::no_channel;
    std::uint32_t reliable_sequence_ = 0;
    net::TimerId tick_ = net::TimerId::none;
    net::TimerId media_loss_ = net::TimerId::none;
    net::TimerId next_try_ = net::TimerId::none;
    std::optional<Time> resume_until_;  // while the socket is lost
    std::uint32_t resumes_ = 0;
    Time next_report_{}, next_ping_{};

    Figures ended_figures_;
    const Time started_at_;
    std::optional<Time> joined_at_, connected_at_, first_media_at_, first_picture_at_;
};

}  // namespace aula::participant
