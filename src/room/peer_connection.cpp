// SPDX-License-Identifier: Apache-2.0
#include "room/peer_connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/random.hpp"
#include "ice/candidate.hpp"
#include "room/participant.hpp"
#include "room/room.hpp"
#include "room/shard.hpp"
#include "rtp/rtcp.hpp"
#include "rtp/rtcp_writer.hpp"

namespace aula::room {
namespace {

constexpr std::string_view reliable_label = "_reliable";
constexpr std::string_view lossy_label = "_lossy";
constexpr std::size_t compound_size = 1200;

}  // namespace

PeerConnection::PeerConnection(Kind kind, Participant& participant, Room& room)
    : kind_(kind),
      participant_(participant),
      room_(room),
      transport_(room.shard().port(), room.shard().identity(), transport::Transport::IceRole::lite,
                 *this),
      session_id_(crypto::random64() >> 2),
      feedback_ssrc_(crypto::random32() | 1),
      last_heard_(room.loop().now()) {}

PeerConnection::~PeerConnection() = default;

std::vector<std::string> PeerConnection::candidate_lines() const {
    std::vector<std::string> lines;
    for (const transport::Candidate& reachable : room_.shard().port().candidates()) {
        ice::Candidate candidate;
        candidate.foundation = reachable.foundation;
        candidate.protocol = reachable.tcp ? ice::Protocol::tcp : ice::Protocol::udp;
        candidate.priority = reachable.priority;
        candidate.address = reachable.address;
        candidate.tcp_type = reachable.tcp ? ice::TcpType::passive : ice::TcpType::none;
        lines.push_back(candidate.to_line().substr(std::string_view("candidate:").size()));
    }
    return lines;
}

sfu::BandwidthEstimator& PeerConnection::estimator() {
    if (!estimator_) estimator_.emplace();  // only who receives needs one
    return *estimator_;
}

void PeerConnection::note_traffic(Time now) {
    const std::uint64_t bytes = transport_.counters().bytes_in;
    if (bytes == heard_bytes_) return;
    heard_bytes_ = bytes;
    last_heard_ = now;
}

void PeerConnection::on_transport_connected() {
    if (kind_ == Kind::subscriber) {
        for (const auto& [label, ordered] :
             {std::pair("_reliable", true), std::pair("_lossy", false)}) {
            const std::uint16_t channel = transport_.open_channel({label, ordered, ordered});
            channels_[label] = channel;
            labels_[channel] = label;
        }
        room_.data().channel_opened(participant_);
    }
    room_.on_connected(participant_);
}

void PeerConnection::on_rtp(MutableBytes packet, Time now) {
    const auto view = rtp::PacketView::parse(packet);
    if (!view) {
        ++room_.counters().malformed;
        return;
    }
    if (const auto number = view->extension(receive_ids_.twcc)) {
        if (!twcc_) twcc_ = std::make_unique<sfu::TwccRecorder>();
        twcc_->record(*number, now);
        twcc_media_ssrc_ = view->ssrc();
    }
    const sfu::StreamTable::Stream* stream = streams_.find(*view);
    if (stream == nullptr) {
        ++room_.counters().unknown_stream;
        return;
    }
    room_.on_media(*stream, packet, *view, now);
}

void PeerConnection::on_rtcp(Bytes compound, Time now) {
    rtp::rtcp::Reader reader(compound);
    const auto route = [&](std::uint32_t ssrc) {
        const auto at = routes_.find(ssrc);
        return at == routes_.end() ? nullptr : at->second;
    };
    while (const auto packet = reader.next()) {
        if (const auto* sender = std::get_if<rtp::rtcp::SenderReport>(&*packet)) {
            if (const auto* stream = streams_.find(sender->ssrc)) {
                PublishedTrack* track = room_.track(stream->track);
                if (track != nullptr && track->media)
                    track->media->receive_sender_report(*sender, now);
            }
            on_report_blocks(sender->reports, now);
        } else if (const auto* receiver = std::get_if<rtp::rtcp::ReceiverReport>(&*packet)) {
            on_report_blocks(receiver->reports, now);
        } else if (const auto* nack = std::get_if<rtp::rtcp::Nack>(&*packet)) {
            if (Subscription* subscription = route(nack->media)) {
                nack->for_each([&](std::uint16_t number) { subscription->resend(number, now); });
            }
        } else if (const auto* picture_loss =
                       std::get_if<rtp::rtcp::PictureLossIndication>(&*packet)) {
            if (Subscription* subscription = route(picture_loss->media))
                subscription->want_key_frame();
        } else if (const auto* request = std::get_if<rtp::rtcp::FullIntraRequest>(&*packet)) {
            for (std::size_t at = 0; at < request->size(); ++at) {
                if (Subscription* subscription = route(request->ssrc(at)))
                    subscription->want_key_frame();
            }
        } else if (const auto* feedback = std::get_if<rtp::TransportFeedback>(&*packet)) {
            const BitRate before = estimator().estimate();
            estimator().receive_feedback(*feedback, now);
            if (estimator().estimate() < before.scaled(0.8)) participant_.allocate_soon();
        } else if (const auto* remb = std::get_if<rtp::rtcp::Remb>(&*packet)) {
            estimator().receive_remb(remb->rate);
        }
    }
    if (reader.malformed()) ++room_.counters().malformed;
}

void PeerConnection::on_report_blocks(const rtp::rtcp::ReportBlocks& blocks, Time now) {
    for (std::size_t at = 0; at < blocks.size(); ++at) {
        const rtp::rtcp::ReportBlock block = blocks[at];
        const auto route = routes_.find(block.ssrc);
        if (route != routes_.end()) route->second->receive_report(block, now);
    }
}

void PeerConnection::send_feedback(Time now) {
    if (participant_.tracks.empty() && !twcc_) return;
    if (!transport_.is_connected()) return;
    std::array<std::uint8_t, compound_size> memory;
    rtp::rtcp::Writer writer(memory);
    for (PublishedTrack* track : participant_.tracks) {
        if (!track->media) continue;
        for (std::uint8_t number = 0; number < sfu::most_layers; ++number) {
            sfu::Layer* layer = track->media->layer(number);
            if (layer == nullptr) continue;
            if (layer->stream.take_unrepairable()) layer->key_frames.want();
            const auto lost =
                layer->stream.nacks_due(now, estimator_ ? estimator_->round_trip() : 100ms);
            if (!lost.empty()) writer.nack(feedback_ssrc_, layer->ssrc, lost);
            if (!track->is_audio() && layer->is_live(now) && layer->key_frames.take(now)) {
                writer.picture_loss(feedback_ssrc_, layer->ssrc);
            }
        }
    }
    if (!writer.empty()) transport_.send_rtcp(writer.written());

    while (twcc_ && twcc_->is_due(now)) {
        const std::size_t size = twcc_->write(memory, feedback_ssrc_, twcc_media_ssrc_, now);
        if (size == 0) break;
        transport_.send_rtcp(Bytes(memory).first(size));
    }
}

void PeerConnection::send_reports(Time now) {
    if (!transport_.is_connected()) return;
    send_receiver_reports(now);
    send_sender_reports(now);
}

void PeerConnection::send_receiver_reports(Time now) {
    std::vector<rtp::rtcp::ReportBlock> blocks;
    for (PublishedTrack* track : participant_.tracks) {
        if (!track->media) continue;
        for (std::uint8_t number = 0; number < sfu::most_layers; ++number) {
            sfu::Layer* layer = track->media->layer(number);
            if (layer != nullptr && blocks.size() < 31)
                blocks.push_back(layer->stream.report(layer->ssrc, now));
        }
    }
    if (blocks.empty()) return;
    std::array<std::uint8_t, compound_size> memory;
    rtp::rtcp::Writer writer(memory);
    writer.receiver_report(feedback_ssrc_, blocks);
    writer.cname(feedback_ssrc_, "aula");
    transport_.send_rtcp(writer.written());
}

void PeerConnection::send_sender_reports(Time now) {
    std::array<std::uint8_t, compound_size> memory;
    for (auto& [ssrc, subscription] : routes_) {
        const auto report = subscription->sender_report(now);
        if (!report) continue;
        rtp::rtcp::Writer writer(memory);
        writer.sender_report(report->ssrc, report->ntp, report->rtp_timestamp, report->packets,
                             report->octets);
        writer.cname(report->ssrc, subscription->track.publisher.sid);
        transport_.send_rtcp(writer.written());
    }
}

void PeerConnection::on_channel_open(std::uint16_t channel, const std::string& label) {
    // The first channel of a label is the one that counts; the table is bounded by the transport's.
    if (labels_.emplace(channel, label).second) channels_.emplace(label, channel);
    if (label == reliable_label) room_.data().channel_opened(participant_);
}

void PeerConnection::on_channel_message(std::uint16_t channel, bool, Bytes message) {
    const auto label = labels_.find(channel);
    if (label == labels_.end()) return;
    room_.on_data(participant_, label->second, message);
}

bool PeerConnection::send_data(bool reliable, Bytes message) {
    const auto channel = channels_.find(std::string(reliable ? reliable_label : lossy_label));
    return channel != channels_.end() && transport_.send_message(channel->second, true, message);
}

bool PeerConnection::data_is_open(bool reliable) const {
    return channels_.contains(std::string(reliable ? reliable_label : lossy_label));
}

void PeerConnection::on_transport_closed(transport::CloseReason) {
    room_.on_connection_closed(participant_);
}

}  // namespace aula::room
