// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "rtp/extensions.hpp"
#include "rtp/rtcp.hpp"
#include "sdp/answer.hpp"
#include "sdp/session.hpp"
#include "sfu/bandwidth_estimator.hpp"
#include "sfu/stream_table.hpp"
#include "sfu/twcc_recorder.hpp"
#include "signal/livekit.pb.h"
#include "transport/transport.hpp"

namespace aula::room {

class Participant;
class PublishedTrack;
class Room;
class Subscription;

/// One peer connection of a participant: its transport, and what each m= section carries.
/// LiveKit's /rtc/v1 has a single one, where the client offers; /rtc has one for publishing (client
/// offers) and one for subscribing (we offer). Owned by its participant.
class PeerConnection final : public transport::TransportOwner {
public:
    enum class Kind : std::uint8_t { single, publisher, subscriber };

    PeerConnection(Kind kind, Participant& participant, Room& room);
    ~PeerConnection() override;

    Kind kind() const { return kind_; }
    transport::Transport& transport() { return transport_; }
    bool is_connected() const { return transport_.is_connected(); }
    bool has_answered() const { return answered_; }

    /// The client's offer: publishes what it sends, gives free receiving sections to waiting
    /// subscriptions.
    Expected<livekit::SessionDescription, Error> answer(const livekit::SessionDescription& offer);
    /// Sections that could carry a further track of this kind once the client offers again.
    std::size_t free_sections(sdp::MediaKind kind) const;

    /// Whether a section should become inactive with the client's next offer.
    bool has_section_to_rest() const;

    /// Our offer (Kind::subscriber); nullopt while an earlier one is unanswered: then it follows by
    /// itself.
    std::optional<livekit::SessionDescription> make_offer(bool restart_ice);
    /// No answer will come to the offer that waits for one.
    void drop_offer() { own_offer_.reset(); }
    Expected<void, Error> accept_answer(const livekit::SessionDescription& answer);

    /// The subscription ends; its section becomes free at the next description.
    void release(Subscription& subscription);
    /// A track whose section came before its add_track.
    bool bind_pending(PublishedTrack& track);

    /// The track has ended by other means than SDP.
    void forget_track(const PublishedTrack& track);

    /// Sends to the channel of this label; false when it is not open or the peer is too slow.
    bool send_data(bool reliable, Bytes message);
    bool data_is_open(bool reliable) const;

    // The periodic part, from the participant's tick.
    void send_feedback(Time now);  // NACK, PLI and TWCC to the publisher
    void send_reports(Time now);   // RR for what we receive, SR for what we send
    sfu::BandwidthEstimator& estimator();
    const rtp::ExtensionIds& receive_ids() const { return receive_ids_; }
    void add_route(std::uint32_t ssrc, Subscription& subscription) {
        routes_[ssrc] = &subscription;
    }
    /// When anything authentic last came from the peer.
    Time last_heard() const { return last_heard_; }
    void note_traffic(Time now);

    void on_transport_connected() override;
    void on_rtp(MutableBytes packet, Time now) override;
    void on_rtcp(Bytes compound, Time now) override;
    void on_channel_open(std::uint16_t channel, const std::string& label) override;
    void on_channel_message(std::uint16_t channel, bool binary, Bytes message) override;
    void on_transport_closed(transport::CloseReason reason) override;

private:
    enum class Use : std::uint8_t { idle, receiving, sending, data, rejected };
    struct Section {
        std::string mid;
        sdp::MediaKind kind = sdp::MediaKind::other;
        Use use = Use::idle;
        PublishedTrack* published = nullptr;  // receiving; null: its add_track has not come
        std::string msid_track;               // of a receiving section
        bool is_offered = false;              // the client would receive on it
        // Receiving: streams without rids, as the client named them; 0: not named.
        std::uint32_t ssrc = 0, rtx_ssrc = 0;
        std::unique_ptr<sdp::Media> answered;  // receiving, for an add_track that comes later
        Subscription* subscription = nullptr;  // sending
        // Was used: has to be inactive in one description before its next use.
        bool must_rest = false;
        bool was_used = false;  // by another track
    };

    void set_remote(const sdp::Session& session, dtls::Role our_role);
    sdp::LocalTransport local_transport(sdp::Setup setup) const;
    std::vector<std::string> candidate_lines() const;
    std::size_t sections_waiting(sdp::MediaKind kind) const;
    static sdp::SendTrack send_track(const Subscription& subscription);
    Section& section_for(const sdp::Media& offered);
    void drop_sections_without(const sdp::Session& session);
    sdp::Media answer_section(Section& section, const sdp::Media& offered);
    sdp::Media receive(Section& section, const sdp::Media& offered);
    sdp::Media send(Section& section, const sdp::Media& offered);
    void stop_publishing(Section& section);
    void bind(Section& section, PublishedTrack& track, const sdp::Media& answered);
    void declare_streams(const Section& section, const sdp::Media& answered);
    static void note_sources(Section& section, const sdp::Media& offered);
    sdp::Media offered_section(Section& section);
    Section* free_section(sdp::MediaKind kind);
    void on_report_blocks(const rtp::rtcp::ReportBlocks& blocks, Time now);
    void send_receiver_reports(Time now);
    void send_sender_reports(Time now);

    const Kind kind_;
    Participant& participant_;
    Room& room_;
    transport::Transport transport_;
    std::vector<Section> sections_;
    std::unique_ptr<sdp::Session> own_offer_;  // while it waits for its answer
    bool offer_again_ = false;
    bool answered_ = false;
    std::uint32_t offer_id_ = 0;
    std::string remote_ufrag_;
    std::uint64_t session_id_;
    std::uint64_t version_ = 1;

    rtp::ExtensionIds receive_ids_;
    sfu::StreamTable streams_;
    std::unique_ptr<sfu::TwccRecorder> twcc_;  // 16 KB: only of those who publish
    std::optional<sfu::BandwidthEstimator> estimator_;
    std::unordered_map<std::uint32_t, Subscription*> routes_;  // by outgoing SSRC
    std::uint32_t twcc_media_ssrc_ = 0;
    const std::uint32_t feedback_ssrc_;

    std::map<std::string, std::uint16_t> channels_;  // by label
    std::unordered_map<std::uint16_t, std::string> labels_;
    Time last_heard_;
    std::uint64_t heard_bytes_ = 0;
};

}  // namespace aula::room
