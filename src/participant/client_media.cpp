// SPDX-License-Identifier: Apache-2.0
// What a client receives, and what it says about it by the clock.
#include <array>
#include <vector>

#include "participant/client.hpp"
#include "rtp/rtcp.hpp"
#include "rtp/rtcp_writer.hpp"
#include "signal/frame.hpp"

namespace aula::participant {

namespace {

constexpr std::size_t feedback_size = 1200;
constexpr std::size_t reports_a_packet = 31;
constexpr Duration assumed_round_trip = 100ms;
constexpr Duration explanation_time = 2s;

}  // namespace

void Client::on_transport_connected() {
    connected_at_ = Clock::now();
    handlers_.on_connected();
}

void Client::on_rtp(MutableBytes packet, Time now) {
    const auto view = rtp::PacketView::parse(packet);
    if (!view) {
        ++ended_figures_.malformed;
        return;
    }
    if (const auto number = view->extension(twcc_id_)) {
        twcc_.record(*number, now);
        twcc_media_ssrc_ = view->ssrc();
    }
    const auto stream = incoming_.find(view->ssrc());
    if (stream != incoming_.end()) return receive_media(stream->second, *view, now);
    const auto rtx = retransmissions_.find(view->ssrc());
    const auto original =
        rtx == retransmissions_.end() ? incoming_.end() : incoming_.find(rtx->second);
    if (original == incoming_.end()) {
        // The answer that names a stream takes the longer way: its first packets may overtake it.
        ++(offer_pending_ ? ended_figures_.early : ended_figures_.unknown);
        return;
    }
    original->second.receive_rtx(packet, *view, now);
}

void Client::receive_media(IncomingStream& stream, const rtp::PacketView& view, Time now) {
    stream.receive(view, now);
    if (!first_media_at_ && stream.packets > 0) first_media_at_ = Clock::now();
    if (!first_picture_at_ && stream.key_frames_received > 0) first_picture_at_ = Clock::now();
}

void Client::on_rtcp(Bytes compound, Time now) {
    rtp::rtcp::Reader reader(compound);
    while (const auto packet = reader.next()) {
        if (const auto* sender = std::get_if<rtp::rtcp::SenderReport>(&*packet)) {
            const auto stream = incoming_.find(sender->ssrc);
            if (stream != incoming_.end()) {
                stream->second.received.receive_sender_report(*sender, now);
            }
        } else if (const auto* nack = std::get_if<rtp::rtcp::Nack>(&*packet)) {
            for (const auto& publication : publications_) {
                if (publication->on_nack(*nack)) break;
            }
        } else if (const auto* loss = std::get_if<rtp::rtcp::PictureLossIndication>(&*packet)) {
            for (const auto& publication : publications_) {
                if (publication->on_key_frame_request(loss->media)) break;
            }
        } else if (const auto* request = std::get_if<rtp::rtcp::FullIntraRequest>(&*packet)) {
            for (std::size_t i = 0; i < request->size(); ++i) {
                for (const auto& publication : publications_) {
                    if (publication->on_key_frame_request(request->ssrc(i))) break;
                }
            }
        }
    }
    if (reader.malformed()) ++ended_figures_.malformed;
}

void Client::on_channel_open(std::uint16_t, const std::string&) {}

void Client::on_channel_message(std::uint16_t channel, bool, Bytes message) {
    const auto packet = signal::parse_data_packet(message);
    if (!packet) return;
    ++ended_figures_.data_messages;
    handlers_.on_data(*packet, channel == reliable_channel_);
}

void Client::on_transport_closed(transport::CloseReason) {
    // Who is removed hears why on the socket, which is the longer way.
    media_loss_ =
        loop_.after(explanation_time, [this] { end(Ending::media_lost, "The media path ended."); });
}

void Client::tick() {
    const Time now = loop_.now();
    if (now >= next_ping_) {
        next_ping_ = now + 5s;
        livekit::SignalRequest request;
        request.mutable_ping_req()->set_timestamp(unix_ms(WallClock::now()));
        send(request);
    }
    if (!is_connected()) return;
    send_feedback(now);
    if (now < next_report_) return;
    next_report_ = now + 1s;
    send_reports(now);
}

void Client::send_feedback(Time now) {
    std::array<std::uint8_t, feedback_size> memory;
    rtp::rtcp::Writer writer(memory);
    for (auto& [ssrc, stream] : incoming_) {
        if (stream.kind != sdp::MediaKind::video || !stream.first_packet) continue;
        if (stream.received.take_unrepairable()) stream.key_frames.want();
        const auto lost = stream.received.nacks_due(now, assumed_round_trip);
        if (!lost.empty()) writer.nack(feedback_ssrc_, ssrc, lost);
        if (stream.key_frames.take(now)) writer.picture_loss(feedback_ssrc_, ssrc);
    }
    if (!writer.empty()) transport_->send_rtcp(writer.written());
    while (twcc_.is_due(now)) {
        const std::size_t size = twcc_.write(memory, feedback_ssrc_, twcc_media_ssrc_, now);
        if (size == 0) break;
        transport_->send_rtcp(Bytes(memory).first(size));
    }
}

void Client::send_reports(Time now) {
    std::array<std::uint8_t, feedback_size> memory;
    std::vector<rtp::rtcp::ReportBlock> blocks;
    const auto send_blocks = [&] {
        rtp::rtcp::Writer writer(memory);
        writer.receiver_report(feedback_ssrc_, blocks);
        writer.cname(feedback_ssrc_, "aula");
        transport_->send_rtcp(writer.written());
        blocks.clear();
    };
    for (auto& [ssrc, stream] : incoming_) {
        if (!stream.first_packet) continue;
        blocks.push_back(stream.received.report(ssrc, now));
        stream.lost = blocks.back().cumulative_lost;
        if (blocks.size() == reports_a_packet) send_blocks();
    }
    if (!blocks.empty()) send_blocks();
    for (const auto& publication : publications_) {
        for (const Publication::Stream& sent : publication->streams_) {
            if (!sent.outgoing || sent.outgoing->packets() == 0) continue;
            const auto report = sent.outgoing->sender_report(now, WallClock::now());
            rtp::rtcp::Writer writer(memory);
            writer.sender_report(report.ssrc, report.ntp, report.rtp_timestamp, report.packets,
                                 report.octets);
            writer.cname(report.ssrc, "aula");
            transport_->send_rtcp(writer.written());
        }
    }
}

}  // namespace aula::participant
