// SPDX-License-Identifier: Apache-2.0
// Offers and answers of a client: one peer connection, where the client always offers.
#include <algorithm>
#include <utility>

#include "participant/client.hpp"
#include "sdp/extensions.hpp"
#include "sdp/offer.hpp"

namespace aula::participant {

namespace {

// A server that asks for more is broken; the SDP has a bound too.
constexpr std::size_t most_sections = 190;

/// "foundation component transport priority ...": RFC 8839 section 5.1.
bool is_udp(const std::string& candidate) {
    const auto begin = candidate.find(' ', candidate.find(' ') + 1);
    if (begin == std::string::npos) return false;
    const std::string transport = candidate.substr(begin + 1, 4);
    return transport == "udp " || transport == "UDP ";
}

std::uint32_t rtx_ssrc_of(const sdp::Media& media, std::uint32_t ssrc) {
    for (const sdp::SourceGroup& group : media.source_groups) {
        const bool pair = group.semantics == "FID" && group.ssrcs.size() == 2;
        if (pair && group.ssrcs[0] == ssrc) return group.ssrcs[1];
    }
    return 0;
}

bool carries_media(const sdp::Media& answered) {
    const bool sends = answered.direction == sdp::Direction::sendonly ||
                       answered.direction == sdp::Direction::sendrecv;
    return sends && !answered.rejected() && !answered.sources.empty() && !answered.codecs.empty();
}

}  // namespace

Client::Section& Client::add_section(sdp::MediaKind kind, Publication* publication) {
    if (sections_.size() >= most_sections) return sections_.back();
    std::string mid = std::to_string(sections_.size());
    if (publication != nullptr) publication->mid_ = mid;
    return sections_.emplace_back(Section{std::move(mid), kind, publication});
}

livekit::SessionDescription Client::make_offer() {
    std::vector<sdp::Media> media;
    for (const Section& section : sections_) {
        if (section.kind == sdp::MediaKind::application) {
            media.push_back(sdp::offer_data(section.mid));
        } else if (section.publication != nullptr) {
            media.push_back(section.publication->section("aula"));
        } else {
            media.push_back(sdp::offer_receiving(section.mid, section.kind));
        }
    }
    sdp::LocalTransport local;
    local.ice_ufrag = transport_->ice_ufrag();
    local.ice_pwd = transport_->ice_password();
    local.ice_lite = false;
    local.fingerprint = {"sha-256", identity_.fingerprint()};
    own_offer_ = sdp::make_offer(std::move(media), local, session_id_, ++offer_id_);
    offer_pending_ = true;
    livekit::SessionDescription description;
    description.set_type("offer");
    description.set_id(offer_id_);
    description.set_sdp(sdp::write(*own_offer_));
    return description;
}

void Client::negotiate() {
    if (offer_pending_) {
        offer_again_ = true;
        return;
    }
    livekit::SignalRequest request;
    *request.mutable_offer() = make_offer();
    send(request);
}

void Client::on_answer(const livekit::SessionDescription& answer) {
    if (!offer_pending_ || (answer.id() != 0 && answer.id() != offer_id_)) return;
    const auto session = sdp::parse(answer.sdp());
    if (!session || !sdp::check_answer(*own_offer_, *session)) {
        return end(Ending::refused, "The server's answer cannot be used.");
    }
    offer_pending_ = false;
    start_transport(*session);
    for (const Section& section : sections_) {
        const sdp::Media* answered = sdp::find_media(*session, section.mid);
        if (answered == nullptr || section.kind == sdp::MediaKind::application) continue;
        if (section.publication != nullptr) {
            section.publication->start(*answered, *transport_, transport_number_);
        } else {
            use_receiving(*answered, answer);
        }
    }
    if (std::exchange(offer_again_, false)) negotiate();
}

void Client::start_transport(const sdp::Session& answer) {
    const sdp::Media* media = sdp::transport_section(answer);
    if (media == nullptr || reliable_channel_ != transport::Transport::no_channel) return;
    const auto role = media->setup == sdp::Setup::active ? dtls::Role::server : dtls::Role::client;
    transport_->set_remote({media->ice_ufrag, media->ice_pwd, media->fingerprint->value, role});
    for (const std::string& candidate : media->candidates) {
        if (is_udp(candidate)) transport_->add_remote_candidate("candidate:" + candidate);
    }
    reliable_channel_ = transport_->open_channel({"_reliable", true, true});
    lossy_channel_ = transport_->open_channel({"_lossy", false, false});
}

void Client::use_receiving(const sdp::Media& answered,
                           const livekit::SessionDescription& description) {
    const std::uint32_t ssrc = carries_media(answered) ? answered.sources.front().ssrc : 0;
    std::erase_if(incoming_, [&](const auto& entry) {
        const auto& [its_ssrc, stream] = entry;
        if (stream.mid != answered.mid || its_ssrc == ssrc) return false;
        ended_figures_.packets += stream.packets;
        ended_figures_.bytes += stream.bytes;
        ended_figures_.padding += stream.padding;
        ended_figures_.lost += stream.lost;
        return true;
    });
    if (ssrc == 0) return;
    const auto [entry, is_new] = incoming_.try_emplace(ssrc, answered, ssrc);
    IncomingStream& stream = entry->second;
    const auto track = description.mid_to_track_id().find(answered.mid);
    if (track != description.mid_to_track_id().end()) stream.track_sid = track->second;
    if (const auto rtx = rtx_ssrc_of(answered, ssrc)) retransmissions_[rtx] = ssrc;
    if (const auto id = sdp::extension_id(answered, sdp::extension::transport_cc)) twcc_id_ = *id;
    if (is_new) handlers_.on_stream(stream);
}

}  // namespace aula::participant
